"""Orders and events as rows of their tables, and back: structs whose members are the columns.

A member that is left out of the JSON is a null there.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import astuple

from workflow.state_machine.events import stored
from workflow.state_machine.model import Item, ItemStatus, Order, OrderHead, OrderStatus, Payment, Recorded


class OrderRow(OrderHead, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    live: bool
    subtotal: int
    discount: int
    total: int
    paid: int
    tips: int


class OrderChange(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What an event can change of an order."""

    id: str
    status: OrderStatus
    live: bool
    version: int
    acted_version: int
    progress: int
    priority: bool
    payments: tuple[Payment, ...]
    subtotal: int
    discount: int
    total: int
    paid: int
    tips: int
    delay_seconds: int
    updated_at: datetime
    estimate_ready_at: datetime | None = None
    estimate_ready_by: datetime | None = None
    estimate_computed_at: datetime | None = None
    confirmed_at: datetime | None = None
    started_at: datetime | None = None
    ready_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    accept_by: datetime | None = None


class ItemRow(Item, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    order_id: str


class ItemChange(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What an event can change of an item."""

    order_id: str
    line: int
    status: ItemStatus
    fired_at: datetime | None = None
    started_at: datetime | None = None
    ready_at: datetime | None = None
    served_at: datetime | None = None
    voided_at: datetime | None = None
    void_reason: str | None = None
    acknowledged_at: datetime | None = None


class EventRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """All but its `data`, which is large and goes beside."""

    order_id: str
    version: int
    type: str
    at: datetime
    actor: str
    location_id: str
    business_day: date
    position: int | None = None


class _StoredEvent(msgspec.Struct):
    order_id: str
    version: int
    type: str
    at: datetime
    actor: str
    data: dict[str, Any]


ORDER_KEY, ITEM_KEY = ("id",), ("order_id", "line")
ORDER_CHANGES = OrderChange.__struct_fields__[1:]
ITEM_CHANGES = ItemChange.__struct_fields__[2:]
_event = msgspec.json.Decoder(_StoredEvent)
_order = msgspec.json.Decoder(Order, strict=False)


def order_row(order: Order) -> OrderRow:
    subtotal = order.subtotal
    discount = min(order.discounted, subtotal)
    *head, _ = astuple(order)
    return OrderRow(
        *head,
        live=order.live,
        subtotal=subtotal,
        discount=discount,
        total=subtotal - discount,
        paid=order.paid,
        tips=order.tips,
    )


def order_change(order: Order) -> OrderChange:
    subtotal = order.subtotal
    discount = min(order.discounted, subtotal)
    return OrderChange(
        order.id,
        order.status,
        order.live,
        order.version,
        order.acted_version,
        order.progress,
        order.priority,
        order.payments,
        subtotal,
        discount,
        subtotal - discount,
        order.paid,
        order.tips,
        order.delay_seconds,
        order.updated_at,
        order.estimate_ready_at,
        order.estimate_ready_by,
        order.estimate_computed_at,
        order.confirmed_at,
        order.started_at,
        order.ready_at,
        order.completed_at,
        order.cancelled_at,
        order.cancel_reason,
        order.accept_by,
    )


def item_row(order_id: str, item: Item) -> ItemRow:
    return ItemRow(*astuple(item), order_id=order_id)


def item_change(order_id: str, item: Item) -> ItemChange:
    return ItemChange(
        order_id,
        item.line,
        item.status,
        item.fired_at,
        item.started_at,
        item.ready_at,
        item.served_at,
        item.voided_at,
        item.void_reason,
        item.acknowledged_at,
    )


def event_row(recorded: Recorded, location_id: str, business_day: date) -> EventRow:
    event = recorded.event
    return EventRow(
        recorded.order_id,
        recorded.version,
        event.type,
        event.at,
        event.actor,
        location_id,
        business_day,
    )


def order_from(order_json: bytes, items_json: Sequence[bytes]) -> Order:
    """An order from its row and its items' rows, each a JSON object, the items in line order."""
    return _order.decode(order_json[:-1] + b',"items":[' + b",".join(items_json) + b"]}")


def recorded_from_json(event_json: bytes) -> Recorded:
    return recorded_from(_event.decode(event_json))


def recorded_from(row: Any) -> Recorded:
    """From a row of `events` (order_id, version, type, at, actor, data)."""
    return Recorded(row.order_id, row.version, stored(row.type, row.at, row.actor, row.data))
