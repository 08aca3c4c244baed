"""What happens by the clock: each timer fires once, never early, and only while its order still needs it."""

from datetime import timedelta

from workflow import menu
from workflow.estimates import backlog
from workflow.estimates.schedule import SAFETY
from workflow.jobs.kinds import Inside, job
from workflow.jobs.outcomes import Cancelled, Done, Outcome, Snooze
from workflow.state_machine.commands import AdvanceOrder, Command, MarkOverdue, ReleaseOrder
from workflow.state_machine.model import Order, OrderStatus
from workflow.state_machine.refusals import Refusal
from workflow.state_machine.tables import BEFORE_READY
from workflow.submissions import Submission
from workflow.subscriptions import Job

NOT_ACCEPTED = "Not accepted in time."
GONE = Cancelled("There is no such order.")
SHORTEST_WAIT = timedelta(seconds=30)


@job("reject_unaccepted", lane="timers")
def reject_unaccepted(job: Job, inside: Inside) -> Outcome:
    """Nobody accepted the order by its deadline: the guest is told so, rather than left waiting."""
    order = _order(job, inside)
    if order is None:
        return GONE
    if order.status != OrderStatus.PENDING or order.accept_by is None:
        return Cancelled(f"The order is {order.status}.")
    if inside.at < order.accept_by:
        return Snooze(order.accept_by)
    return _submit(inside, order, AdvanceOrder("reject", reason=NOT_ACCEPTED))


@job("release_order", lane="timers")
def release_order(job: Job, inside: Inside) -> Outcome:
    """A scheduled order goes to the kitchen when cooking has to begin for nine of ten to be ready in time."""
    order = _order(job, inside)
    if order is None:
        return GONE
    if order.status != OrderStatus.SCHEDULED or order.scheduled_for is None:
        return Cancelled(f"The order is {order.status}.")
    lead = SAFETY * backlog.lead_seconds(inside.connection, order.location_id, order.id, inside.at)
    wait = order.scheduled_for - timedelta(seconds=round(lead)) - inside.at
    if wait > timedelta():
        # The kitchen may fill up meanwhile: look again half-way.
        return Snooze(inside.at + min(wait, max(wait / 2, SHORTEST_WAIT)))
    return _submit(inside, order, _release(inside, order))


@job("alert_overdue", lane="timers")
def alert_overdue(job: Job, inside: Inside) -> Outcome:
    """The promise has passed. It is looked for where it is now: an estimate that moved takes its alert along."""
    order = _order(job, inside)
    if order is None:
        return GONE
    promised = order.estimate_ready_by
    if order.status not in BEFORE_READY or promised is None:
        return Cancelled(f"The order is {order.status}.")
    if inside.at < promised:
        return Snooze(promised)
    return _submit(inside, order, MarkOverdue())


def _order(job: Job, inside: Inside) -> Order | None:
    return inside.store.orders(inside.connection, [job.subject]).get(job.subject)


def _release(inside: Inside, order: Order) -> ReleaseOrder:
    location = menu.location(inside.connection, order.location_id)
    if location is None or location.auto_confirm:
        return ReleaseOrder(confirm=True)
    return ReleaseOrder(confirm=False, accept_by=inside.at + timedelta(seconds=location.accept_seconds))


def _submit(inside: Inside, order: Order, command: Command) -> Outcome:
    """Whoever was faster has decided: a refusal only says that there is no need any more."""
    submission = Submission(command, order.location_id, "timer", order_id=order.id)
    result = inside.store.run_in(inside.connection, [submission])[0]
    return Cancelled(result.detail) if isinstance(result, Refusal) else Done()
