"""The day's report, held against what the till knows it sold: the difference that the evening made to it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflow.simulation.books import Line, OrderBook

Figures = Counter[str]
Reports = Mapping[str, Mapping[str, Any]]


def flaws(orders: Sequence[OrderBook], before: Reports, after: Reports) -> list[str]:
    """The figures that did not grow by what was sold; sentences. Reports are by day, an empty one counts as nothing.

    It holds as long as nobody else does business in the restaurant meanwhile.
    """
    if missing := sorted(day for day in {order.business_day for order in orders} if not after.get(day)):
        return [f"There is no report of {', '.join(missing)}."]
    try:
        grown = _summed(after.values())
        grown.subtract(_summed(before.values()))
    except (LookupError, TypeError) as problem:
        return [f"The report cannot be read: {problem!r}."]
    ours = expected(orders)
    return [
        f"{name} grew by {grown[name]}, by our books {ours[name]}."
        for name in sorted(grown.keys() | ours.keys())
        if grown[name] != ours[name]
    ]


def expected(orders: Iterable[OrderBook]) -> Figures:
    """What the orders add to the report."""
    figures: Figures = Counter()
    for order in orders:
        figures.update(_of_order(order))
        for tender, amount, tip in order.payments:
            figures.update({f"payments by {tender}": amount, f"tips by {tender}": tip})
            figures.update({"payments": amount, "payments count": 1, "tips": tip})
    return figures


def figures(report: Mapping[str, Any]) -> Figures:
    """What one report says, under the names that `expected` uses; nothing of an empty one."""
    if not report:
        return Counter()
    told: Figures = Counter({f"orders {name}": report["orders"][name] for name in STANDINGS})
    told.update({f"items {name}": report["items"][name] for name in ("ordered", "voided", "cancelled", "sold")})
    told.update({"gross": report["gross"], "net": report["net"]})
    told.update({rung: report[rung]["amount"] for rung in ("voids", "cancellations", "rejections", "discounts")})
    told.update({f"cancelled: {each['reason']}": each["orders"] for each in report["cancellations"]["by_reason"]})
    payments = report["payments"]
    told.update({"payments": payments["amount"], "payments count": payments["count"], "tips": payments["tips"]})
    for each in payments["by_tender"]:
        told.update({f"payments by {each['tender']}": each["amount"], f"tips by {each['tender']}": each["tips"]})
    return told


STANDINGS = ("placed", "completed", "cancelled", "rejected", "open")


def _summed(reports: Iterable[Mapping[str, Any]]) -> Figures:
    together: Figures = Counter()
    for report in reports:
        together.update(figures(report))
    return together


def _of_order(order: OrderBook) -> dict[str, int]:
    lines = list(order.lines.values())
    voids = [line for line in lines if line.voided_alone]
    dropped = [line for line in lines if line.status == "voided" and not line.voided_alone]
    standing = order.status if order.closed else "open"
    rejected = order.status == "rejected"
    told = {
        "orders placed": 1,
        f"orders {standing}": 1,
        "items ordered": _pieces(lines),
        "items voided": _pieces(voids),
        "items cancelled": _pieces(dropped),
        "items sold": _pieces(lines) - _pieces(voids) - _pieces(dropped),
        "gross": _amount(lines),
        "voids": _amount(voids),
        "cancellations": 0 if rejected else _amount(dropped),
        "rejections": _amount(dropped) if rejected else 0,
        "discounts": order.discount,
        "net": order.total,
    }
    return told | ({f"cancelled: {order.cancel_reason}": 1} if order.status == "cancelled" else {})


def _pieces(lines: Iterable[Line]) -> int:
    return sum(line.quantity for line in lines)


def _amount(lines: Iterable[Line]) -> int:
    return sum(line.quantity * line.price for line in lines)
