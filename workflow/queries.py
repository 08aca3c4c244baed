"""What can be asked of the books, each named for what it returns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from workflow.schema import events, order_items, orders
from workflow.state_machine.model import CLOSED, IN_THE_KITCHEN, UNFINISHED, ItemStatus, Recorded
from workflow.store.rows import recorded_from

RECENT = 50


def history(connection: sa.Connection, order_id: str) -> list[Recorded]:
    """Every event of the order, oldest first."""
    query = sa.select(events).where(events.c.order_id == order_id).order_by(events.c.version)
    return [recorded_from(row) for row in connection.execute(query)]


class Filters(NamedTuple):
    """Which orders are asked for; None: all of them."""

    status: Sequence[str] | None = None
    channel: str | None = None
    station: str | None = None
    business_day: date | None = None
    external_id: str | None = None
    placed_after: datetime | None = None
    active: bool | None = None


def order_ids(
    connection: sa.Connection, location_id: str | None, filters: Filters, *, limit: int, before: str | None = None
) -> list[str]:
    """Up to *limit* ids, newest first, those before the id *before* only."""
    query = sa.select(orders.c.id).order_by(orders.c.id.desc()).limit(limit)
    for condition in _conditions(location_id, filters):
        query = query.where(condition)
    if before is not None:
        query = query.where(orders.c.id < before)
    return list(connection.execute(query).scalars())


def _conditions(location_id: str | None, filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    o = orders.c
    if location_id is not None:
        yield o.location_id == location_id
    if filters.status is not None:
        yield o.status.in_(filters.status)
    if filters.channel is not None:
        yield o.channel == filters.channel
    if filters.station is not None:
        yield sa.exists().where(order_items.c.order_id == o.id, order_items.c.station == filters.station)
    if filters.business_day is not None:
        yield o.business_day == filters.business_day
    if filters.external_id is not None:
        yield o.external_id == filters.external_id
    if filters.placed_after is not None:
        yield o.placed_at > filters.placed_after
    if filters.active is not None:
        closed = sorted(CLOSED)
        yield o.live & o.status.not_in(closed) if filters.active else o.status.in_(closed)


TICKET_COLUMNS = (
    orders.c.id.label("order_id"),
    orders.c.number,
    orders.c.channel,
    orders.c.table,
    orders.c.placed_at,
    orders.c.priority,
    orders.c.version,
    orders.c.status.label("order_status"),
    orders.c.notes.label("order_notes"),
    orders.c.estimate_ready_by.label("due_at"),
    orders.c.updated_at,
)
ITEM_COLUMNS = tuple(column for column in order_items.c if column.name != "order_id")


def open_lines(connection: sa.Connection, location_id: str, station: str | None = None) -> list[Mapping[str, Any]]:
    """The items that belong on a board, with their order's head: unfinished ones of orders in the kitchen,
    and voided ones that nobody has acknowledged; oldest order first."""
    i = order_items.c
    cooking = orders.c.status.in_(sorted(IN_THE_KITCHEN)) & i.status.in_(sorted(UNFINISHED))
    voided = (i.status == ItemStatus.VOIDED.value) & i.acknowledged_at.is_(None)
    query = (
        sa.select(*TICKET_COLUMNS, *ITEM_COLUMNS)
        .join_from(orders, order_items, order_items.c.order_id == orders.c.id)
        .where(orders.c.live, orders.c.location_id == location_id, cooking | voided)
        .order_by(orders.c.priority.desc(), orders.c.placed_at, orders.c.id, i.line)
    )
    if station is not None:
        query = query.where(i.station == station)
    return [dict(row._mapping) for row in connection.execute(query)]


def open_items(connection: sa.Connection, location_id: str, station: str) -> int:
    """How many items wait for *station*, those of later courses and of orders for later among them."""
    i = order_items.c
    waiting = [ItemStatus.HELD.value, ItemStatus.PENDING.value, ItemStatus.PREPARING.value]
    query = (
        sa.select(sa.func.count())
        .join_from(orders, order_items, i.order_id == orders.c.id)
        .where(orders.c.live, orders.c.location_id == location_id, i.station == station, i.status.in_(waiting))
    )
    return int(connection.execute(query).scalar_one())


def all_day(connection: sa.Connection, location_id: str, station: str | None = None) -> list[Mapping[str, Any]]:
    """How many of each item are open over all tickets: sku, name, station, open, preparing."""
    i = order_items.c
    preparing = sa.func.sum(sa.case((i.status == ItemStatus.PREPARING.value, i.quantity), else_=0))
    query = (
        sa.select(i.sku, i.name, i.station, sa.func.sum(i.quantity).label("open"), preparing.label("preparing"))
        .join_from(orders, order_items, i.order_id == orders.c.id)
        .where(orders.c.live, orders.c.location_id == location_id, orders.c.status.in_(sorted(IN_THE_KITCHEN)))
        .where(i.status.in_([ItemStatus.PENDING.value, ItemStatus.PREPARING.value]))
        .group_by(i.sku, i.name, i.station)
        .order_by(sa.desc("open"), i.name)
    )
    if station is not None:
        query = query.where(i.station == station)
    return [dict(row._mapping) for row in connection.execute(query)]


def recallable_ids(connection: sa.Connection, location_id: str, since: datetime) -> list[str]:
    """The orders finished after *since*, the latest first; which of them may be recalled is the core's to say."""
    o = orders.c
    finished = sa.func.coalesce(o.completed_at, o.ready_at)
    query = sa.select(o.id).where(o.location_id == location_id, o.status.in_(["ready", "completed"]), finished > since)
    recently = o.business_day >= (since.date() - date.resolution * 2)  # the index on it spares a look at all history
    return list(connection.execute(query.where(recently).order_by(finished.desc()).limit(RECENT)).scalars())
