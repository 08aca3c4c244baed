"""Why a report cannot be had."""

from workflow.state_machine.refusals import Refusal


class DayNotBegun(Refusal):
    """members: business_day (the one that is going on)."""

    code = "day-not-begun"
    title = "That business day has not begun."


class DayBeforeFirst(Refusal):
    """members: business_day (the location's first)."""

    code = "day-before-first"
    title = "The location has no books of that day."


class ReportRunNotFound(Refusal):
    code = "report-run-not-found"
    title = "There is no such run of a report."
