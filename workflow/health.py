"""How the work behind the web is doing, for the people who run the house."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from workflow import heartbeats
from workflow.jobs.figures import figures
from workflow.jobs.lanes import LANES
from workflow.schema import jobs

DISPATCHER_SILENCE = timedelta(seconds=20)
WORKER_SILENCE = timedelta(seconds=40)


def health(connection: sa.Connection, location_id: str, at: datetime) -> dict[str, Any]:
    """Every lane with what waits in it, the location's dead letters, and who has shown a sign of life lately.

    `workers` names the lanes that a worker answers for; the dispatcher does the jobs of the others.
    """
    beats = heartbeats.last_beats(connection)
    lanes = [
        {
            "lane": lane.lane,
            "waiting": lane.pending,
            "oldest_due_seconds": lane.oldest_due_seconds,
            "dead": lane.dead,
        }
        for lane in figures(connection, at)
    ]
    workers = [lane for lane in LANES if _well(beats.get(heartbeats.WORKER.format(lane=lane)), at - WORKER_SILENCE)]
    return {
        "lanes": lanes,
        "dead_letters": _dead_letters(connection, location_id),
        "dispatcher": _well(beats.get(heartbeats.DISPATCHER), at - DISPATCHER_SILENCE),
        "workers": workers,
    }


def _well(beaten_at: datetime | None, since: datetime) -> bool:
    return beaten_at is not None and beaten_at > since


def _dead_letters(connection: sa.Connection, location_id: str) -> int:
    dead = (jobs.c.state == sa.literal_column("'dead'")) & (jobs.c.location_id == location_id)
    found: int = connection.execute(sa.select(sa.func.count()).select_from(jobs).where(dead)).scalar_one()
    return found
