"""What may be done with an order right now, and what is in the way of the rest."""

from dataclasses import dataclass
from datetime import datetime

from workflow.state_machine.machine import Ask, Objection, Transition
from workflow.state_machine.model import Item, ItemStatus, Order
from workflow.state_machine.tables import ITEM, ORDER


@dataclass(frozen=True, slots=True)
class Blocked:
    """An action that a person would expect, and why it is refused for now."""

    action: str
    code: str
    detail: str
    items: tuple[str, ...]


def order_actions(order: Order, at: datetime) -> list[str]:
    """The actions that would be accepted and change something, in alphabetical order."""
    ask = Ask(order, at)
    rows = ORDER.rows_from(order.status)
    return sorted(row.action for row in rows if _matters(order, row.action) and not _objection(row, ask))


def item_actions(order: Order, item: Item, at: datetime) -> list[str]:
    """The same for *item* of *order*."""
    if item.status == ItemStatus.VOIDED:
        return [] if item.acknowledged_at else ["acknowledge"]
    if order.closed:
        return []
    ask = Ask(order, at, item)
    return sorted(row.action for row in ITEM.rows_from(item.status) if not _objection(row, ask))


def blocked(order: Order, at: datetime) -> list[Blocked]:
    """The actions of the order's status that the order itself stands in the way of."""
    ask = Ask(order, at)
    return [
        Blocked(row.action, refused[0], refused[1].detail, refused[1].items)
        for row in ORDER.rows_from(order.status)
        if (refused := _objection(row, ask))
    ]


def _objection(row: Transition, ask: Ask) -> tuple[str, Objection] | None:
    """What the order itself objects; rules about what comes with the command are left for the command."""
    for guard in row.guards:
        if not guard.of_command and (objection := guard.objection(ask)):
            return guard.refusal.code, objection
    return None


def _matters(order: Order, action: str) -> bool:
    """Whether the action would find something to do."""
    if action == "rush":
        return not order.priority
    if action == "unrush":
        return order.priority
    if action in CONCERNED:
        return any(item.status in CONCERNED[action] for item in order.items)
    return True


CONCERNED = {
    "fire": {ItemStatus.HELD},
    "hold": {ItemStatus.PENDING},
    "bump": {ItemStatus.PENDING, ItemStatus.PREPARING},
}
