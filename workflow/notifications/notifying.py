"""The job that tells a guest what has happened to the order."""

import sqlalchemy as sa

from workflow import menu
from workflow.jobs.kinds import Outside, external_job
from workflow.jobs.outcomes import Cancelled, Dead, Done, Outcome
from workflow.notifications import channels, messages
from workflow.notifications.channels import Channel, Letter, Log, Mail, Undeliverable
from workflow.schema import jobs
from workflow.settings import Settings
from workflow.state_machine.model import Order
from workflow.subscriptions import Job
from workflow.tracking import Tokens


@external_job("notify_customer", lane="notifications", base_seconds=5, cap_seconds=900)
def notify_customer(job: Job, outside: Outside) -> Outcome:
    """Tell it, unless it would be wrong by now; the next message then tells what is right."""
    found = _letter(job, outside)
    if isinstance(found, Cancelled):
        return found
    try:
        channel(outside.settings, found.contact).send(found)
    except Undeliverable as refused:
        return Dead(str(refused))
    return Done()


def channel(settings: Settings, contact: str) -> Channel:
    """The way to *contact*."""
    return Mail(settings.smtp) if settings.smtp and channels.is_mail(contact) else Log()


def _letter(job: Job, outside: Outside) -> Letter | Cancelled:
    event = job.payload["event"]
    with outside.store.reading() as connection:
        order = outside.store.orders(connection, [job.subject]).get(job.subject)
        if order is None or order.customer is None or not order.customer.contact:
            return Cancelled("There is nobody to tell.")
        if not messages.is_known(event):
            return Cancelled(f"There is nothing to say about {event}.")
        if not messages.still_true(event, order) or _is_told_again(connection, job):
            return Cancelled(f"Superseded: the order has moved on and is {order.status} now.")
        location = menu.location(connection, order.location_id)
    if location is None:
        return Cancelled("There is no such location.")
    said = messages.message(event, order, location, link=link(outside.settings, order))
    return Letter(job.id, order.customer.contact, outside.settings.mail_from, said, outside.at)


def link(settings: Settings, order: Order) -> str | None:
    """Where the guest can follow the order, if anybody has said under which address this server is reached."""
    if not settings.public_url:
        return None
    return f"{settings.public_url.rstrip('/')}/order-tracking/{Tokens(settings.secret).token(order.id)}"


def _is_told_again(connection: sa.Connection, job: Job) -> bool:
    """Whether a later event of the same kind waits to be told: ready, recalled and ready again is told once."""
    later = sa.select(jobs.c.payload).where(
        jobs.c.subject == job.subject,
        jobs.c.lane == job.lane,
        jobs.c.version > job.version,
        jobs.c.state == sa.literal_column("'pending'"),
    )
    return any(payload == job.payload for payload in connection.execute(later).scalars())
