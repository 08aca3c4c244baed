"""What is answered about orders; documented here, and compared with the real answers by the tests."""

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from web.contract.models.base import Shown
from web.contract.models.orders import Channel

At = AwareDatetime
ItemStatus = Literal["held", "pending", "preparing", "ready", "served", "voided"]
Status = Literal["scheduled", "pending", "confirmed", "preparing", "ready", "completed", "cancelled", "rejected"]


class Problem(Shown):
    """RFC 9457; the members beyond these depend on the code."""

    type: str = Field(examples=["/problems/items-pending"])
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str


class Complaint(Shown):
    """One thing that does not fit: `pointer` into the body, or the `parameter` of the query string."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class InvalidRequestProblem(Problem):
    errors: list[Complaint] = Field(default_factory=list)


class Customer(Shown):
    name: str | None
    contact: str | None


class Modifier(Shown):
    name: str
    price: int


class Item(Shown):
    id: str
    line: int
    sku: str | None
    name: str
    quantity: int
    unit_price: int
    modifiers: list[Modifier]
    notes: str | None
    allergens: list[str]
    station: str
    course: int
    prep_seconds: int
    status: ItemStatus
    fired_at: At | None = Field(description="When it went to its station's screen; null while held.")
    started_at: At | None
    ready_at: At | None
    served_at: At | None
    voided_at: At | None
    void_reason: str | None
    actions: list[str]


class Estimate(Shown):
    """`ready_at` is the median, `ready_by` the moment by which nine of ten such orders are ready."""

    ready_at: At
    ready_by: At
    remaining_seconds: int
    computed_at: At


class Blocked(Shown):
    """An action that one would expect, and why it is refused for now."""

    action: str
    code: str
    detail: str
    items: list[str]


class Order(Shown):
    id: str
    number: str
    location: str
    business_day: str
    external_id: str | None
    channel: Channel
    table: str | None
    guests: int | None
    customer: Customer | None
    notes: str | None
    status: Status
    version: int
    progress: int = Field(ge=0, le=100)
    priority: bool
    items: list[Item]
    currency: str
    subtotal: int
    discount: int
    total: int
    paid: int
    tips: int
    estimate: Estimate | None
    placed_at: At
    confirmed_at: At | None
    started_at: At | None
    ready_at: At | None
    completed_at: At | None
    cancelled_at: At | None
    cancel_reason: str | None
    scheduled_for: At | None
    accept_by: At | None
    actions: list[str]
    blocked: list[Blocked]
    tracking_token: str
    tracking_url: str


class TrackedItem(Shown):
    name: str
    quantity: int
    status: ItemStatus


class TrackedOrder(Shown):
    """The order as its customer may see it."""

    number: str
    status: Status
    version: int
    progress: int
    items: list[TrackedItem]
    estimate: Estimate | None
    placed_at: At


class Event(Shown):
    """`seq` is the order's version after it; `data` has `from` and `to` where a status changed."""

    seq: int
    type: str
    at: At
    actor: str
    data: dict[str, Any]


class Orders(Shown):
    data: list[Order]
    next_cursor: str | None


class Events(Shown):
    data: list[Event]
    next_cursor: str | None


class Ticket(Shown):
    """One station's share of an order."""

    order_id: str
    number: str
    station: str
    channel: Channel
    table: str | None
    placed_at: At
    fired_at: At | None
    due_at: At | None
    priority: bool
    version: int
    items: list[dict[str, Any]]


class Tickets(Shown):
    data: list[Ticket]


class LiveEvent(Shown):
    """One event of a stream; `data` is JSON.

    `snapshot` `{"data": [orders]}`, `order` an order, `beat` `{"at"}`, `menu` `{"sku", "available"}`, `health` the
    lanes with what waits in them, `dead_letters`, and whether `broker`, `dispatcher` and `workers` are well.
    """

    id: str = Field(description="Sent back as Last-Event-ID, it resumes the stream.")
    event: Literal["snapshot", "order", "beat", "menu", "health"]
    data: str = Field(json_schema_extra={"contentMediaType": "application/json"})


class AllDayLine(Shown):
    sku: str | None
    name: str
    station: str
    open: int
    preparing: int


class AllDay(Shown):
    data: list[AllDayLine]


class Recent(Shown):
    data: list[dict[str, Any]]
