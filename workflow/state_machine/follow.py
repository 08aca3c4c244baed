"""The steps by which an order's status follows its items."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from workflow.state_machine.events import Scribe
from workflow.state_machine.evolve import affected
from workflow.state_machine.machine import Transition
from workflow.state_machine.model import Event, Order, OrderStatus
from workflow.state_machine.roll_up import status_of_items
from workflow.state_machine.tables import ORDER


def followed(order: Order, events: Sequence[Event], scribe: Scribe) -> list[Event]:
    """*events*, and the moves of the order that they entail."""
    after = order
    for event in events:
        after = affected(after, event)
    here, there = after.status, status_of_items(after)
    if here == there:
        return list(events)
    moves = pairwise(_path(here, there))
    steps = [_step(_row(source, target, events), source, target, scribe) for source, target in moves]
    return [*events, *steps]


def _path(here: OrderStatus, there: OrderStatus) -> tuple[OrderStatus, ...]:
    """The statuses to pass through, both ends included; an order that is ready at once was started too."""
    if (here, there) == (OrderStatus.CONFIRMED, OrderStatus.READY):
        return here, OrderStatus.PREPARING, there
    return here, there


def _row(here: OrderStatus, there: OrderStatus, events: Sequence[Event]) -> Transition:
    """The row that leads there. A recall is one only where something was recalled: the guest is told of it."""
    recalled = any(event.type == "item.recalled" for event in events)
    rows = ORDER.rows_between(here, there)
    return next((row for row in rows if (row.action == "recall") == recalled), rows[0])


def _step(row: Transition, here: OrderStatus, there: OrderStatus, scribe: Scribe) -> Event:
    facts: dict[str, Any] = {"from": str(here), "to": str(there)}
    if there == OrderStatus.CANCELLED:
        facts |= {"items": [], "waste": [], "reason": scribe.reason}
    return Event(row.event, scribe.at, scribe.actor, facts)
