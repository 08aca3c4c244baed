"""How a job is declared: a function, its lane, and whether it reaches outside of the database.

A job takes ids and asks for the rest. It may run twice, late, or after its order has moved on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from workflow.jobs.lanes import LANES
from workflow.jobs.outcomes import Outcome
from workflow.settings import Settings
from workflow.store.store import Store
from workflow.subscriptions import Job


@dataclass(frozen=True, slots=True)
class Inside:
    """What a job works with that only writes to the database: all of it happens, or not, with `connection`."""

    store: Store
    connection: sa.Connection
    at: datetime


@dataclass(frozen=True, slots=True)
class Outside:
    """What a job works with that reaches outside. It is not in a transaction, and is at least once."""

    store: Store
    settings: Settings
    at: datetime


Work = Callable[[Sequence[Job], Inside], Sequence[Outcome]]
Call = Callable[[Job, Outside], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job. After its nth failure it waits `base_seconds` · 2ⁿ⁻¹, `cap_seconds` at most."""

    name: str
    lane: str
    base_seconds: float
    cap_seconds: float

    def __post_init__(self) -> None:
        if self.lane not in LANES:
            raise ValueError(f"{self.name}: there is no lane {self.lane}.")


@dataclass(frozen=True, slots=True)
class InnerKind(Kind):
    """Claimed, worked and done in one transaction, so that its effect is there exactly once."""

    work: Work


@dataclass(frozen=True, slots=True)
class OuterKind(Kind):
    """Claimed in one transaction, called, and marked in another, unless somebody else has taken it over."""

    call: Call


def job(
    name: str, *, lane: str, base_seconds: float = 1, cap_seconds: float = 60
) -> Callable[[Callable[[Job, Inside], Outcome]], InnerKind]:
    """Declare a job that only writes to the database."""

    def declare(work: Callable[[Job, Inside], Outcome]) -> InnerKind:
        def one_by_one(jobs: Sequence[Job], inside: Inside) -> Sequence[Outcome]:
            return [work(job, inside) for job in jobs]

        return InnerKind(name, lane, base_seconds, cap_seconds, one_by_one)

    return declare


def joint_job(name: str, *, lane: str, base_seconds: float = 1, cap_seconds: float = 60) -> Callable[[Work], InnerKind]:
    """Declare a job that only writes to the database, and of which many are done together: an outcome for each."""
    return lambda work: InnerKind(name, lane, base_seconds, cap_seconds, work)


def external_job(
    name: str, *, lane: str, base_seconds: float = 5, cap_seconds: float = 900
) -> Callable[[Call], OuterKind]:
    """Declare a job that reaches outside. It gives its job's id to whom it calls, who can tell a second time by it."""
    return lambda call: OuterKind(name, lane, base_seconds, cap_seconds, call)
