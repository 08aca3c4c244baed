"""What has changed since: the numbered events of the feed, and those that nobody has numbered yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from workflow.schema import events, feed_counter, orders
from workflow.state_machine.model import Order


class Change(NamedTuple):
    """An order that has come to this version."""

    order_id: str
    version: int
    location_id: str


class Look(NamedTuple):
    """The orders that have changed, each with its last version, and the feed's last position at that moment."""

    changes: list[Change]
    position: int


def change_of(order: Order) -> Change:
    return Change(order.id, order.version, order.location_id)


def last_position(connection: sa.Connection) -> int:
    """The place of the last event that has one."""
    found: int = connection.execute(sa.select(feed_counter.c.last_position)).scalar_one()
    return found


def look(connection: sa.Connection, position: int, since: datetime) -> Look:
    """What has happened after *position*, or has no position yet and happened after the moment *since*.

    The connection is to see one moment, or an event that is being numbered could be in neither half.
    """
    e = events.c
    numbered = sa.select(e.order_id, e.version, e.location_id).where(e.position > position)
    waiting = sa.select(e.order_id, e.version, e.location_id).where(e.position.is_(None), e.at > since)
    latest: dict[str, Change] = {}
    for change in map(Change._make, connection.execute(sa.union_all(numbered, waiting))):
        known = latest.get(change.order_id)
        if known is None or known.version < change.version:
            latest[change.order_id] = change
    return Look(list(latest.values()), last_position(connection))


def begin(connection: sa.Connection, since: datetime) -> Look:
    """Where to begin: after the last position, and after what has none yet but happened after *since*."""
    return look(connection, last_position(connection), since)


def changed_ids(connection: sa.Connection, location_id: str, position: int, limit: int) -> Sequence[str] | None:
    """The location's orders that have changed after *position*, those without one included.

    None where they are more than *limit*, or too many events to go through, or *position* is none of this feed's.
    """
    most, last = limit * 10, last_position(connection)
    if not max(0, last - most) <= position <= last:
        return None
    e = events.c
    here = sa.select(e.order_id).where(e.location_id == location_id)
    waiting = here.where(e.position.is_(None)).limit(most + 1).subquery()
    changed = sa.union_all(here.where(e.position > position), sa.select(waiting.c.order_id))
    found = connection.execute(changed).scalars().all()
    ids = sorted(set(found))
    return ids if len(found) <= most and len(ids) <= limit else None


def live_ids(connection: sa.Connection, location_id: str) -> Sequence[str]:
    """The orders that a screen of the location still needs, oldest first."""
    o = orders.c
    return (
        connection.execute(sa.select(o.id).where(o.live, o.location_id == location_id).order_by(o.id)).scalars().all()
    )
