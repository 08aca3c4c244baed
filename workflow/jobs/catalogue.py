"""Every kind of job there is."""

from workflow import timers
from workflow.estimates import refreshing
from workflow.jobs.kinds import Kind
from workflow.notifications import notifying
from workflow.reporting import closing_job

KINDS: tuple[Kind, ...] = (
    refreshing.estimate_order,
    notifying.notify_customer,
    closing_job.close_business_day,
    timers.reject_unaccepted,
    timers.release_order,
    timers.alert_overdue,
)
