"""What the kitchen of a location still has to cook, read from the tables."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workflow import menu
from workflow.estimates import schedule
from workflow.estimates.schedule import Line, Ticket
from workflow.schema import order_items, orders
from workflow.state_machine.model import UNFINISHED, ItemStatus, OrderStatus

OLDEST = 300
IN_THE_QUEUE = (OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PREPARING)


def tickets(connection: sa.Connection, location_id: str, also: Collection[str] = ()) -> list[Ticket]:
    """The oldest orders that are being cooked or wait for it, and the orders *also*, whatever their status."""
    here = orders.c.location_id == location_id
    queue = sa.select(*ORDER).where(here, orders.c.live, orders.c.status.in_(IN_THE_QUEUE)).order_by(orders.c.id)
    found = {row.id: row for row in connection.execute(queue.limit(OLDEST))}
    if missing := sorted(set(also) - found.keys()):
        named = sa.select(*ORDER).where(here, orders.c.id.in_(missing))
        found |= {row.id: row for row in connection.execute(named)}
    lines = _lines(connection, list(found))
    return [_ticket(row, lines[order_id]) for order_id, row in found.items()]


def slots(connection: sa.Connection, location_id: str) -> dict[str, int]:
    """How many dishes each station cooks at once."""
    return {station.id: station.slots for station in menu.stations(connection, location_id)}


def load_seconds(connection: sa.Connection, location_id: str, at: datetime) -> dict[str, int]:
    """Seconds of work that each station of the location has ahead of it."""
    return schedule.loads(tickets(connection, location_id), slots(connection, location_id), at)


def lead_seconds(connection: sa.Connection, location_id: str, order_id: str, at: datetime) -> float:
    """How long the order would take if it were fired *at* this moment, behind all that is in the kitchen."""
    queue = tickets(connection, location_id, [order_id])
    return schedule.leads(queue, slots(connection, location_id), at).get(order_id, 0.0)


def _lines(connection: sa.Connection, order_ids: list[str]) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = defaultdict(list)
    unfinished = order_items.c.status.in_(sorted(UNFINISHED))
    query = sa.select(order_items.c.order_id, *LINE).where(order_items.c.order_id.in_(order_ids), unfinished)
    for row in connection.execute(query.order_by(order_items.c.order_id, order_items.c.line)):
        lines[row.order_id].append(_line(row))
    return lines


def _line(row: Any) -> Line:
    return Line(
        station=row.station,
        prep_seconds=row.prep_seconds,
        quantity=row.quantity,
        course=row.course,
        status=ItemStatus(row.status),
        fired_at=row.fired_at,
        started_at=row.started_at,
    )


def _ticket(row: Any, lines: list[Line]) -> Ticket:
    return Ticket(
        order_id=row.id,
        status=OrderStatus(row.status),
        placed_at=row.placed_at,
        lines=lines,
        priority=row.priority,
        delay_seconds=row.delay_seconds,
        scheduled_for=row.scheduled_for,
        shown_ready_at=row.estimate_ready_at,
        shown_ready_by=row.estimate_ready_by,
    )


ORDER = (
    orders.c.id,
    orders.c.status,
    orders.c.placed_at,
    orders.c.priority,
    orders.c.delay_seconds,
    orders.c.scheduled_for,
    orders.c.estimate_ready_at,
    orders.c.estimate_ready_by,
)
LINE = (
    order_items.c.station,
    order_items.c.prep_seconds,
    order_items.c.quantity,
    order_items.c.course,
    order_items.c.status,
    order_items.c.fired_at,
    order_items.c.started_at,
)
