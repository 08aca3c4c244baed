"""What can be asked of an order."""

from datetime import date, datetime

import msgspec

from workflow.state_machine.model import Customer, Discount, Item, Payment


class PlaceOrder(msgspec.Struct, frozen=True):
    """A new order whose items are priced and routed already; ids and number are given by the caller.

    With `scheduled_for` the order waits; else with `confirm` it is confirmed at once, or waits until `accept_by`.
    """

    order_id: str
    location_id: str
    number: str
    business_day: date
    channel: str
    currency: str
    items: tuple[Item, ...]
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


class AdvanceOrder(msgspec.Struct, frozen=True):
    """An action on the whole order; `course` goes with fire and hold, `seconds` with delay."""

    action: str
    reason: str | None = None
    notes: str | None = None
    course: int | None = None
    seconds: int | None = None


class AdvanceItem(msgspec.Struct, frozen=True):
    item_id: str
    action: str
    reason: str | None = None
    notes: str | None = None


class AdvanceTicket(msgspec.Struct, frozen=True):
    """An action on one station's share of the order."""

    station: str
    action: str
    reason: str | None = None
    notes: str | None = None


class SetStatus(msgspec.Struct, frozen=True):
    """Go to `status` by the one action that leads there; for kitchen clients that think in statuses."""

    status: str
    notes: str | None = None


class AddItems(msgspec.Struct, frozen=True):
    """More items, priced and routed; their line numbers and statuses are given by the core."""

    items: tuple[Item, ...]


class AddPayment(msgspec.Struct, frozen=True):
    payment: Payment


class ReleaseOrder(msgspec.Struct, frozen=True):
    """A scheduled order's time has come."""

    confirm: bool
    accept_by: datetime | None = None


class EstimateOrder(msgspec.Struct, frozen=True):
    """A new estimate: the median, and the moment by which nine of ten such orders are ready."""

    ready_at: datetime
    ready_by: datetime


class MarkOverdue(msgspec.Struct, frozen=True):
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
