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
    rows = ORDER.rows_from(order.status)
    return sorted(row.action for row in rows if _matters(order, row) and not _objection(order, row, at))


def item_actions(order: Order, item: Item, at: datetime) -> list[str]:
    if item.status == ItemStatus.VOIDED:
        return [] if item.acknowledged_at else ["acknowledge"]
    if order.closed:
        return []
    rows = ITEM.rows_from(item.status)
    return sorted(row.action for row in rows if not _objection(order, row, at))


def blocked(order: Order, at: datetime) -> list[Blocked]:
    found = []
    for row in ORDER.rows_from(order.status):
        if refused := _objection(order, row, at):
            code, objection = refused
            found.append(Blocked(row.action, code, objection.detail, objection.items))
    return found


def _objection(order: Order, row: Transition, at: datetime) -> tuple[str, Objection] | None:
    """What the order itself objects; rules about what comes with the command are left for the command."""
    ask = Ask(order, at)
    for guard in row.guards:
        if not guard.of_command and (objection := guard.objection(ask)):
            return guard.refusal.code, objection
    return None


def _matters(order: Order, row: Transition) -> bool:
    """Whether the action would find something to do."""
    if row.action == "rush":
        return not order.priority
    if row.action == "unrush":
        return order.priority
    if row.action in ("fire", "hold"):
        wanted = ItemStatus.HELD if row.action == "fire" else ItemStatus.PENDING
        return any(item.status == wanted for item in order.items)
    if row.action == "bump":
        return any(item.status in (ItemStatus.PENDING, ItemStatus.PREPARING) for item in order.items)
    return True
