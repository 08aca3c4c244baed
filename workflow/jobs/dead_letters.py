"""Jobs that wait for a person: looking at them, trying them again, or letting them go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workflow.schema import job_attempts, jobs
from workflow.subscriptions import Job

NEW_BUDGET = 5


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a job, as it was written down."""

    attempt: int
    started_at: datetime
    ended_at: datetime
    outcome: str
    error: str | None


def page(
    connection: sa.Connection,
    *,
    location_id: str | None = None,
    lane: str | None = None,
    state: str = "dead",
    after: str | None = None,
    limit: int = 50,
) -> list[Job]:
    """Jobs in *state*, oldest first, beyond the id *after*; those of one location and one lane, or of all."""
    query = sa.select(jobs).where(jobs.c.state == state).order_by(jobs.c.id).limit(limit)
    query = _narrowed(query, location_id, lane)
    if after is not None:
        query = query.where(jobs.c.id > after)
    return [Job(**row._mapping) for row in connection.execute(query)]


def find(connection: sa.Connection, job_id: str, location_id: str | None = None) -> Job | None:
    query = _narrowed(sa.select(jobs).where(jobs.c.id == job_id), location_id, None)
    row = connection.execute(query).first()
    return Job(**row._mapping) if row else None


def tries(connection: sa.Connection, job_id: str) -> list[Try]:
    """What was tried, as far as it failed or reached outside; oldest first."""
    columns = [column for column in job_attempts.c if column.name != "job_id"]
    query = sa.select(*columns).where(job_attempts.c.job_id == job_id).order_by(job_attempts.c.attempt)
    return [Try(**row._mapping) for row in connection.execute(query)]


def retry(connection: sa.Connection, job_id: str, at: datetime, location_id: str | None = None) -> bool:
    """Have a dead job tried again, under the same id and with new tries; False if it is not dead (any more)."""
    return _revive(connection, jobs.c.id == job_id, at, location_id, None) == 1


def retry_all(
    connection: sa.Connection, at: datetime, *, location_id: str | None = None, lane: str | None = None
) -> int:
    """Have every dead job tried again; how many there are."""
    return _revive(connection, sa.true(), at, location_id, lane)


def discard(connection: sa.Connection, job_id: str, reason: str, at: datetime, location_id: str | None = None) -> bool:
    """Let a dead job go. It stays as cancelled, with the reason; False if it is not dead (any more)."""
    change = sa.update(jobs).where(jobs.c.id == job_id, _is_dead())
    values = {"state": "cancelled", "last_error": f"Discarded: {reason}", "done_at": at}
    return connection.execute(_narrowed(change, location_id, None).values(values)).rowcount == 1


def _revive(
    connection: sa.Connection, which: sa.ColumnElement[bool], at: datetime, location_id: str | None, lane: str | None
) -> int:
    # `attempts` goes on counting: an old claim of this job must never look like the new one.
    values = {"state": "pending", "due_at": at, "max_attempts": jobs.c.attempts + NEW_BUDGET, "done_at": None}
    change = _narrowed(sa.update(jobs).where(which, _is_dead()), location_id, lane)
    return connection.execute(change.values(values)).rowcount


def _is_dead() -> sa.ColumnElement[bool]:
    return jobs.c.state == sa.literal_column("'dead'")


def _narrowed(statement: Any, location_id: str | None, lane: str | None) -> Any:
    if location_id is not None:
        statement = statement.where(jobs.c.location_id == location_id)
    return statement if lane is None else statement.where(jobs.c.lane == lane)


def shown(found: Sequence[Job]) -> list[dict[str, Any]]:
    """As JSON-ready rows, for people and for `/v1/dead-letters`."""
    return [
        {
            "id": job.id,
            "kind": job.kind,
            "lane": job.lane,
            "subject": job.subject,
            "version": job.version,
            "location": job.location_id,
            "state": job.state,
            "payload": job.payload,
            "attempts": job.attempts,
            "last_error": job.last_error,
            "created_at": _instant(job.created_at),
            "due_at": _instant(job.due_at),
            "done_at": _instant(job.done_at),
        }
        for job in found
    ]


def _instant(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
