"""The order, its items and its events, as frozen values.

They are msgspec's structs, which are made, copied and written as JSON several times as fast as dataclasses. Members
that have a default are left out of the JSON where they have it; so only what may be missing has one, which is None.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import msgspec


class Status(StrEnum):
    """A status is the text that it is, also where it is looked up: in a set, or as a key."""

    # An enumeration would look itself up by its member's name, which "ready" is not, and slowly.
    __hash__ = str.__hash__


class OrderStatus(Status):
    SCHEDULED = "scheduled"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    PREPARING = "preparing"
    READY = "ready"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


class ItemStatus(Status):
    HELD = "held"
    PENDING = "pending"
    PREPARING = "preparing"
    READY = "ready"
    SERVED = "served"
    VOIDED = "voided"


CLOSED = frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.REJECTED})
IN_THE_KITCHEN = frozenset({OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY})
UNFINISHED = frozenset({ItemStatus.HELD, ItemStatus.PENDING, ItemStatus.PREPARING})
COOKED = frozenset({ItemStatus.READY, ItemStatus.SERVED})
# For what is asked of each item of every order: until Python 3.12, an enumeration finds its members slowly.
PENDING, VOIDED = ItemStatus.PENDING, ItemStatus.VOIDED
ORDER_STATUSES: Mapping[str, OrderStatus] = {status: status for status in OrderStatus}
ITEM_STATUSES: Mapping[str, ItemStatus] = {status: status for status in ItemStatus}


class Modifier(msgspec.Struct, frozen=True, gc=False):
    name: str
    price: int = 0


class Discount(msgspec.Struct, frozen=True, gc=False):
    name: str
    amount: int


class Payment(msgspec.Struct, frozen=True, gc=False):
    tender: str
    amount: int
    tip: int = 0


class Customer(msgspec.Struct, frozen=True, gc=False):
    name: str | None = None
    contact: str | None = None


class Item(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One line of an order; prices are per piece, in minor units."""

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
    fired_at: datetime | None = None
    started_at: datetime | None = None
    ready_at: datetime | None = None
    served_at: datetime | None = None
    voided_at: datetime | None = None
    void_reason: str | None = None
    acknowledged_at: datetime | None = None

    @property
    def total(self) -> int:
        price = self.unit_price
        for modifier in self.modifiers:
            price += modifier.price
        return self.quantity * price

    @property
    def touched(self) -> bool:
        """Whether a cook has begun it, even if it was voided or recalled since."""
        return self.started_at is not None or self.ready_at is not None


class OrderHead(msgspec.Struct, frozen=True, gc=False):
    """What is known of an order apart from its items.

    `version` counts its events; `acted_version` is the version of the last event that was not merely an estimate.
    """

    id: str
    location_id: str
    number: str
    business_day: date
    channel: str
    currency: str
    placed_at: datetime
    updated_at: datetime
    recall_seconds: int
    status: OrderStatus
    version: int
    acted_version: int
    progress: int
    priority: bool
    discounts: tuple[Discount, ...]
    payments: tuple[Payment, ...]
    delay_seconds: int
    external_id: str | None = None
    fingerprint: str | None = None
    table: str | None = None
    guests: int | None = None
    customer: Customer | None = None
    notes: str | None = None
    estimate_ready_at: datetime | None = None
    estimate_ready_by: datetime | None = None
    estimate_computed_at: datetime | None = None
    confirmed_at: datetime | None = None
    started_at: datetime | None = None
    ready_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    scheduled_for: datetime | None = None
    accept_by: datetime | None = None


class Order(OrderHead, frozen=True, gc=False, kw_only=True):
    """What a guest asked for, folded from its events."""

    items: tuple[Item, ...]

    @property
    def subtotal(self) -> int:
        total = 0
        for item in self.items:
            if item.status != VOIDED:
                total += item.total
        return total

    @property
    def discounted(self) -> int:
        """What the discounts add up to."""
        return sum([discount.amount for discount in self.discounts]) if self.discounts else 0

    @property
    def discount(self) -> int:
        """What the discounts take off; never more than there is to pay."""
        return min(self.discounted, self.subtotal)

    @property
    def total(self) -> int:
        return self.subtotal - self.discount

    @property
    def paid(self) -> int:
        return sum([payment.amount for payment in self.payments]) if self.payments else 0

    @property
    def tips(self) -> int:
        return sum([payment.tip for payment in self.payments]) if self.payments else 0

    @property
    def closed(self) -> bool:
        return self.status in CLOSED

    @property
    def live(self) -> bool:
        """Whether a screen still needs it: it is open, or a void waits to be acknowledged."""
        return not self.closed or any(item.status == VOIDED and item.acknowledged_at is None for item in self.items)

    def item(self, item_id: str) -> Item | None:
        for item in self.items:
            if item.id == item_id:
                return item
        return None


def new_item(
    id: str,
    line: int,
    name: str,
    quantity: int,
    unit_price: int,
    station: str,
    *,
    sku: str | None = None,
    modifiers: Sequence[Modifier] = (),
    notes: str | None = None,
    allergens: Sequence[str] = (),
    course: int = 1,
    prep_seconds: int = 0,
) -> Item:
    """An item that enters an order: it waits, and no cook has touched it."""
    return Item(
        id,
        line,
        sku,
        name,
        quantity,
        unit_price,
        tuple(modifiers),
        notes,
        tuple(allergens),
        station,
        course,
        prep_seconds,
        PENDING,
    )


class Event(msgspec.Struct, frozen=True):
    """Something that happened to an order. `data` holds what JSON knows, and items, payments and the like as values."""

    type: str
    at: datetime
    actor: str
    data: Mapping[str, Any] = MappingProxyType({})


class Recorded(msgspec.Struct, frozen=True):
    """An event that has its place in the order's history: `version` is the order's version after it."""

    order_id: str
    version: int
    event: Event
