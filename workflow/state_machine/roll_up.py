"""An order's status and progress as they follow from its items."""

from collections.abc import Iterable

from workflow.state_machine.model import COOKED, IN_THE_KITCHEN, VOIDED, Item, ItemStatus, Order, OrderStatus

# What was voided counts neither way.
SCORES = {
    ItemStatus.HELD: 0,
    ItemStatus.PENDING: 0,
    ItemStatus.PREPARING: 50,
    ItemStatus.READY: 100,
    ItemStatus.SERVED: 100,
}
BEGUN = frozenset({ItemStatus.PREPARING, *COOKED})


def status_of_items(order: Order) -> OrderStatus:
    """The status that the items demand; the order's own where they have no say.

    Nothing left → cancelled. In the kitchen: all ready or served → ready; anything ever begun → preparing;
    else confirmed.
    """
    active = [item.status for item in order.items if item.status != VOIDED]
    if not active and not order.closed:
        return OrderStatus.CANCELLED
    if order.status not in IN_THE_KITCHEN:
        return order.status
    if COOKED.issuperset(active):
        return OrderStatus.READY
    if not BEGUN.isdisjoint(active) or any(item.touched for item in order.items):
        return OrderStatus.PREPARING
    return OrderStatus.CONFIRMED


def progress(status: OrderStatus, items: Iterable[Item]) -> int:
    """0–100: 10 once confirmed, 90 when everything is ready, 100 when completed; items count alike, begun ones half."""
    if status not in IN_THE_KITCHEN:
        return 100 if status == OrderStatus.COMPLETED else 0
    scores = [SCORES[item.status] for item in items if item.status in SCORES]
    return 10 + 80 * sum(scores) // (100 * (len(scores) or 1))
