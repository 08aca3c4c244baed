"""What can be asked of an order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from workflow.state_machine.model import Customer, Discount, Facts, Payment


class PlaceOrder(NamedTuple):
    """A new order whose items are priced and routed already; ids and number are given by the caller.

    With `scheduled_for` the order waits; else with `confirm` it is confirmed at once, or waits until `accept_by`.
    """

    order_id: str
    location_id: str
    number: str
    business_day: date
    channel: str
    currency: str
    items: tuple[Facts, ...]
    recall_seconds: int
    confirm: bool = False
    external_id: str | None = None
    fingerprint: str | None = None
    table: str | None = None
    guests: int | None = None
    customer: Customer | None = None
    notes: str | None = None
    discounts: tuple[Discount, ...] = ()
    payments: tuple[Payment, ...] = ()
    scheduled_for: datetime | None = None
    accept_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class AdvanceOrder:
    """An action on the whole order; `course` goes with fire and hold, `seconds` with delay."""

    action: str
    reason: str | None = None
    notes: str | None = None
    course: int | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class AdvanceItem:
    item_id: str
    action: str
    reason: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class AdvanceTicket:
    """An action on one station's share of the order."""

    station: str
    action: str
    reason: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Go to `status` by the one action that leads there; for kitchen clients that think in statuses."""

    status: str
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class AddItems:
    """More items, priced and routed; their line numbers and statuses are given by the core."""

    items: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class AddPayment:
    payment: Payment


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """A scheduled order's time has come."""

    confirm: bool
    accept_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class EstimateOrder:
    """A new estimate: the median, and the moment by which nine of ten such orders are ready."""

    ready_at: datetime
    ready_by: datetime


@dataclass(frozen=True, slots=True)
class MarkOverdue:
    """The promised moment has passed and the order is not ready."""


Command = (
    AdvanceOrder
    | AdvanceItem
    | AdvanceTicket
    | SetStatus
    | AddItems
    | AddPayment
    | ReleaseOrder
    | EstimateOrder
    | MarkOverdue
)
