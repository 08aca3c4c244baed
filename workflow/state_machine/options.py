"""What may be done with an order right now, and what is in the way of the rest."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

import msgspec

from workflow.state_machine.machine import Ask, Guard, Transition
from workflow.state_machine.model import CLOSED, VOIDED, Item, ItemStatus, Order, OrderStatus
from workflow.state_machine.tables import ITEM, ORDER

# The items that an action is about; the others need none.
CONCERNED = {
    "fire": frozenset({ItemStatus.HELD}),
    "hold": frozenset({ItemStatus.PENDING}),
    "bump": frozenset({ItemStatus.PENDING, ItemStatus.PREPARING}),
}
# The rules that look at the order itself. What comes with a command is judged with the command.
RULES = {
    status: tuple(
        dict.fromkeys(rule for row in (*ORDER.rows_from(status), *ITEM.transitions) for rule in row.about_the_order)
    )
    for status in OrderStatus
}


class Blocked(msgspec.Struct, frozen=True):
    """An action that a person would expect, and why it is refused for now."""

    action: str
    code: str
    detail: str
    items: tuple[str, ...]


class Offer(msgspec.Struct, frozen=True):
    """What the tables say of all orders that are alike; `blocked` has the first rule in the way of each action."""

    of_order: tuple[str, ...]
    of_items: Mapping[ItemStatus, tuple[str, ...]]
    blocked: tuple[tuple[str, Guard], ...]


class Options:
    """What may be done with an order at one moment. Each rule is asked once, however many actions it guards."""

    def __init__(self, order: Order, at: datetime) -> None:
        ask = Ask(order, at)
        self._objections = {rule.name: objection for rule in RULES[order.status] if (objection := rule.objection(ask))}
        there = frozenset([item.status for item in order.items])
        self._offer = _offer(order.status, there, frozenset(self._objections), rushed=order.priority)

    def of_order(self) -> tuple[str, ...]:
        """The actions that would be accepted and change something, in alphabetical order."""
        return self._offer.of_order

    def of_item(self, item: Item) -> tuple[str, ...]:
        """The same for *item*; no rule of the item's table looks at more of it than its status."""
        return () if item.acknowledged_at else self._offer.of_items[item.status]

    def blocked(self) -> list[Blocked]:
        """The actions of the order's status that the order itself stands in the way of."""
        return [
            Blocked(action, rule.refusal.code, objection.detail, objection.items)
            for action, rule in self._offer.blocked
            for objection in [self._objections[rule.name]]
        ]


@cache  # there are few such combinations, and every answer is about one of them
def _offer(status: OrderStatus, there: frozenset[ItemStatus], objecting: frozenset[str], *, rushed: bool) -> Offer:
    """For orders in *status* with items in those that are *there*, where the rules of these names object."""

    def objector(row: Transition) -> Guard | None:
        return next((rule for rule in row.about_the_order if rule.name in objecting), None)

    def free(row: Transition) -> bool:
        return objector(row) is None

    idle, rows = "rush" if rushed else "unrush", ORDER.rows_from(status)
    useful = [row for row in rows if row.action not in CONCERNED or there & CONCERNED[row.action]]
    moving = there if status not in CLOSED else there & {VOIDED}
    return Offer(
        tuple(row.action for row in useful if row.action != idle and free(row)),
        {of: tuple(row.action for row in ITEM.rows_from(of) if of in moving and free(row)) for of in there},
        tuple((row.action, rule) for row in rows if (rule := objector(row))),
    )


def order_actions(order: Order, at: datetime) -> list[str]:
    """The actions that would be accepted and change something, in alphabetical order."""
    return list(Options(order, at).of_order())


def item_actions(order: Order, item: Item, at: datetime) -> list[str]:
    """The same for *item* of *order*."""
    return list(Options(order, at).of_item(item))


def blocked(order: Order, at: datetime) -> list[Blocked]:
    """The actions of the order's status that the order itself stands in the way of."""
    return Options(order, at).blocked()
