"""What a person does about a dead job, answering with the job."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workflow.jobs import dead_letters
from workflow.state_machine.refusals import Refusal

Deed = Callable[[sa.Connection], dict[str, Any]]


class DeadLetterNotFound(Refusal):
    code = "dead-letter-not-found"
    title = "There is no such dead job."


def retried(job_id: str, at: datetime, location_id: str | None) -> Deed:
    """Trying the job again. Raises DeadLetterNotFound when it is not dead (any more), or is another location's."""
    return lambda connection: _after(connection, job_id, dead=dead_letters.retry(connection, job_id, at, location_id))


def discarded(job_id: str, reason: str, at: datetime, location_id: str | None) -> Deed:
    """Letting the job go. Raises DeadLetterNotFound when it is not dead (any more), or is another location's."""
    return lambda connection: _after(
        connection, job_id, dead=dead_letters.discard(connection, job_id, reason, at, location_id)
    )


def _after(connection: sa.Connection, job_id: str, *, dead: bool) -> dict[str, Any]:
    found = dead_letters.find(connection, job_id) if dead else None
    if found is None:
        raise DeadLetterNotFound(f"There is no dead job {job_id}.")
    return dead_letters.shown([found])[0]
