"""What may be done with an order right now, and what is in the way of the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from workflow.state_machine.machine import Ask, Guard, Objection
from workflow.state_machine.model import Item, ItemStatus, Order, OrderStatus
from workflow.state_machine.tables import ITEM, ORDER

Guards = tuple[Guard, ...]

CONCERNED = {
    "fire": frozenset({ItemStatus.HELD}),
    "hold": frozenset({ItemStatus.PENDING}),
    "bump": frozenset({ItemStatus.PENDING, ItemStatus.PREPARING}),
}

# What the tables say, as it is asked for at every answer: the action, the items that it is about (None where an order
# needs none), and the rules that look at the order itself. What comes with a command is judged with the command.
OF_ORDER: dict[OrderStatus, list[tuple[str, frozenset[ItemStatus] | None, Guards]]] = {
    status: [(row.action, CONCERNED.get(row.action), row.about_the_order) for row in ORDER.rows_from(status)]
    for status in OrderStatus
}
OF_ITEM: dict[ItemStatus, list[tuple[str, Guards]]] = {
    status: [(row.action, row.about_the_order) for row in ITEM.rows_from(status)] for status in ItemStatus
}
GUARDED: dict[OrderStatus, list[tuple[str, Guards]]] = {
    status: [(action, guards) for action, _, guards in rows if guards] for status, rows in OF_ORDER.items()
}


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
        idle = "rush" if self._order.priority else "unrush"
        return [
            action
            for action, concerned, guards in OF_ORDER[self._order.status]
            if action != idle
            and (concerned is None or not concerned.isdisjoint(there))
            and not (guards and any(map(self._objection, guards)))
        ]

    def of_item(self, item: Item) -> list[str]:
        """The same for *item*; no rule of the item's table looks at more of it than its status."""
        if item.status == ItemStatus.VOIDED:
            return [] if item.acknowledged_at else ["acknowledge"]
        found = self._of_items.get(item.status)
        if found is None:
            found = self._of_items[item.status] = self._of_items_that_are(item.status)
        return found

    def blocked(self) -> list[Blocked]:
        """The actions of the order's status that the order itself stands in the way of."""
        judged = [(action, self._refused(guards)) for action, guards in GUARDED[self._order.status]]
        return [
            Blocked(action, refused[0].refusal.code, refused[1].detail, refused[1].items)
            for action, refused in judged
            if refused
        ]

    def _of_items_that_are(self, status: ItemStatus) -> list[str]:
        if self._order.closed:
            return []
        objection = self._objection
        return [action for action, guards in OF_ITEM[status] if not (guards and any(map(objection, guards)))]

    def _refused(self, guards: Iterable[Guard]) -> tuple[Guard, Objection] | None:
        """What the order itself objects."""
        for guard in guards:
            if objection := self._objection(guard):
                return guard, objection
        return None

    def _objection(self, guard: Guard) -> Objection | None:
        try:
            return self._objections[guard.name]
        except KeyError:
            objection = self._objections[guard.name] = guard.objection(self._ask)
            return objection


def order_actions(order: Order, at: datetime) -> list[str]:
    """The actions that would be accepted and change something, in alphabetical order."""
    return Options(order, at).of_order()


def item_actions(order: Order, item: Item, at: datetime) -> list[str]:
    """The same for *item* of *order*."""
    return Options(order, at).of_item(item)


def blocked(order: Order, at: datetime) -> list[Blocked]:
    """The actions of the order's status that the order itself stands in the way of."""
    return Options(order, at).blocked()
