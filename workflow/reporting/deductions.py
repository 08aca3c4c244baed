"""What is taken off gross on the way to net: voids, cancellations, rejections and discounts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from workflow.reporting.tally import Fate, State, amount, pieces
from workflow.state_machine.model import Discount, Item, Order, OrderStatus

UNTOLD = "(no reason)"


def voids(states: Iterable[State]) -> dict[str, Any]:
    """Items taken off one by one; `after_start` is what a cook had begun."""
    items = [item for state in states for item in state.with_fate(Fate.VOIDED)]
    by_reason: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_reason[_reason(item.void_reason)].append(item)
    reasons = [{"reason": reason, **_sums(by_reason[reason])} for reason in sorted(by_reason)]
    return {**_sums(items), **_by_start(items), "by_reason": reasons}


def cancellations(states: Iterable[State]) -> dict[str, Any]:
    return _dropped_orders([state for state in states if state.order.status == OrderStatus.CANCELLED], Fate.CANCELLED)


def rejections(states: Iterable[State]) -> dict[str, Any]:
    return _dropped_orders([state for state in states if state.order.status == OrderStatus.REJECTED], Fate.REJECTED)


def waste(states: Iterable[State]) -> dict[str, int]:
    """What was begun and never sold, whether it was voided or its order cancelled."""
    lost = (Fate.VOIDED, Fate.CANCELLED)
    return _sums([item for state in states for fate in lost for item in state.with_fate(fate) if item.touched])


def discounts(states: Iterable[State]) -> dict[str, Any]:
    taken = [discount for state in states for discount in taken_off(state.order)]
    return {
        "count": len(taken),
        "amount": sum(discount.amount for discount in taken),
        "by_name": [
            {
                "name": name,
                "count": sum(discount.name == name for discount in taken),
                "amount": sum(discount.amount for discount in taken if discount.name == name),
            }
            for name in sorted({discount.name for discount in taken})
        ],
    }


def taken_off(order: Order) -> Iterator[Discount]:
    """The order's discounts, each with what it really took off: in their order, until nothing is left to pay."""
    left = order.subtotal
    for discount in order.discounts:
        if taken := min(discount.amount, left):
            yield Discount(discount.name, taken)
            left -= taken


def _dropped_orders(states: Sequence[State], fate: Fate) -> dict[str, Any]:
    items = [item for state in states for item in state.with_fate(fate)]
    by_reason: dict[str, list[State]] = defaultdict(list)
    for state in states:
        by_reason[_reason(state.order.cancel_reason)].append(state)
    reasons = [
        {"reason": reason, "orders": len(of), **_sums([item for state in of for item in state.with_fate(fate)])}
        for reason, of in sorted(by_reason.items())
    ]
    return {"orders": len(states), **_sums(items), **_by_start(items), "by_reason": reasons}


def _reason(said: str | None) -> str:
    return (said or "").strip() or UNTOLD


def _by_start(items: Iterable[Item]) -> dict[str, Any]:
    begun: dict[bool, list[Item]] = {False: [], True: []}
    for item in items:
        begun[item.touched].append(item)
    return {"before_start": _sums(begun[False]), "after_start": _sums(begun[True])}


def _sums(items: Sequence[Item]) -> dict[str, int]:
    return {"items": pieces(items), "amount": amount(items)}
