"""An order's history, held against the commands that the restaurant gave."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflow.simulation.books import OrderBook, Step

# What happens to an order without anybody's command.
BY_ITSELF = frozenset({"order.estimated", "order.overdue"})
BY_THE_CLOCK = frozenset({"order.released", "order.confirmed"})

Event = Mapping[str, Any]


def flaws(order: OrderBook, version: int, events: Sequence[Event]) -> list[str]:
    """What is wrong with the history of *order*, whose version the server says is *version*; sentences."""
    numbers = [event["seq"] for event in events]
    if numbers != list(range(1, len(events) + 1)):
        return [f"the history is not numbered without gaps: {_short(numbers)}"]
    found = []
    if len(events) != version:
        found.append(f"the history ends at {len(events)}, the order is at version {version}")
    found += _unaccounted(order, events)
    for step in order.steps:
        found += _step_flaws(order, step, events[step.before : step.after])
    return found


def _unaccounted(order: OrderBook, events: Sequence[Event]) -> list[str]:
    """Events that no command of ours led to."""
    within = {seq for step in order.steps for seq in range(step.before + 1, step.after + 1)}
    strays = [event for event in events if event["seq"] not in within and not _by_itself(order, event)]
    return [f"event {event['seq']}, {event['type']}, came from no command of ours" for event in strays]


def _step_flaws(order: OrderBook, step: Step, events: Sequence[Event]) -> list[str]:
    ours = [event for event in events if not _by_itself(order, event)]
    if not step.changed:
        return [f"{step.what} had nothing to do, and yet {event['type']} was recorded" for event in ours]
    found = [f"{kind} was recorded {times} times for one {step.what}" for kind, times in _doubled(ours) if times > 1]
    if not ours and not events:
        found.append(f"{step.what} was accepted, and left no event")
    return found


def _doubled(events: Iterable[Event]) -> list[tuple[str, int]]:
    seen = Counter((event["type"], str(event.get("data"))) for event in events)
    return [(kind, times) for (kind, _), times in seen.items()]


def _by_itself(order: OrderBook, event: Event) -> bool:
    scheduled = order.body.get("scheduled_for") is not None
    return event["type"] in BY_ITSELF or (scheduled and event["type"] in BY_THE_CLOCK)


def _short(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:12]))
    return shown + (", …" if len(numbers) > 12 else "")
