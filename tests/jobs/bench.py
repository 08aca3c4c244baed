"""Jobs of every kind on a real store, and what becomes of them."""

import sqlalchemy as sa
from msgspec.structs import asdict, replace

from workflow.ids import job_id
from workflow.jobs.drain import Drain
from workflow.jobs.kinds import external_job, job, joint_job
from workflow.jobs.outcomes import Done
from workflow.schema import job_attempts, jobs
from workflow.settings import Settings
from workflow.subscriptions import Job


class Bench:
    """Owes jobs to `store`, drains them with kinds of its own, and looks at the rows."""

    def __init__(self, store, clock, settings):
        self.store, self.clock, self.settings = store, clock, settings
        self.done = []

    def drain(self, *kinds):
        return Drain(self.store, self.settings, kinds)

    def owe(self, subject="a", version=1, *, kind="note", lane="notifications", **more):
        at = self.clock.at
        born = Job(
            id=job_id(at, subject, version, kind),
            kind=kind,
            lane=lane,
            subject=subject,
            version=version,
            location_id="main",
            payload={},
            due_at=at,
            created_at=at,
            max_attempts=3,
        )
        owed = replace(born, **more)
        with self.store.writing() as connection:
            connection.execute(sa.insert(jobs).values(asdict(owed)))
        return owed

    def row(self, owed):
        with self.store.reading() as connection:
            return Job(**connection.execute(sa.select(jobs).where(jobs.c.id == owed.id)).one()._mapping)

    def rows(self, *conditions):
        with self.store.reading() as connection:
            query = sa.select(jobs).where(*conditions).order_by(jobs.c.id)
            return [Job(**row._mapping) for row in connection.execute(query)]

    def state(self, owed):
        return self.row(owed).state

    def tries(self, owed):
        query = sa.select(job_attempts).where(job_attempts.c.job_id == owed.id).order_by(job_attempts.c.attempt)
        with self.store.reading() as connection:
            return [(row.attempt, row.outcome, row.error) for row in connection.execute(query)]

    def external(self, outcome=Done(), *, name="note", lane="notifications", **more):  # noqa: B008
        """A kind that notes which job it was called for; *outcome* may be a function of it."""

        @external_job(name, lane=lane, **more)
        def call(job, outside):
            self.done.append((job.subject, job.version))
            return outcome(job) if callable(outcome) else outcome

        return call

    def internal(self, outcome=Done(), *, name="note", lane="timers", **more):  # noqa: B008
        @job(name, lane=lane, **more)
        def work(job, inside):
            self.done.append((job.subject, job.version))
            return outcome(job) if callable(outcome) else outcome

        return work

    def joint(self, outcomes, *, name="note", lane="estimates"):
        return joint_job(name, lane=lane)(outcomes)


def settings_for(store, directory, **more):
    return Settings(data=directory, database="sqlite:///unused.db", secret="a secret for tests", **more)
