"""The job that closes a business day."""

from datetime import date

from workflow.jobs.kinds import Inside, job
from workflow.jobs.outcomes import Done, Outcome
from workflow.reporting.closing import close_day
from workflow.subscriptions import Job


@job("close_day", lane="reports", base_seconds=5, cap_seconds=600)
def close_business_day(job: Job, inside: Inside) -> Outcome:
    """Close the day; a day that is closed already stays as it is."""
    close_day(inside.connection, job.subject, date.fromisoformat(job.payload["day"]), at=inside.at)
    return Done()
