"""The evening's outcome, for people and for programs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from workflow.simulation.evening import Evening
from workflow.simulation.findings import Finding

SHOWN_FINDINGS = 50


def as_json(evening: Evening) -> dict[str, Any]:
    found = evening.findings.all()
    return {
        "run": evening.run,
        "seed": evening.seed,
        "speed": evening.speed,
        "seconds": round(evening.seconds, 1),
        "orders": _orders(evening),
        **evening.traffic.as_json(),
        "findings": evening.findings.as_json(),
        "agree": not found,
    }


def as_text(evening: Evening) -> str:
    facts = as_json(evening)
    sections = [
        _headline(facts),
        _table("Answers", facts["answers"]),
        _table("Refused, and why", facts["refusals"]),
        _table("On the wire", facts["events"]),
        _latencies(facts["latency_ms"]),
        "\n".join(_verdict(evening)),
    ]
    return "\n\n".join(section for section in sections if section)


def _orders(evening: Evening) -> dict[str, Any]:
    accepted = evening.books.accepted()
    return {
        "planned": evening.orders,
        "accepted": len(accepted),
        "by_status": dict(sorted(Counter(order.status for order in accepted).items())),
        "items": sum(len(order.lines) for order in accepted),
        "commands": evening.books.steps,
        "total": sum(order.total for order in accepted),
        "paid": sum(order.paid for order in accepted),
        "tips": sum(order.tips for order in accepted),
    }


def _headline(facts: Mapping[str, Any]) -> str:
    orders, seconds = facts["orders"], facts["seconds"]
    ends = ", ".join(f"{count} {status}" for status, count in orders["by_status"].items())
    pace = orders["accepted"] / seconds * 60 if seconds else 0.0
    return (
        f"{facts['run']} (seed {facts['seed']}, speed {facts['speed']:g}): {seconds} s, {pace:.0f} orders a minute\n"
        f"{orders['accepted']} of {orders['planned']} orders accepted with {orders['items']} items: {ends}\n"
        f"{orders['commands']} commands, total {orders['total']}, paid {orders['paid']}, tips {orders['tips']}"
    )


def _table(title: str, counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    width = max(map(len, counts))
    return "\n".join([title, *(f"  {name:<{width}}  {count:>7}" for name, count in counts.items())])


def _latencies(latencies: Mapping[str, Mapping[str, float]]) -> str:
    if not latencies:
        return ""
    width = max(map(len, latencies))
    rows = [f"{'Milliseconds':<{width + 2}}  {'count':>7} {'p50':>8} {'p90':>8} {'p99':>8} {'max':>8}"]
    for what, times in latencies.items():
        figures = " ".join(f"{times[name]:>8}" for name in ("p50", "p90", "p99", "max"))
        rows.append(f"  {what:<{width}}  {times['count']:>7.0f} {figures}")
    return "\n".join(rows)


def _verdict(evening: Evening) -> Iterator[str]:
    found = evening.findings.all()
    if not found:
        yield "The server's books agree with our own."
        return
    yield f"{len(found)} {'thing is' if len(found) == 1 else 'things are'} off:"
    yield from _listed(found[:SHOWN_FINDINGS])
    if len(found) > SHOWN_FINDINGS:
        yield f"  … and {len(found) - SHOWN_FINDINGS} more; --json lists all."


def _listed(found: list[Finding]) -> Iterator[str]:
    for finding in found:
        yield f"  [{finding.kind}] {finding}"
