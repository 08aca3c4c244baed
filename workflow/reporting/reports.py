"""Reports as they are read: live while the day is open, as they were filed after."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from workflow import menu
from workflow.business_day import business_day
from workflow.refusals import UnknownLocation
from workflow.reporting import reading
from workflow.reporting.figures import day_figures
from workflow.reporting.heading import Heading, heading_of
from workflow.reporting.reading import Run
from workflow.reporting.refusals import DayBeforeFirst, DayNotBegun, ReportRunNotFound
from workflow.state_machine.events import instant

A_MONTH = timedelta(days=30)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayReport:
    """`body` is JSON; once `closed` it never changes."""

    location_id: str
    business_day: date
    closed: bool
    body: bytes


def day_report(connection: sa.Connection, location_id: str, day: date, at: datetime) -> DayReport:
    """The X report of *day* from what is committed, or its Z report if it is closed.

    Raises UnknownLocation, DayNotBegun or DayBeforeFirst.
    """
    place = location(connection, location_id)
    check_day(place, day, at)
    run = reading.run_of_day(connection, location_id, day)
    if run is not None and run.status == "closed":
        return DayReport(location_id, day, True, reading.stored_body(connection, run.id))
    heading = heading_for(connection, place, day, at)
    return DayReport(location_id, day, False, drawn(connection, heading))


def recomputed(connection: sa.Connection, run: Run) -> bytes:
    """A closed report, from the events again: the bytes that were filed, or something was tampered with."""
    filed = heading_of(msgspec.json.decode(reading.stored_body(connection, run.id)))
    numbers = replace(filed, number=run.number, last_position=run.last_position, complete_to=None)
    return drawn(connection, numbers)


def days(
    connection: sa.Connection, location_id: str, *, first: date | None, last: date | None, at: datetime
) -> list[dict[str, Any]]:
    """The days from *first* to *last* that there are books of, newest first; the last 31 where nothing is said."""
    place = location(connection, location_id)
    newest = min(last or date.max, today(place, at))
    oldest = max(first or max(newest, date.min + A_MONTH) - A_MONTH, first_day(place))
    runs = reading.runs(connection, location_id, oldest, newest)
    count = max(0, (newest - oldest).days + 1)
    return [_day(newest - ONE_DAY * back, runs.get(newest - ONE_DAY * back)) for back in range(count)]


def run(connection: sa.Connection, run_id: str, location_id: str | None = None) -> Run:
    """Raises ReportRunNotFound, also when it is another location's than *location_id*."""
    found = reading.run_by_id(connection, run_id)
    if found is None or location_id not in (None, found.location_id):
        raise ReportRunNotFound(f"There is no run {run_id}.")
    return found


def run_view(run: Run) -> dict[str, Any]:
    """JSON-ready."""
    return {
        "id": run.id,
        "location": run.location_id,
        "business_day": run.business_day.isoformat(),
        "status": run.status,
        "progress": run.progress,
        "number": run.number,
        "actor": run.actor,
        "requested_at": instant(run.requested_at),
        "closed_at": instant(run.closed_at),
    }


def drawn(connection: sa.Connection, heading: Heading) -> bytes:
    """The report under *heading*, in bytes that only depend on it and on the events."""
    place, day, position = heading.location, heading.business_day, heading.last_position
    previous = reading.previous_to(connection, place, day)
    if position is not None:
        complete_to = reading.complete_to(connection, place, day, previous, position)
        heading = replace(heading, complete_to=complete_to)
    histories = reading.histories(connection, place, day, previous, position)
    return msgspec.json.encode(day_figures(heading, previous, histories))


def heading_for(connection: sa.Connection, place: menu.Location, day: date, as_of: datetime) -> Heading:
    """The heading of an X report; as of the day's end where that is over."""
    heading = Heading(
        location=place.id,
        location_name=place.name,
        business_day=day,
        timezone=place.timezone,
        cut_off_minutes=place.cut_off_minutes,
        currency=place.currency,
        stations=tuple(sorted(station.id for station in menu.stations(connection, place.id))),
        as_of=as_of,
    )
    return replace(heading, as_of=min(as_of, heading.window[1]))


def location(connection: sa.Connection, location_id: str) -> menu.Location:
    found = menu.location(connection, location_id)
    if found is None:
        raise UnknownLocation(f"There is no location {location_id!r}.")
    return found


def today(place: menu.Location, at: datetime) -> date:
    return business_day(at, place.timezone, place.cut_off_minutes)


def first_day(place: menu.Location) -> date:
    return today(place, place.created_at)


def check_day(place: menu.Location, day: date, at: datetime) -> None:
    """Raises DayNotBegun or DayBeforeFirst where there can be no books of *day*."""
    current, first = today(place, at), first_day(place)
    if day > current:
        raise DayNotBegun(f"It is {current} on the books; {day} has not begun.", business_day=current.isoformat())
    if day < first:
        raise DayBeforeFirst(f"The books begin on {first}.", business_day=first.isoformat())


def _day(day: date, run: Run | None) -> dict[str, Any]:
    return {
        "business_day": day.isoformat(),
        "status": {"closed": "closed", "pending": "closing"}[run.status] if run else "open",
        "number": run.number if run else None,
        "run": run.id if run else None,
        "closed_at": instant(run.closed_at) if run else None,
    }
