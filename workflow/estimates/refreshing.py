"""The job that keeps the estimates true to what happens in the kitchen."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from workflow.estimates import backlog, schedule
from workflow.estimates.schedule import Estimate, Ticket
from workflow.jobs.kinds import Inside, joint_job
from workflow.jobs.outcomes import Done, Outcome
from workflow.state_machine.commands import EstimateOrder
from workflow.state_machine.decide import SHOWN
from workflow.state_machine.tables import BEFORE_READY
from workflow.submissions import Submission
from workflow.subscriptions import Job


@joint_job("estimate_order", lane="estimates")
def estimate_order(jobs: Sequence[Job], inside: Inside) -> Sequence[Outcome]:
    """One look at each kitchen answers for all of its jobs, and moves the estimates of whoever waits behind them."""
    submissions = [
        Submission(EstimateOrder(new.ready_at, new.ready_by), location_id, "engine", order_id=order_id)
        for location_id, subjects in _by_location(jobs).items()
        for order_id, new in moved(inside, location_id, subjects).items()
    ]
    # All in one call: it locks the orders in the order of their ids, so that two drains cannot lock each other out.
    if submissions:
        inside.store.run_in(inside.connection, submissions)
    return [Done()] * len(jobs)


def moved(inside: Inside, location_id: str, subjects: Collection[str]) -> Mapping[str, Estimate]:
    """The estimates that a guest would see move."""
    tickets = [t for t in backlog.tickets(inside.connection, location_id, subjects) if t.status in BEFORE_READY]
    return dict(_moved(tickets, backlog.slots(inside.connection, location_id), inside.at))


def _moved(tickets: Sequence[Ticket], slots: Mapping[str, int], at: datetime) -> Iterator[tuple[str, Estimate]]:
    leads = schedule.leads([t for t in tickets if t.status in backlog.IN_THE_QUEUE], slots, at)
    for ticket in tickets:
        # What is scheduled for later keeps nobody waiting now, and waits behind all that is there.
        lead = leads[ticket.order_id] if ticket.order_id in leads else _if_fired_now(ticket, tickets, slots, at)
        new = schedule.estimate(ticket, lead, at)
        if _would_show(ticket, new):
            yield ticket.order_id, new


def _if_fired_now(ticket: Ticket, tickets: Sequence[Ticket], slots: Mapping[str, int], at: datetime) -> float:
    queue = [other for other in tickets if other.status in backlog.IN_THE_QUEUE]
    return schedule.leads([*queue, ticket], slots, at)[ticket.order_id]


def _would_show(ticket: Ticket, new: Estimate) -> bool:
    old = ticket.shown_ready_at, ticket.shown_ready_by
    if old[0] is None or old[1] is None:
        return True
    return max(abs(new.ready_at - old[0]), abs(new.ready_by - old[1])) >= SHOWN


def _by_location(jobs: Sequence[Job]) -> dict[str, set[str]]:
    subjects: dict[str, set[str]] = defaultdict(set)
    for job in jobs:
        subjects[job.location_id].add(job.subject)
    return subjects
