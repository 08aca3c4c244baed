"""Which jobs are somebody's to do now, and taking them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from workflow.jobs.lanes import LANES, Lane
from workflow.schema import jobs
from workflow.subscriptions import Job

NEVER_FINISHED = "It was begun {} times and never finished: whoever does it dies of it."


def claim(
    connection: sa.Connection, lane: Lane, kinds: Collection[str], *, at: datetime, lease: timedelta
) -> list[Job]:
    """Due jobs of *lane*, the longest due first, that nobody else will get before the *lease* is over.

    `attempts` is raised by it, and is from then on what a claim is known by. A job that has been tried before comes
    alone: if it ends its worker, it takes nobody along.
    """
    found = _lock(connection, claimable(lane, kinds, at).limit(lane.batch))
    return _take(connection, _company(found), at=at, lease=lease)


def claim_one(connection: sa.Connection, job: Job, *, at: datetime, lease: timedelta) -> Job | None:
    """This very job, if it is still to be had."""
    found = _lock(connection, claimable(LANES[job.lane], [job.kind], at).where(jobs.c.id == job.id))
    return next(iter(_take(connection, found, at=at, lease=lease)), None)


def claimable(lane: Lane, kinds: Collection[str], at: datetime) -> sa.Select[Any]:
    """The due jobs of *lane*. A kind that is not among *kinds* is left for a program that knows it."""
    free = sa.or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < at)
    query = sa.select(jobs).where(
        jobs.c.state == sa.literal_column("'pending'"),
        jobs.c.lane == lane.name,
        jobs.c.due_at <= at,
        free,
        jobs.c.kind.in_(kinds),
    )
    if lane.in_line:
        query = query.where(~_somebody_is_ahead())
    return query.order_by(jobs.c.due_at, jobs.c.id)


def due_lanes(connection: sa.Connection, kinds: Collection[str], at: datetime) -> set[str]:
    """The lanes in which there is something to claim."""
    there = [claimable(lane, kinds, at).exists().label(name) for name, lane in LANES.items()]
    row = connection.execute(sa.select(*there)).one()
    return {name for name, due in row._mapping.items() if due}


def still_held(connection: sa.Connection, claimed: Collection[Job]) -> bool:
    """Whether every one of *claimed* is still its claimant's; until the transaction ends, nobody can take it over."""
    held = sa.select(jobs.c.id).where(
        jobs.c.id.in_([job.id for job in claimed]),
        jobs.c.state == sa.literal_column("'pending'"),
        sa.or_(*(sa.and_(jobs.c.id == job.id, jobs.c.attempts == job.attempts) for job in claimed)),
    )
    return len(connection.execute(held.with_for_update()).all()) == len(claimed)


def release(connection: sa.Connection, claimed: Collection[Job]) -> None:
    """Give back what was claimed and not begun."""
    for job in claimed:
        mine = sa.and_(jobs.c.id == job.id, jobs.c.attempts == job.attempts)
        connection.execute(sa.update(jobs).where(mine).values(lease_until=None))


def _somebody_is_ahead() -> sa.Exists:
    ahead = jobs.alias("ahead")
    return sa.exists().where(
        ahead.c.subject == jobs.c.subject,
        ahead.c.lane == jobs.c.lane,
        ahead.c.version < jobs.c.version,
        ahead.c.state == sa.literal_column("'pending'"),
    )


def _lock(connection: sa.Connection, query: sa.Select[Any]) -> list[Job]:
    """On SQLite nothing is locked: the transaction has the only pen already."""
    rows = connection.execute(query.with_for_update(skip_locked=True, of=jobs))
    return [Job(**row._mapping) for row in rows]


def _company(found: list[Job]) -> list[Job]:
    """As many of *found* as may be claimed together."""
    if found and found[0].attempts:
        return found[:1]
    return [job for job in found if not job.attempts]


def _take(connection: sa.Connection, found: list[Job], *, at: datetime, lease: timedelta) -> list[Job]:
    spent = [job for job in found if job.attempts >= job.max_attempts]
    for job in spent:
        values = {"state": "dead", "lease_until": None, "done_at": at}
        error = job.last_error or NEVER_FINISHED.format(job.attempts)
        connection.execute(sa.update(jobs).where(jobs.c.id == job.id).values(values | {"last_error": error}))
    taken = [job for job in found if job not in spent]
    if taken:
        raised = {"attempts": jobs.c.attempts + 1, "lease_until": at + lease}
        connection.execute(sa.update(jobs).where(jobs.c.id.in_([job.id for job in taken])).values(raised))
    return [replace(job, attempts=job.attempts + 1, lease_until=at + lease) for job in taken]
