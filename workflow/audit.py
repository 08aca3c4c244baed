"""The books against their evidence: orders are what their events make, jobs exist, every line is on a board."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from workflow import menu, queries
from workflow.reporting import reading, reports
from workflow.schema import events, feed_counter, jobs, orders
from workflow.schema import reports as reports_table
from workflow.state_machine.evolve import evolve
from workflow.state_machine.model import IN_THE_KITCHEN, UNFINISHED, Order, Recorded
from workflow.state_machine.roll_up import status_of_items
from workflow.store import rows
from workflow.store.store import Store
from workflow.subscriptions import jobs_owed

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is off: of what, and what."""

    subject: str
    detail: str


@dataclass(slots=True)
class Audit:
    """How much was looked at, and what was found."""

    orders: int = 0
    events: int = 0
    jobs: int = 0
    lines: int = 0
    reports: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(self, subject: str, detail: str) -> None:
        self.findings.append(Finding(subject, detail))


def count_orders(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(orders)).scalar_one()


def audit(store: Store, *, jobs_since: datetime) -> Iterator[Audit]:
    """Look at everything, in one snapshot; yields the same Audit after each part, complete with the last.

    Jobs older than *jobs_since* may have been pruned and are not missed.
    """
    with store.snapshot() as connection:
        found = Audit()
        known = _stations(connection)
        for ids in _chunks(connection):
            _audit_orders(connection, store, ids, found, jobs_since)
            yield found
        _audit_boards(connection, store, known, found)
        _audit_feed(connection, found)
        _audit_reports(connection, found)
        yield found


def _chunks(connection: sa.Connection) -> Iterator[Sequence[str]]:
    last = "00000000-0000-0000-0000-000000000000"
    query = sa.select(orders.c.id).order_by(orders.c.id).limit(CHUNK)
    while ids := connection.execute(query.where(orders.c.id > last)).scalars().all():
        yield ids
        last = ids[-1]


def _audit_orders(
    connection: sa.Connection, store: Store, ids: Sequence[str], found: Audit, jobs_since: datetime
) -> None:
    stored = store.orders(connection, ids)
    derived = _derived(connection, ids)
    histories = _histories(connection, ids)
    there = set(connection.execute(sa.select(jobs.c.id).where(jobs.c.subject.in_(ids))).scalars())
    for order_id in ids:
        folded, owed = _folded(order_id, histories[order_id], found, jobs_since)
        if folded is not None:
            _compare(stored[order_id], folded, derived[order_id], found)
        for missing in owed - there:
            found.find(f"order {order_id}", f"the job {missing} that an event owes does not exist")
        found.orders, found.jobs = found.orders + 1, found.jobs + len(owed)


def _folded(
    order_id: str, history: Sequence[Recorded], found: Audit, jobs_since: datetime
) -> tuple[Order | None, set[str]]:
    """What the events make of the order, and the ids of the jobs they owe."""
    order: Order | None = None
    owed: set[str] = set()
    for expected, recorded in enumerate(history, start=1):
        found.events += 1
        if recorded.version != expected:
            found.find(f"order {order_id}", f"its history has version {recorded.version} where {expected} belongs")
            return None, owed
        order = evolve(order, recorded.event, order_id)
        if recorded.event.at >= jobs_since:
            owed |= {job.id for job in jobs_owed(order, recorded)}
    if order is None:
        found.find(f"order {order_id}", "it has no events")
    return order, owed


def _compare(stored: Order, folded: Order, derived: dict[str, object], found: Audit) -> None:
    wanted = dict(zip(rows.SUMS, rows.sums(folded), strict=True))
    names = [name for name in Order.__struct_fields__ if getattr(stored, name) != getattr(folded, name)]
    names += [name for name in rows.SUMS if derived[name] != wanted[name]]
    if names:
        found.find(f"order {folded.number} ({folded.id})", f"its row differs from its events in {', '.join(names)}")
    if not folded.closed and folded.status != status_of_items(folded):
        found.find(f"order {folded.number} ({folded.id})", f"it is {folded.status}, its items say otherwise")


