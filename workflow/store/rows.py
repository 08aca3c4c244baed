"""Orders and what happened to them as rows of their tables, and back."""

from collections.abc import Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import astuple

from workflow import schema
from workflow.state_machine.events import stored
from workflow.state_machine.model import Event, Item, Order, OrderHead, Recorded
from workflow.store.changes import Kept
from workflow.store.spelling import Columns, Row
from workflow.subscriptions import Job

SUMS = "live", "subtotal", "discount", "total", "paid", "tips"
ORDER = Columns(schema.orders, (*OrderHead.__struct_fields__, *SUMS))
# All that an event can change of an order, and of an item.
ORDER_CHANGE = Columns(
    schema.orders,
    (
        "status",
        "version",
        "acted_version",
        "progress",
        "priority",
        "payments",
        "delay_seconds",
        "updated_at",
        "estimate_ready_at",
        "estimate_ready_by",
        "estimate_computed_at",
        "confirmed_at",
        "started_at",
        "ready_at",
        "completed_at",
        "cancelled_at",
        "cancel_reason",
        "accept_by",
        *SUMS,
    ),
    key=("id",),
)
ITEM = Columns(schema.order_items, ("order_id", *Item.__struct_fields__))
ITEM_CHANGE = Columns(
    schema.order_items,
    (
        "status",
        "fired_at",
        "started_at",
        "ready_at",
        "served_at",
        "voided_at",
        "void_reason",
        "acknowledged_at",
    ),
    key=("order_id", "line"),
)
EVENT = Columns(schema.events, ("order_id", "version", *Event.__struct_fields__, "location_id", "business_day"))
JOB = Columns(schema.jobs, Job.__struct_fields__)
KEPT = Columns(schema.idempotency_keys, Kept.__struct_fields__)

_of_order_change = attrgetter("id", *ORDER_CHANGE.names[: -len(SUMS)])
_of_item_change = attrgetter("line", *ITEM_CHANGE.names)


def order_row(order: Order) -> Row:
    *head, _ = astuple(order)
    return (*head, *sums(order))


def order_change(order: Order) -> Row:
    return (*_of_order_change(order), *sums(order))


def sums(order: Order) -> tuple[bool, int, int, int, int, int]:
    """What an order's row has beyond its head, for those who search and add up rows."""
    subtotal = order.subtotal
    discount = min(order.discounted, subtotal)
    return order.live, subtotal, discount, subtotal - discount, order.paid, order.tips


def item_row(order_id: str, item: Item) -> Row:
    return (order_id, *astuple(item))


def item_change(order_id: str, item: Item) -> Row:
    return (order_id, *_of_item_change(item))


def event_row(recorded: Recorded, location_id: str, business_day: date) -> Row:
    return (recorded.order_id, recorded.version, *astuple(recorded.event), location_id, business_day)


def order_from(order_json: bytes, items_json: Sequence[bytes]) -> Order:
    """An order from its row and its items' rows, each a JSON object, the items in line order."""
    return _order.decode(order_json[:-1] + b',"items":[' + b",".join(items_json) + b"]}")


def recorded_from_json(event_json: bytes) -> Recorded:
    return recorded_from(_event.decode(event_json))


def recorded_from(row: Any) -> Recorded:
    """From a row of `events` (order_id, version, type, at, actor, data)."""
    return Recorded(row.order_id, row.version, stored(row.type, row.at, row.actor, row.data))


class _StoredEvent(msgspec.Struct):
    order_id: str
    version: int
    type: str
    at: datetime
    actor: str
    data: dict[str, Any]


_event = msgspec.json.Decoder(_StoredEvent)
_order = msgspec.json.Decoder(Order, strict=False)
