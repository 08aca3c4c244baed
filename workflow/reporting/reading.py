"""What the books read: histories of the orders that a day concerns, and reports that were closed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from workflow.reporting.figures import Previous
from workflow.reporting.history import EVERYTHING, Entry, Histories, Horizon
from workflow.schema import events, orders, reports
from workflow.state_machine.events import stored

# They change no figure, and are a good part of all events.
IDLE = ("order.estimated", "order.overdue", "order.delayed", "order.rushed", "order.unrushed", "item.acknowledged")


@dataclass(frozen=True, slots=True)
class Run:
    """A report that was asked for: `pending` until it is `closed`, with a `number` from then on."""

    id: str
    location_id: str
    business_day: date
    status: str
    progress: int
    number: int | None
    last_position: int | None
    actor: str
    requested_at: datetime
    closed_at: datetime | None


RUN = [reports.c[name] for name in Run.__dataclass_fields__]


def run_of_day(connection: sa.Connection, location_id: str, day: date) -> Run | None:
    wanted = (reports.c.location_id == location_id) & (reports.c.business_day == day)
    return _run(connection, sa.select(*RUN).where(wanted))


def run_by_id(connection: sa.Connection, run_id: str) -> Run | None:
    return _run(connection, sa.select(*RUN).where(reports.c.id == run_id))


def last_closed(connection: sa.Connection, location_id: str, before: date = date.max) -> Run | None:
    """The last closed report, or the last one of a day before *before*. Days are closed in order, without a gap."""
    wanted = (reports.c.location_id == location_id) & (reports.c.business_day < before) & (reports.c.status == "closed")
    return _run(connection, sa.select(*RUN).where(wanted).order_by(reports.c.business_day.desc()).limit(1))


def runs(connection: sa.Connection, location_id: str, first: date, last: date) -> dict[date, Run]:
    wanted = (reports.c.location_id == location_id) & reports.c.business_day.between(first, last)
    found = (Run(**row._mapping) for row in connection.execute(sa.select(*RUN).where(wanted)))
    return {run.business_day: run for run in found}


def stored_body(connection: sa.Connection, run_id: str) -> bytes:
    body: str = connection.execute(sa.select(reports.c.body).where(reports.c.id == run_id)).scalar_one()
    return body.encode()


def previous_to(connection: sa.Connection, location_id: str, day: date) -> Previous | None:
    """What the report of *day* takes over."""
    run = last_closed(connection, location_id, before=day)
    if run is None:
        return None
    body: dict[str, Any] = msgspec.json.decode(stored_body(connection, run.id))
    return Previous(
        horizon=Horizon(run.business_day, body["last_position"]),
        complete_to=body["complete_to"],
        grand_total=body["grand_total"],
        open_orders=body["exceptions"]["open_orders"],
    )


def histories(
    connection: sa.Connection, location_id: str, day: date, previous: Previous | None, last_position: int | None
) -> Histories:
    """Of every order that the report of *day* concerns; up to now where there is no *last_position*."""
    concerned = _of_the_days(location_id, previous, day).union(
        *_heard_of(location_id, previous.complete_to if previous else 0, last_position)
    )
    found: dict[str, list[Entry]] = defaultdict(list)
    decode = msgspec.json.decode
    for row in connection.execute(_events_of(concerned)):
        position = EVERYTHING if row.position is None else row.position
        event = stored(row.type, row.at, row.actor, decode(row.told))
        found[row.order_id].append(Entry(event, row.business_day, position))
    return found


def complete_to(
    connection: sa.Connection, location_id: str, day: date, previous: Previous | None, last_position: int
) -> int:
    """The position up to which no event is of a day after *day*."""
    of_later_days = sa.select(sa.func.min(events.c.position)).where(
        events.c.location_id == location_id,
        events.c.position > (previous.complete_to if previous else 0),
        events.c.position <= last_position,
        events.c.business_day > day,
    )
    first: int | None = connection.execute(of_later_days).scalar()
    return last_position if first is None else first - 1


def _of_the_days(location_id: str, previous: Previous | None, day: date) -> sa.Select[Any]:
    query = sa.select(orders.c.id).where(orders.c.location_id == location_id, orders.c.business_day <= day)
    return query.where(orders.c.business_day > previous.horizon.day) if previous else query


def _heard_of(location_id: str, after: int, up_to: int | None) -> list[sa.Select[Any]]:
    """The orders with events in that part of the feed, or in what has no position yet."""
    here = sa.select(events.c.order_id).where(events.c.location_id == location_id)
    numbered = here.where(events.c.position > after)
    if up_to is not None:
        return [numbered.where(events.c.position <= up_to)]
    return [numbered, here.where(events.c.position.is_(None))]


def _events_of(concerned: sa.CompoundSelect[Any]) -> sa.Select[Any]:
    told = sa.cast(events.c.data, sa.Text).label("told")
    columns = events.c.order_id, events.c.type, events.c.at, events.c.actor, events.c.business_day, events.c.position
    query = sa.select(*columns, told).where(events.c.order_id.in_(concerned), events.c.type.not_in(IDLE))
    return query.order_by(events.c.order_id, events.c.version)


def _run(connection: sa.Connection, query: sa.Select[Any]) -> Run | None:
    row = connection.execute(query).first()
    return Run(**row._mapping) if row else None