def _derived(connection: sa.Connection, ids: Sequence[str]) -> dict[str, dict[str, object]]:
    query = sa.select(orders.c.id, *(orders.c[name] for name in rows.SUMS)).where(orders.c.id.in_(ids))
    return {row.id: dict(row._mapping) for row in connection.execute(query)}


def _histories(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[Recorded]]:
    histories: dict[str, list[Recorded]] = defaultdict(list)
    query = sa.select(events).where(events.c.order_id.in_(ids)).order_by(events.c.order_id, events.c.version)
    for row in connection.execute(query):
        histories[row.order_id].append(rows.recorded_from(row))
    return histories


def _stations(connection: sa.Connection) -> dict[str, set[str]]:
    return {
        place.id: {station.id for station in menu.stations(connection, place.id)}
        for place in menu.locations(connection)
    }


def _audit_boards(connection: sa.Connection, store: Store, known: dict[str, set[str]], found: Audit) -> None:
    """Each unfinished line of an accepted order stands on the board of exactly one station that exists."""
    for location_id, stations in known.items():
        boards: dict[str, list[str]] = defaultdict(list)
        for station in stations:
            for line in queries.open_lines(connection, location_id, station):
                boards[line["id"]].append(station)
        for order in _in_the_kitchen(connection, store, location_id):
            for item in order.items:
                if item.status in UNFINISHED:
                    found.lines += 1
                    _check_line(order, item.id, boards[item.id], found)


def _check_line(order: Order, item_id: str, on: list[str], found: Audit) -> None:
    if len(on) != 1:
        where = f"on {len(on)} boards: {', '.join(sorted(on))}" if on else "on no board"
        found.find(f"order {order.number} ({order.id})", f"its unfinished item {item_id} is {where}")


def _in_the_kitchen(connection: sa.Connection, store: Store, location_id: str) -> Iterator[Order]:
    """Found by status and not by `live`, so that a wrong `live` cannot hide an order from this check."""
    cooking = orders.c.status.in_(sorted(IN_THE_KITCHEN)) & (orders.c.location_id == location_id)
    ids = connection.execute(sa.select(orders.c.id).where(cooking).order_by(orders.c.id)).scalars().all()
    for start in range(0, len(ids), CHUNK):
        yield from store.orders(connection, ids[start : start + CHUNK]).values()


def _audit_feed(connection: sa.Connection, found: Audit) -> None:
    """The numbered events have the positions 1, 2, 3 … up to the counter, in the order of each order's versions."""
    p = events.c.position
    count, last = connection.execute(sa.select(sa.func.count(p), sa.func.coalesce(sa.func.max(p), 0))).one()
    counter = connection.execute(sa.select(feed_counter.c.last_position)).scalar_one()
    if not count == last == counter:
        found.find("feed", f"{count} events are numbered, the last is {last}, the counter says {counter}")
    ahead = events.alias()
    behind = events.join(ahead, (ahead.c.order_id == events.c.order_id) & (ahead.c.version == events.c.version + 1))
    wrong = (ahead.c.position <= p) | (p.is_(None) & ahead.c.position.is_not(None))
    for row in connection.execute(sa.select(events.c.order_id).select_from(behind).where(wrong).distinct()):
        found.find(f"order {row.order_id}", "its events stand in the feed in another order than they happened")


def _audit_reports(connection: sa.Connection, found: Audit) -> None:
    closed = sa.select(reports_table.c.id).where(reports_table.c.status == "closed").order_by(reports_table.c.id)
    for run_id in connection.execute(closed).scalars().all():
        run = reports.run(connection, run_id)
        found.reports += 1
        if reports.recomputed(connection, run) != reading.stored_body(connection, run_id):
            found.find(f"report of {run.business_day}", "computed again from the events it differs from what was filed")
