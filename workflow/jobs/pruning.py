"""Forgetting what nobody will ask for again, a little at a time."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from workflow.schema import heartbeats, idempotency_keys, job_attempts, jobs
from workflow.settings import Settings

BATCH = 1000
SILENT_FOR = timedelta(days=1)


def prune(connection: sa.Connection, settings: Settings, at: datetime) -> int:
    """Delete a batch each of idempotency keys and finished jobs past their time; how many rows went. Dead jobs stay."""
    return (
        _prune_keys(connection, at - timedelta(hours=settings.idempotency_hours))
        + _prune_jobs(connection, at - timedelta(days=settings.job_retention_days))
        + connection.execute(sa.delete(heartbeats).where(heartbeats.c.at < at - SILENT_FOR)).rowcount
    )


def _prune_keys(connection: sa.Connection, before: datetime) -> int:
    keys = idempotency_keys.c
    old = sa.select(keys.principal, keys.key).where(keys.created_at < before).limit(BATCH)
    return connection.execute(sa.delete(idempotency_keys).where(sa.tuple_(keys.principal, keys.key).in_(old))).rowcount


def _prune_jobs(connection: sa.Connection, before: datetime) -> int:
    finished = jobs.c.state.in_(("done", "cancelled"))
    # Ids begin with the moment of birth, so the oldest are found by the primary key.
    old = sa.select(jobs.c.id).where(finished, jobs.c.id < first_id(before)).order_by(jobs.c.id).limit(BATCH)
    ids = connection.execute(old).scalars().all()
    if not ids:
        return 0
    connection.execute(sa.delete(job_attempts).where(job_attempts.c.job_id.in_(ids)))
    return connection.execute(sa.delete(jobs).where(jobs.c.id.in_(ids))).rowcount


def first_id(at: datetime) -> str:
    """The lowest UUIDv7 of the millisecond of *at*."""
    milliseconds = f"{int(at.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-7000-8000-000000000000"
