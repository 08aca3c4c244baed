"""What may be done with an order right now, and what is in the way of the rest."""

from dataclasses import dataclass
from datetime import datetime

from workflow.state_machine.machine import Ask, Guard, Objection, Transition
from workflow.state_machine.model import Item, ItemStatus, Order
from workflow.state_machine.tables import ITEM, ORDER


@dataclass(frozen=True, slots=True)
class Blocked:
    """An action that a person would expect, and why it is refused for now."""

    action: str
    code: str
    detail: str
    items: tuple[str, ...]


class Options:
    """What may be done with an order at one moment. Each rule is asked once, however many actions it guards."""

    def __init__(self, order: Order, at: datetime) -> None:
        self._order = order
        self._ask = Ask(order, at)
        self._objections: dict[str, Objection | None] = {}
        self._of_items: dict[ItemStatus, list[str]] = {}

    def of_order(self) -> list[str]:
        """The actions that would be accepted and change something, in alphabetical order."""
        there = {item.status for item in self._order.items}
        rows = [row for row in ORDER.rows_from(self._order.status) if _matters(self._order, row.action, there)]
        return [row.action for row in rows if not self._refused(row)]

    def of_item(self, item: Item) -> list[str]:
        """The same for *item*; no rule of the item's table looks at more of it than its status."""
        if item.status == ItemStatus.VOIDED:
            return [] if item.acknowledged_at else ["acknowledge"]
        if self._order.closed:
            return []
        if item.status not in self._of_items:
            rows = ITEM.rows_from(item.status)
            self._of_items[item.status] = [row.action for row in rows if not self._refused(row)]
        return self._of_items[item.status]

    def blocked(self) -> list[Blocked]:
        """The actions of the order's status that the order itself stands in the way of."""
        guarded = [row for row in ORDER.rows_from(self._order.status) if row.about_the_order]
        judged = [(row.action, self._refused(row)) for row in guarded]
        return [
            Blocked(action, refused[0].refusal.code, refused[1].detail, refused[1].items)
            for action, refused in judged
            if refused
        ]

    def _refused(self, row: Transition) -> tuple[Guard, Objection] | None:
        """What the order itself objects; rules about what comes with the command are left for the command."""
        for guard in row.about_the_order:
            if objection := self._objection(guard):
                return guard, objection
        return None

    def _objection(self, guard: Guard) -> Objection | None:
        if guard.name not in self._objections:
            self._objections[guard.name] = guard.objection(self._ask)
        return self._objections[guard.name]


def order_actions(order: Order, at: datetime) -> list[str]:
    """The actions that would be accepted and change something, in alphabetical order."""
    return Options(order, at).of_order()


def item_actions(order: Order, item: Item, at: datetime) -> list[str]:
    """The same for *item* of *order*."""
    return Options(order, at).of_item(item)


def blocked(order: Order, at: datetime) -> list[Blocked]:
    """The actions of the order's status that the order itself stands in the way of."""
    return Options(order, at).blocked()


def _matters(order: Order, action: str, there: set[ItemStatus]) -> bool:
    """Whether the action would find something to do; *there* are the statuses of the order's items."""
    if action == "rush":
        return not order.priority
    if action == "unrush":
        return order.priority
    concerned = CONCERNED.get(action)
    return concerned is None or not concerned.isdisjoint(there)


CONCERNED = {
    "fire": {ItemStatus.HELD},
    "hold": {ItemStatus.PENDING},
    "bump": {ItemStatus.PENDING, ItemStatus.PREPARING},
}
