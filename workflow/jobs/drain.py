"""Doing what is due in a lane, a batch at a time."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa
import structlog

from workflow import failpoints
from workflow.jobs import claim
from workflow.jobs.kinds import InnerKind, Inside, Kind, OuterKind, Outside
from workflow.jobs.lanes import LANES, Lane
from workflow.jobs.outcomes import Outcome, Retry
from workflow.jobs.settle import Attempt, settle
from workflow.settings import Settings
from workflow.store.store import Store
from workflow.subscriptions import Job

log = structlog.get_logger(__name__)

OVERDUE = timedelta(seconds=30)
LEASE_TO_USE = 0.6


class Overtaken(Exception):
    """The lease was over, and somebody else has the job now."""


class Drain:
    """Does the jobs of the *kinds* it knows. Any number of drains may be at the same lane at once."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        kinds: Iterable[Kind],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._settings = settings
        self._inner = {kind.name: kind for kind in kinds if isinstance(kind, InnerKind)}
        self._outer = {kind.name: kind for kind in kinds if isinstance(kind, OuterKind)}
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._monotonic = monotonic

    def drain(self, lane: str, *, seconds: float = 3.0) -> int:
        """Do what is due in *lane*, and begin nothing more after so many *seconds*. How many jobs it has dealt with."""
        end = self._monotonic() + seconds
        line, dealt = LANES[lane], 0
        while True:
            batch = self._inner_batch(line) + self._outer_batch(line)
            dealt += batch
            if not batch or not (line.until_empty or batch >= line.batch) or self._monotonic() >= end:
                return dealt

    def _inner_batch(self, lane: Lane) -> int:
        kinds = _of_lane(self._inner.values(), lane)
        if not kinds:
            return 0
        jobs: list[Job] = []
        try:
            with self._store.writing() as connection:
                at = self._store.now()
                jobs = claim.claim(connection, lane, kinds, at=at, lease=self._lease)
                if jobs:
                    failpoints.reach("job_claimed")
                careful = _asks_for_care(jobs, at)
                if not careful:
                    self._work(connection, jobs, at)
        except Exception:
            if not jobs:
                raise
            log.warning("A batch of jobs failed; they are done one by one.", lane=lane.name, jobs=len(jobs))
            self._each_alone(jobs)
            return len(jobs)
        failpoints.reach("job_marked")
        if careful:
            self._work_carefully(jobs)
        return len(jobs)

    def _each_alone(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            with self._store.writing() as connection:
                claimed = claim.claim_one(connection, job, at=self._store.now(), lease=self._lease)
            if claimed:
                self._work_carefully([claimed])

    def _work_carefully(self, jobs: Sequence[Job]) -> None:
        """With a claim that is committed already, so that even a job that ends this process has used up a try."""
        started_at = self._store.now()
        try:
            with self._store.writing() as connection:
                if not claim.still_held(connection, jobs):
                    raise Overtaken
                self._work(connection, jobs, started_at)
        except Overtaken:
            log.warning("Somebody else has taken a job over.", jobs=[job.id for job in jobs])
        except Exception as error:
            if len(jobs) == 1:
                self._fail(jobs[0], self._inner[jobs[0].kind], error, started_at)
                return
            for job in jobs:
                self._work_carefully([job])

    def _work(self, connection: sa.Connection, jobs: Sequence[Job], at: datetime) -> None:
        """The effects of *jobs* and their marks, in the caller's transaction."""
        attempts = []
        # Orders are locked in the order of their ids, here as in the engine, or two might wait for each other.
        in_turn = sorted(jobs, key=lambda job: job.subject)
        for name, together in groupby(in_turn, key=lambda job: job.kind):
            kind, of_kind = self._inner[name], list(together)
            outcomes = kind.work(of_kind, Inside(self._store, connection, at))
            ended_at = self._store.now()
            pairs = zip(of_kind, outcomes, strict=True)
            attempts += [Attempt(job, kind, outcome, at, ended_at) for job, outcome in pairs]
        if attempts:
            settle(connection, attempts)

    def _outer_batch(self, lane: Lane) -> int:
        kinds = _of_lane(self._outer.values(), lane)
        if not kinds:
            return 0
        with self._store.writing() as connection:
            jobs = claim.claim(connection, lane, kinds, at=self._store.now(), lease=self._lease)
        if jobs:
            failpoints.reach("job_claimed")
        end = self._monotonic() + self._lease.total_seconds() * LEASE_TO_USE
        for begun, job in enumerate(jobs):
            if self._monotonic() >= end:
                self._give_back(jobs[begun:])
                return begun
            self._call(job)
        return len(jobs)

    def _call(self, job: Job) -> None:
        kind, started_at = self._outer[job.kind], self._store.now()
        try:
            outcome = kind.call(job, Outside(self._store, self._settings, started_at))
        except Exception as error:
            self._fail(job, kind, error, started_at)
            return
        self._settle_alone(job, kind, outcome, started_at)

    def _fail(self, job: Job, kind: Kind, error: Exception, started_at: datetime) -> None:
        log.warning("A job failed.", job=job.id, kind=job.kind, attempt=job.attempts, exc_info=error)
        self._settle_alone(job, kind, Retry(f"{type(error).__name__}: {error}"), started_at)

    def _settle_alone(self, job: Job, kind: Kind, outcome: Outcome, started_at: datetime) -> None:
        failpoints.reach("job_called")
        with self._store.writing() as connection:
            marked = settle(connection, [Attempt(job, kind, outcome, started_at, self._store.now())])
        failpoints.reach("job_marked")
        if not marked:
            log.warning("Somebody else has taken a job over.", jobs=[job.id])

    def _give_back(self, jobs: Sequence[Job]) -> None:
        with self._store.writing() as connection:
            claim.release(connection, jobs)


def _of_lane(kinds: Collection[Kind], lane: Lane) -> list[str]:
    return [kind.name for kind in kinds if kind.lane == lane.name]


def _asks_for_care(jobs: Sequence[Job], at: datetime) -> bool:
    """Whether one of them may be what ended the worker that had it before.

    One that was tried before may be, and so may one that is due for long: its worker may have died with it in the
    very transaction that claimed it, which leaves no trace.
    """
    return any(job.attempts > 1 or job.due_at < at - OVERDUE for job in jobs)
