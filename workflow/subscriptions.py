"""Which event owes which later work, in which lane, and when it is due: the only place that says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workflow.ids import job_id
from workflow.state_machine.model import Event, Order, OrderStatus, Recorded

EXTERNAL_ATTEMPTS = 12
INTERNAL_ATTEMPTS = 20
QUEUE_ALLOWANCE = timedelta(minutes=45)
LONGEST_LEAD = timedelta(hours=6)

Due = Callable[[Order, Event], datetime | None]


def at_once(order: Order, event: Event) -> datetime | None:
    return event.at


def when_contactable(order: Order, event: Event) -> datetime | None:
    """At once, if the guest left a contact."""
    return event.at if order.customer and order.customer.contact else None


def when_ready(order: Order, event: Event) -> datetime | None:
    """At once and to the guest, if the whole order became ready."""
    return when_contactable(order, event) if event.data["to"] == OrderStatus.READY else None


def at_accept_deadline(order: Order, event: Event) -> datetime | None:
    return order.accept_by if order.status == OrderStatus.PENDING else None


def before_scheduled_time(order: Order, event: Event) -> datetime | None:
    """As early as it can make sense; the job then waits until it is time to start cooking."""
    if order.status != OrderStatus.SCHEDULED or order.scheduled_for is None:
        return None
    cooking = sum(item.prep_seconds * item.quantity for item in order.items)
    return max(event.at, order.scheduled_for - min(QUEUE_ALLOWANCE + timedelta(seconds=cooking), LONGEST_LEAD))


def at_promised_time(order: Order, event: Event) -> datetime | None:
    """When the first promise runs out; the job follows the promise from then on."""
    return order.estimate_ready_by if event.data["first"] else None


def when_accepted(order: Order, event: Event) -> datetime | None:
    """At once and to the guest, if a person accepted it; what is confirmed by itself was said on placing."""
    return when_contactable(order, event) if event.at != order.placed_at else None


@dataclass(frozen=True, slots=True)
class Owed:
    """A kind of job and its lane; `due` gives the moment, or None where this event owes it not."""

    kind: str
    lane: str
    due: Due = at_once
    max_attempts: int = INTERNAL_ATTEMPTS
    payload: Callable[[Event], dict[str, Any]] = field(default=lambda event: {})


class Job(msgspec.Struct, frozen=True):
    """A row of `jobs` as it is born."""

    id: str
    kind: str
    lane: str
    subject: str
    version: int
    location_id: str
    payload: dict[str, Any]
    due_at: datetime
    created_at: datetime
    max_attempts: int
    state: str = "pending"
    attempts: int = 0
    lease_until: datetime | None = None
    last_error: str | None = None
    done_at: datetime | None = None


ESTIMATE = Owed("estimate_order", "estimates")


def notify(due: Due = when_contactable) -> Owed:
    return Owed("notify_customer", "notifications", due, EXTERNAL_ATTEMPTS, lambda event: {"event": event.type})


REJECT = Owed("reject_unaccepted", "timers", at_accept_deadline)
RELEASE = Owed("release_order", "timers", before_scheduled_time)
ALERT = Owed("alert_overdue", "timers", at_promised_time)
NOTHING: tuple[Owed, ...] = ()

SUBSCRIPTIONS: Mapping[str, tuple[Owed, ...]] = {
    "order.placed": (ESTIMATE, notify(), REJECT, RELEASE),
    "order.released": (ESTIMATE, REJECT),
    "order.confirmed": (notify(when_accepted),),
    "order.rejected": (notify(), ESTIMATE),
    "order.started": NOTHING,
    "order.bumped": (notify(when_ready),),
    "order.completed": NOTHING,
    "order.cancelled": (notify(), ESTIMATE),
    "order.recalled": (notify(),),
    "order.reopened": NOTHING,
    "order.rushed": (ESTIMATE,),
    "order.unrushed": (ESTIMATE,),
    "order.delayed": (notify(),),
    "order.estimated": (ALERT,),
    "order.overdue": (notify(),),
    "course.fired": (ESTIMATE,),
    "course.held": (ESTIMATE,),
    "item.started": (ESTIMATE,),
    "item.bumped": (ESTIMATE,),
    "item.recalled": (ESTIMATE,),
    "item.served": NOTHING,
    "item.voided": (ESTIMATE,),
    "item.acknowledged": NOTHING,
    "item.added": (ESTIMATE,),
    "payment.taken": NOTHING,
}


def jobs_owed(order: Order, recorded: Recorded) -> list[Job]:
    """The jobs that *recorded* owes; *order* is the order right after it."""
    jobs = []
    for owed in SUBSCRIPTIONS[recorded.event.type]:
        due_at = owed.due(order, recorded.event)
        if due_at is not None:
            jobs.append(_job(owed, order, recorded, due_at))
    return jobs


def _job(owed: Owed, order: Order, recorded: Recorded, due_at: datetime) -> Job:
    event = recorded.event
    order_id, version, kind = recorded.order_id, recorded.version, owed.kind
    id = job_id(event.at, order_id, version, kind)
    payload = owed.payload(event)
    # By place, as names would take twice as long.
    return Job(id, kind, owed.lane, order_id, version, order.location_id, payload, due_at, event.at, owed.max_attempts)
