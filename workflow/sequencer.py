"""Gives every committed event its place in one feed without gaps.

A place that is given before the commit would let a reader pass over what commits later (Eventuous#222,
event-driven.io "Ordering in Postgres outbox"); this one is given after it, by one sequencer at a time.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from workflow import failpoints
from workflow.schema import events, feed_counter
from workflow.store.store import Store

BATCH = 500


class Place(NamedTuple):
    """Which event it is."""

    order_id: str
    version: int


def number_events(store: Store, limit: int = BATCH) -> int:
    """Number the events that have no place yet, about *limit* at most; how many. 0 too while another one is at it."""
    with store.reading() as connection:
        if not connection.execute(sa.select(_unnumbered().limit(1).exists())).scalar_one():
            return 0
    with store.writing() as connection:
        last = connection.execute(_COUNTER.with_for_update(skip_locked=True)).scalar_one_or_none()
        numbered = 0 if last is None else _number_batch(connection, last, limit)
        failpoints.reach("sequencer_numbered")
    return numbered


def number_all(connection: sa.Connection, limit: int = BATCH) -> int:
    """The feed's last position, after every event that is committed by now was given one. Waits for its turn."""
    last: int = connection.execute(_COUNTER.with_for_update()).scalar_one()
    while numbered := _number_batch(connection, last, limit):
        last += numbered
    return last


def in_order(places: Iterable[Place]) -> list[Place]:
    """*places*, given by time, with those of each order put in the order of its versions.

    Clocks of several machines may disagree about which came first; an order's versions do not.
    """
    given = list(places)
    versions: dict[str, list[int]] = defaultdict(list)
    for order_id, version in given:
        versions[order_id].append(version)
    ascending = {order_id: deque(sorted(of_order)) for order_id, of_order in versions.items()}
    return [Place(order_id, ascending[order_id].popleft()) for order_id, _ in given]


def _unnumbered() -> sa.Select[str, int]:
    return sa.select(events.c.order_id, events.c.version).where(events.c.position.is_(None))


def _waiting(connection: sa.Connection, limit: int) -> list[Place]:
    by_time = (events.c.at, events.c.order_id, events.c.version)
    found = [Place(*row) for row in connection.execute(_unnumbered().order_by(*by_time).limit(limit))]
    if len(found) < limit:
        return found
    # The limit may have cut between two versions, if a clock had them the wrong way round: those orders come whole.
    orders = {order_id for order_id, _ in found}
    whole = _unnumbered().where(events.c.order_id.in_(orders)).order_by(*by_time)
    return [Place(*row) for row in connection.execute(whole)]


def _number_batch(connection: sa.Connection, last: int, limit: int) -> int:
    places = in_order(_waiting(connection, limit))
    if places:
        _number(connection, places, last)
    return len(places)


def _number(connection: sa.Connection, places: Sequence[Place], last: int) -> None:
    numbered = [
        {"order": order_id, "of_version": version, "place": last + offset}
        for offset, (order_id, version) in enumerate(places, start=1)
    ]
    connection.execute(_NUMBER, numbered)
    connection.execute(sa.update(feed_counter).where(feed_counter.c.id == 1).values(last_position=last + len(places)))


_COUNTER = sa.select(feed_counter.c.last_position).where(feed_counter.c.id == 1)
_NUMBER = (
    sa.update(events)
    .where(events.c.order_id == sa.bindparam("order"), events.c.version == sa.bindparam("of_version"))
    .values(position=sa.bindparam("place"))
)
