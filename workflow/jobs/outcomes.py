"""What can come of one try at a job."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Done:
    """It is done, and is not done again."""


@dataclass(frozen=True, slots=True)
class Retry:
    """It did not work this time. It is due again after its kind's backoff, or `after`; the last try makes it dead."""

    error: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """It is too early. It is due again at `until`, and this has cost it no try."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """Trying again will not help; a person decides."""

    error: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """There is no need for it any more."""

    reason: str


Outcome = Done | Retry | Snooze | Dead | Cancelled
