"""Closing business days: in order, once each, under consecutive numbers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

import sqlalchemy as sa
from msgspec.structs import asdict
from sqlalchemy.dialects import postgresql, sqlite

from workflow.failpoints import reach
from workflow.ids import job_id, new_id
from workflow.jobs import dead_letters
from workflow.menu import Location, locations
from workflow.reporting import reading, reports
from workflow.reporting.reading import Run
from workflow.reporting.reports import ONE_DAY
from workflow.schema import jobs
from workflow.schema import locations as locations_table
from workflow.schema import reports as reports_table
from workflow.sequencer import number_all
from workflow.subscriptions import INTERNAL_ATTEMPTS, Job

AT_ONCE = 31
ENGINE = "engine"
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def request_close(connection: sa.Connection, location_id: str, day: date, *, actor: str, at: datetime) -> Run:
    """Have *day* closed by a job, at once, even if it is not over; a day that is closed already stays as it is.

    Asked again, it answers the same run; a job that had given up is tried again. Raises UnknownLocation, DayNotBegun or
    DayBeforeFirst.
    """
    place = reports.location(connection, location_id)
    reports.check_day(place, day, at)
    _owe(connection, place, day, actor, at)
    dead_letters.retry(connection, _job_id(place.id, day), at)
    return _run(connection, place.id, day)


def ensure_days_closed(connection: sa.Connection, at: datetime) -> int:
    """Every business day that is over gets its run and its job; how many were missing.

    However often, late or many at once this is called, a day gets one of each. At most 31 days of a location a call.
    """
    places = sorted(locations(connection), key=lambda place: place.id)
    missing = [(place, day) for place in places for day in islice(_unclosed(connection, place, at), AT_ONCE)]
    return sum(_owe(connection, place, day, ENGINE, at) for place, day in missing)


def close_day(connection: sa.Connection, location_id: str, day: date, at: datetime) -> list[Run]:
    """Close *day* and every earlier day that is not closed yet; the runs that this has closed.

    It knows every event that is committed by now; what commits later is of the next report. Closings of one location
    wait for each other.
    """
    place = reports.location(connection, location_id)
    _lock(connection, place)
    days = list(_days_up_to(connection, place, day))
    if not days:
        return []
    position = number_all(connection)
    return [_close(connection, place, each, position, at) for each in days]


def _close(connection: sa.Connection, place: Location, day: date, position: int, at: datetime) -> Run:
    _register(connection, place.id, day, ENGINE, at)
    closed = reading.last_closed(connection, place.id)
    number = (closed.number or 0) + 1 if closed else 1
    run = _run(connection, place.id, day)
    heading = reports.heading_for(connection, place, day, at)
    body = reports.drawn(connection, replace(heading, number=number, last_position=position))
    reach("report_computed")
    filed = {"number": number, "last_position": position, "body": body.decode(), "closed_at": at}
    values = {"status": "closed", "progress": 100, **filed}
    connection.execute(sa.update(reports_table).where(reports_table.c.id == run.id).values(values))
    return _run(connection, place.id, day)


def _owe(connection: sa.Connection, place: Location, day: date, actor: str, at: datetime) -> bool:
    """A run for *day*, and the job that closes it; False if there was one."""
    if not _register(connection, place.id, day, actor, at):
        return False
    _insert_once(connection, jobs, asdict(_job(place.id, day, at)))
    return True


def _register(connection: sa.Connection, location_id: str, day: date, actor: str, at: datetime) -> bool:
    row = {"location_id": location_id, "business_day": day, "actor": actor, "requested_at": at}
    return _insert_once(connection, reports_table, {"id": new_id(), "status": "pending", "progress": 0, **row})


def _insert_once(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    insert: Any = _INSERT[connection.dialect.name]
    once = insert(table).values(values).on_conflict_do_nothing().returning(table.c.id)
    return connection.execute(once).first() is not None


def _job(location_id: str, day: date, at: datetime) -> Job:
    return Job(
        id=_job_id(location_id, day),
        kind="close_day",
        lane="reports",
        subject=location_id,
        version=day.toordinal(),
        location_id=location_id,
        payload={"day": day.isoformat()},
        due_at=at,
        created_at=at,
        max_attempts=INTERNAL_ATTEMPTS,
    )


def _job_id(location_id: str, day: date) -> str:
    return job_id(datetime.combine(day, time(), UTC), location_id, day.toordinal(), "close_day")


def _lock(connection: sa.Connection, place: Location) -> None:
    row = sa.select(locations_table.c.id).where(locations_table.c.id == place.id)
    connection.execute(row.with_for_update(key_share=True))


def _unclosed(connection: sa.Connection, place: Location, at: datetime) -> Iterator[date]:
    """The days that are over, and nobody has asked to close."""
    yesterday = reports.today(place, at) - ONE_DAY
    missing = list(_days_up_to(connection, place, yesterday))
    asked = reading.runs(connection, place.id, missing[0], missing[-1]) if missing else {}
    return (day for day in missing if day not in asked)


def _days_up_to(connection: sa.Connection, place: Location, day: date) -> Iterator[date]:
    """The days that are not closed yet, in order."""
    closed = reading.last_closed(connection, place.id)
    next_day = closed.business_day + ONE_DAY if closed else reports.first_day(place)
    while next_day <= day:
        yield next_day
        next_day += ONE_DAY


def _run(connection: sa.Connection, location_id: str, day: date) -> Run:
    run = reading.run_of_day(connection, location_id, day)
    assert run is not None
    return run
