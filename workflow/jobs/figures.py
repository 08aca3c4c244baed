"""How the lanes are doing."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from workflow.jobs.lanes import LANES
from workflow.schema import jobs


@dataclass(frozen=True, slots=True)
class Figures:
    """A lane in three numbers. `oldest_due_seconds`, how long the oldest job is overdue, tells most troubles."""

    lane: str
    pending: int
    oldest_due_seconds: int
    dead: int


def figures(connection: sa.Connection, at: datetime) -> list[Figures]:
    """The figures of every lane."""
    count, oldest = sa.func.count(), sa.func.min(jobs.c.due_at)
    open_jobs = sa.select(jobs.c.lane, count, sa.type_coerce(oldest, jobs.c.due_at.type))
    pending = open_jobs.where(jobs.c.state == sa.literal_column("'pending'")).group_by(jobs.c.lane)
    waiting = {lane: (number, first) for lane, number, first in connection.execute(pending)}
    dead_jobs = sa.select(jobs.c.lane, count).where(jobs.c.state == sa.literal_column("'dead'")).group_by(jobs.c.lane)
    dead: dict[str, int] = dict(connection.execute(dead_jobs).all())
    return [_of_lane(name, *waiting.get(name, (0, None)), dead.get(name, 0), at) for name in LANES]


def _of_lane(lane: str, pending: int, oldest: datetime | None, dead: int, at: datetime) -> Figures:
    overdue = int((at - oldest).total_seconds()) if oldest else 0
    return Figures(lane, pending, max(overdue, 0), dead)
