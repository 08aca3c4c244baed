"""How an order, its history and its tickets are shown: the same shape in answers, streams and webhooks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import astuple, replace

from workflow.state_machine.model import Customer, ItemStatus, Modifier, Order, OrderStatus, Recorded
from workflow.state_machine.options import Blocked, Options
from workflow.tracking import Tokens

View = dict[str, Any]
HIDDEN_FROM_GUESTS = dict.fromkeys(("external_id", "paid", "tips", "actions", "blocked"), UNSET)
GUESTS_SEE = frozenset({"order", "course", "item"})
REASONS_FOR_GUESTS = {"order.rejected", "order.cancelled", "order.recalled", "item.voided", "item.recalled"}

encode = msgspec.json.Encoder().encode


class EstimateView(msgspec.Struct, frozen=True, gc=False):
    """The median and the 90 % promise."""

    ready_at: datetime
    ready_by: datetime | None
    remaining_seconds: int
    computed_at: datetime | None


class ItemView(msgspec.Struct, frozen=True, gc=False):
    """The members of `Item`, in its order, but for the last one; `actions` for staff only."""

    id: str
    line: int
    sku: str | None
    name: str
    quantity: int
    unit_price: int
    modifiers: tuple[Modifier, ...]
    notes: str | None
    allergens: tuple[str, ...]
    station: str
    course: int
    prep_seconds: int
    status: ItemStatus
    fired_at: datetime | None
    started_at: datetime | None
    ready_at: datetime | None
    served_at: datetime | None
    voided_at: datetime | None
    void_reason: str | None
    actions: tuple[str, ...] | UnsetType = UNSET


class OrderView(msgspec.Struct, frozen=True):
    """What is UNSET is not for the eyes of guests."""

    id: str
    number: str
    location: str
    business_day: date
    external_id: str | UnsetType | None
    channel: str
    table: str | None
    guests: int | None
    customer: Customer | Mapping[str, str | None] | None
    notes: str | None
    status: OrderStatus
    version: int
    progress: int
    priority: bool
    items: list[ItemView]
    currency: str
    subtotal: int
    discount: int
    total: int
    paid: int | UnsetType
    tips: int | UnsetType
    estimate: EstimateView | None
    placed_at: datetime
    confirmed_at: datetime | None
    started_at: datetime | None
    ready_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    scheduled_for: datetime | None
    accept_by: datetime | None
    actions: tuple[str, ...] | UnsetType
    blocked: list[Blocked] | UnsetType
    tracking_token: str
    tracking_url: str


def order_view(order: Order, at: datetime, tokens: Tokens) -> OrderView:
    """The order as staff see it; *at* is the moment of the answer."""
    subtotal, token = order.subtotal, tokens.token(order.id)
    discount = min(order.discounted, subtotal)
    options = Options(order, at)
    of_item = options.of_item
    return OrderView(
        order.id,
        order.number,
        order.location_id,
        order.business_day,
        order.external_id,
        order.channel,
        order.table,
        order.guests,
        order.customer,
        order.notes,
        order.status,
        order.version,
        order.progress,
        order.priority,
        [ItemView(*(*astuple(item)[:-1], of_item(item))) for item in order.items],
        order.currency,
        subtotal,
        discount,
        subtotal - discount,
        order.paid,
        order.tips,
        estimate_view(order, at),
        order.placed_at,
        order.confirmed_at,
        order.started_at,
        order.ready_at,
        order.completed_at,
        order.cancelled_at,
        order.cancel_reason,
        order.scheduled_for,
        order.accept_by,
        options.of_order(),
        options.blocked(),
        token,
        f"/order-tracking/{token}",
    )


def estimate_view(order: Order, at: datetime) -> EstimateView | None:
    """Nothing until the first estimate was made."""
    if order.estimate_ready_at is None:
        return None
    remaining = max(0, round((order.estimate_ready_at - at).total_seconds()))
    return EstimateView(order.estimate_ready_at, order.estimate_ready_by, remaining, order.estimate_computed_at)


def public_view(order: Order, at: datetime, tokens: Tokens) -> OrderView:
    """The order as its customer may see it: no contact, no payments, nothing that can be commanded."""
    view = order_view(order, at, tokens)
    return replace(
        view,
        **HIDDEN_FROM_GUESTS,
        customer={"name": order.customer.name} if order.customer else None,
        items=[replace(item, actions=UNSET) for item in view.items],
    )


def event_view(recorded: Recorded) -> View:
    event = recorded.event
    return {"seq": recorded.version, "type": event.type, "at": event.at, "actor": event.actor, "data": event.data}


def public_history(history: Iterable[Recorded]) -> list[View]:
    """What a customer may read of it: moves, and why something will not come, or not yet.

    Not who did it but by role, no payments, and no words that the staff wrote for each other.
    """
    return [_public_event(recorded) for recorded in history if recorded.event.type.split(".")[0] in GUESTS_SEE]


def ticket_views(lines: Sequence[Mapping[str, Any]]) -> list[View]:
    """Open tickets, one per order and station, from the lines of queries.open_lines, in their order."""
    share = sorted(enumerate(lines), key=lambda line: (_first_of_order(lines, line[1]), line[1]["station"], line[0]))
    groups = groupby((line for _, line in share), key=lambda line: (line["order_id"], line["station"]))
    return [_ticket_view(list(group)) for _, group in groups]


def _public_event(recorded: Recorded) -> View:
    view = event_view(recorded)
    view["actor"] = recorded.event.actor.partition(":")[0]
    private = {"notes"} if recorded.event.type in REASONS_FOR_GUESTS else {"notes", "reason"}
    view["data"] = {name: told for name, told in view["data"].items() if name not in private}
    if recorded.event.type == "order.placed":
        view["data"] = {name: recorded.event.data[name] for name in ("from", "to", "scheduled_for")}
    return view


def _first_of_order(lines: Sequence[Mapping[str, Any]], line: Mapping[str, Any]) -> tuple[Any, ...]:
    return (not line["priority"], line["placed_at"], line["order_id"])


def _ticket_view(lines: Sequence[Mapping[str, Any]]) -> View:
    head = lines[0]
    fired = [line["fired_at"] for line in lines if line["fired_at"]]
    return {
        "order_id": head["order_id"],
        "number": head["number"],
        "station": head["station"],
        "channel": head["channel"],
        "table": head["table"],
        "order_status": head["order_status"],
        "notes": head["order_notes"],
        "placed_at": head["placed_at"],
        "fired_at": min(fired, default=None),
        "due_at": head["due_at"],
        "priority": head["priority"],
        "version": head["version"],
        "items": [_line_view(line) for line in lines],
    }


LINE = (
    "id",
    "line",
    "sku",
    "name",
    "quantity",
    "modifiers",
    "notes",
    "allergens",
    "course",
    "prep_seconds",
    "status",
    "fired_at",
    "started_at",
    "voided_at",
    "void_reason",
)


def _line_view(line: Mapping[str, Any]) -> View:
    return {name: line[name] for name in LINE}
