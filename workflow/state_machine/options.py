"""What may be done with an order right now, and what is in the way of the rest."""

from datetime import datetime

import msgspec

from workflow.state_machine.machine import Ask, Guard, Objection, Transition
from workflow.state_machine.model import Item, ItemStatus, Order, OrderStatus
from workflow.state_machine.tables import ITEM, ORDER

CONCERNED = {
    "fire": frozenset({ItemStatus.HELD}),
    "hold": frozenset({ItemStatus.PENDING}),
    "bump": frozenset({ItemStatus.PENDING, ItemStatus.PREPARING}),
}


def _names(row: Transition) -> frozenset[str]:
    return frozenset(rule.name for rule in row.about_the_order)


# What the tables say, as every answer asks it: the action, the items that it is about (None where it needs none), and
# the names of the rules that look at the order itself. What comes with a command is judged with the command.
OF_ORDER: dict[OrderStatus, list[tuple[str, frozenset[ItemStatus] | None, frozenset[str]]]] = {
    status: [(row.action, CONCERNED.get(row.action), _names(row)) for row in ORDER.rows_from(status)]
    for status in OrderStatus
}
OF_ITEM: dict[ItemStatus, list[tuple[str, frozenset[str]]]] = {
    status: [(row.action, _names(row)) for row in ITEM.rows_from(status)] for status in ItemStatus
}
GUARDED = {status: [row for row in ORDER.rows_from(status) if row.about_the_order] for status in OrderStatus}
RULES = {
    status: list(dict.fromkeys(rule for row in (*rows, *ITEM.transitions) for rule in row.about_the_order))
    for status, rows in GUARDED.items()
}


class Blocked(msgspec.Struct, frozen=True):
    """An action that a person would expect, and why it is refused for now."""

    action: str
    code: str
    detail: str
    items: tuple[str, ...]


class Options:
    """What may be done with an order at one moment. Each rule is asked once, however many actions it guards."""

    def __init__(self, order: Order, at: datetime) -> None:
        ask = Ask(order, at)
        self._order = order
        self._objections = {
            rule.name: (rule, objection) for rule in RULES[order.status] if (objection := rule.objection(ask))
        }
        self._free = frozenset(self._objections).isdisjoint
        self._of_items: dict[ItemStatus, list[str]] = {}

    def of_order(self) -> list[str]:
        """The actions that would be accepted and change something, in alphabetical order."""
        free, there = self._free, {item.status for item in self._order.items}
        idle = "rush" if self._order.priority else "unrush"
        return [
            action
            for action, concerned, rules in OF_ORDER[self._order.status]
            if action != idle and free(rules) and (concerned is None or not concerned.isdisjoint(there))
        ]

    def of_item(self, item: Item) -> list[str]:
        """The same for *item*; no rule of the item's table looks at more of it than its status."""
        if item.status == ItemStatus.VOIDED:
            return [] if item.acknowledged_at else ["acknowledge"]
        found = self._of_items.get(item.status)
        if found is None:
            rows = () if self._order.closed else OF_ITEM[item.status]
            found = self._of_items[item.status] = [action for action, rules in rows if self._free(rules)]
        return found

    def blocked(self) -> list[Blocked]:
        """The actions of the order's status that the order itself stands in the way of."""
        if not self._objections:
            return []
        judged = [(row.action, self._refused(row)) for row in GUARDED[self._order.status]]
        return [
            Blocked(action, refused[0].refusal.code, refused[1].detail, refused[1].items)
            for action, refused in judged
            if refused
        ]

    def _refused(self, row: Transition) -> tuple[Guard, Objection] | None:
        """The first objection that the row meets."""
        for rule in row.about_the_order:
            if rule.name in self._objections:
                return self._objections[rule.name]
        return None


def order_actions(order: Order, at: datetime) -> list[str]:
    """The actions that would be accepted and change something, in alphabetical order."""
    return Options(order, at).of_order()


def item_actions(order: Order, item: Item, at: datetime) -> list[str]:
    """The same for *item* of *order*."""
    return Options(order, at).of_item(item)


def blocked(order: Order, at: datetime) -> list[Blocked]:
    """The actions of the order's status that the order itself stands in the way of."""
    return Options(order, at).blocked()
