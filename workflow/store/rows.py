"""Orders and events as rows of their tables, and back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from workflow.state_machine.model import Event, Item, Order, Recorded
from workflow.subscriptions import Job

ORDER_CHANGES = (
    "status",
    "live",
    "version",
    "acted_version",
    "progress",
    "priority",
    "payments",
    "subtotal",
    "discount",
    "total",
    "paid",
    "tips",
    "delay_seconds",
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
    "updated_at",
)
ITEM_CHANGES = (
    "status",
    "fired_at",
    "started_at",
    "ready_at",
    "served_at",
    "voided_at",
    "void_reason",
    "acknowledged_at",
)


class _EventRow(msgspec.Struct):
    order_id: str
    version: int
    type: str
    at: datetime
    actor: str
    data: dict[str, Any]


job_row = Job._asdict
kept_row = msgspec.structs.asdict
_event = msgspec.json.Decoder(_EventRow)
_order = msgspec.json.Decoder(Order, strict=False)


def order_row(order: Order) -> dict[str, Any]:
    """Every column of `orders`, the derived ones included."""
    row = vars(order).copy()
    del row["items"]
    subtotal = order.subtotal
    discount = min(order.discounted, subtotal)
    row["subtotal"], row["discount"], row["total"] = subtotal, discount, subtotal - discount
    row["live"], row["paid"], row["tips"] = order.live, order.paid, order.tips
    return row


def item_row(order_id: str, item: Item) -> dict[str, Any]:
    return {**vars(item), "order_id": order_id}


def event_row(recorded: Recorded, location_id: str, business_day: date) -> dict[str, Any]:
    event = recorded.event
    return {
        "order_id": recorded.order_id,
        "version": recorded.version,
        "type": event.type,
        "at": event.at,
        "actor": event.actor,
        "data": event.data,
        "location_id": location_id,
        "business_day": business_day,
        "position": None,
    }


def order_from(order_json: bytes, items_json: Sequence[bytes]) -> Order:
    """An order from its row and its items' rows, each a JSON object, the items in line order."""
    return _order.decode(order_json[:-1] + b',"items":[' + b",".join(items_json) + b"]}")


def recorded_from_json(event_json: bytes) -> Recorded:
    return recorded_from(_event.decode(event_json))


def recorded_from(row: Any) -> Recorded:
    """From a row of `events` (order_id, version, type, at, actor, data)."""
    return Recorded(row.order_id, row.version, Event(row.type, row.at, row.actor, row.data))
