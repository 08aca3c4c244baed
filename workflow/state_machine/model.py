"""The order, its items and its events, as frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar


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

Kept = TypeVar("Kept", "Item", "Order")
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Modifier:
    name: str
    price: int = 0


@dataclass(frozen=True, slots=True)
class Discount:
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    tender: str
    amount: int
    tip: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    name: str | None = None
    contact: str | None = None


@dataclass(frozen=True)
class Item:
    """One line of an order; prices are per piece, in minor units."""

    id: str
    line: int
    name: str
    quantity: int
    unit_price: int
    station: str
    sku: str | None = None
    modifiers: tuple[Modifier, ...] = ()
    notes: str | None = None
    allergens: tuple[str, ...] = ()
    course: int = 1
    prep_seconds: int = 0
    status: ItemStatus = ItemStatus.PENDING
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


@dataclass(frozen=True)
class Order:
    """What a guest asked for, folded from its events.

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
    items: tuple[Item, ...] = ()
    external_id: str | None = None
    fingerprint: str | None = None
    table: str | None = None
    guests: int | None = None
    customer: Customer | None = None
    notes: str | None = None
    status: OrderStatus = OrderStatus.PENDING
    version: int = 0
    acted_version: int = 0
    progress: int = 0
    priority: bool = False
    discounts: tuple[Discount, ...] = ()
    payments: tuple[Payment, ...] = ()
    delay_seconds: int = 0
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
        return sum([discount.amount for discount in self.discounts])

    @property
    def discount(self) -> int:
        """What the discounts take off; never more than there is to pay."""
        return min(self.discounted, self.subtotal)

    @property
    def total(self) -> int:
        return self.subtotal - self.discount

    @property
    def paid(self) -> int:
        return sum([payment.amount for payment in self.payments])

    @property
    def tips(self) -> int:
        return sum([payment.tip for payment in self.payments])

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


def made(kind: type[Kept], values: dict[str, Any]) -> Kept:
    """A *kind* of *values* and defaults, without the `__init__` that would take four times as long."""
    one = object.__new__(kind)
    object.__setattr__(one, "__dict__", DEFAULTS[kind] | values)
    return one


def changed(value: Kept, changes: dict[str, Any]) -> Kept:
    """A copy of *value* with *changes*: `replace` without running `__init__` again, which takes ten times as long.

    It needs the instance's `__dict__`; that is why orders and items have no slots.
    """
    copy = object.__new__(type(value))
    object.__setattr__(copy, "__dict__", vars(value) | changes)
    return copy


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
) -> Facts:
    """An item that enters an order, as the event tells it: JSON-ready, and no cook has touched it."""
    return {
        "id": id,
        "line": line,
        "sku": sku,
        "name": name,
        "quantity": quantity,
        "unit_price": unit_price,
        "modifiers": [{"name": one.name, "price": one.price} for one in modifiers] if modifiers else [],
        "notes": notes,
        "allergens": list(allergens),
        "station": station,
        "course": course,
        "prep_seconds": prep_seconds,
        "status": "pending",
        "fired_at": None,
    }


DEFAULTS: Mapping[type, dict[str, Any]] = {
    kind: {one.name: one.default for one in fields(kind) if one.default is not MISSING} for kind in (Item, Order)
}


class Event(NamedTuple):
    """Something that happened to an order; `data` is JSON-ready, its `from` and `to` are statuses."""

    type: str
    at: datetime
    actor: str
    data: Mapping[str, Any] = MappingProxyType({})


class Recorded(NamedTuple):
    """An event that has its place in the order's history: `version` is the order's version after it."""

    order_id: str
    version: int
    event: Event
