"""Writing down what came of a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from workflow.jobs.backoff import backoff
from workflow.jobs.kinds import Kind, OuterKind
from workflow.jobs.outcomes import Cancelled, Dead, Done, Outcome, Retry, Snooze
from workflow.schema import job_attempts, jobs
from workflow.subscriptions import Job

LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a job, from when to when, and what came of it."""

    job: Job
    kind: Kind
    outcome: Outcome
    started_at: datetime
    ended_at: datetime


def settle(connection: sa.Connection, attempts: Sequence[Attempt]) -> bool:
    """Mark what came of each job; False when one of them, which is left alone, is no longer its claimant's."""
    done = [attempt for attempt in attempts if isinstance(attempt.outcome, Done)]
    others = [attempt for attempt in attempts if not isinstance(attempt.outcome, Done)]
    marked = _mark_done(connection, done)
    for attempt in others:
        marked += _mark(connection, [attempt], _changes(attempt))
    if marked < len(attempts):
        return False
    _remember(connection, [attempt for attempt in attempts if _worth_keeping(attempt)])
    return True


def _mark_done(connection: sa.Connection, done: Sequence[Attempt]) -> int:
    """All in one statement for each number of attempts, which is one in all but rare cases."""
    marked = 0
    for attempts in {attempt.job.attempts for attempt in done}:
        together = [attempt for attempt in done if attempt.job.attempts == attempts]
        marked += _mark(connection, together, _ended("done", together[0].ended_at))
    return marked


def _mark(connection: sa.Connection, attempts: Sequence[Attempt], changes: dict[str, Any]) -> int:
    mine = sa.and_(
        jobs.c.id.in_([attempt.job.id for attempt in attempts]),
        jobs.c.attempts == attempts[0].job.attempts,
        jobs.c.state == sa.literal_column("'pending'"),
    )
    return connection.execute(sa.update(jobs).where(mine).values(lease_until=None, **changes)).rowcount


def _changes(attempt: Attempt) -> dict[str, Any]:
    job, at = attempt.job, attempt.ended_at
    match attempt.outcome:
        case Retry(error=error) if job.attempts >= job.max_attempts:
            return _ended("dead", at, error)
        case Retry(error=error, after=after):
            return {"due_at": at + (after or _pause(attempt)), "last_error": error[:LONGEST_ERROR]}
        case Snooze(until=until):
            # The try is given back on top, not taken off below: `attempts` is what a claim is known by.
            return {"due_at": until, "max_attempts": job.max_attempts + 1}
        case Dead(error=error):
            return _ended("dead", at, error)
        case Cancelled(reason=reason):
            return _ended("cancelled", at, reason)
        case Done():
            return _ended("done", at)


def _pause(attempt: Attempt) -> timedelta:
    kind = attempt.kind
    return backoff(attempt.job.attempts, base_seconds=kind.base_seconds, cap_seconds=kind.cap_seconds)


def _ended(state: str, at: datetime, why: str | None = None) -> dict[str, Any]:
    said = {"last_error": why[:LONGEST_ERROR]} if why else {}
    return {"state": state, "done_at": at, **said}


def _worth_keeping(attempt: Attempt) -> bool:
    return isinstance(attempt.kind, OuterKind) or isinstance(attempt.outcome, Retry | Dead)


def _remember(connection: sa.Connection, attempts: Sequence[Attempt]) -> None:
    if attempts:
        connection.execute(sa.insert(job_attempts), [_attempt_row(attempt) for attempt in attempts])


def _attempt_row(attempt: Attempt) -> dict[str, Any]:
    outcome = attempt.outcome
    said = getattr(outcome, "error", None) or getattr(outcome, "reason", None)
    return {
        "job_id": attempt.job.id,
        "attempt": attempt.job.attempts,
        "started_at": attempt.started_at,
        "ended_at": attempt.ended_at,
        "outcome": type(outcome).__name__.lower(),
        "error": said[:LONGEST_ERROR] if said else None,
    }
