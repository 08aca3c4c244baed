"""The events as they are written down: when, who, what was said, and the facts."""

from datetime import date, datetime
from typing import Any, TypedDict

import msgspec
from msgspec.structs import replace

from workflow.state_machine.commands import PlaceOrder
from workflow.state_machine.model import Customer, Discount, Event, Item, ItemStatus, OrderStatus, Payment


class Scribe(msgspec.Struct, frozen=True):
    """Writes down what one command leads to; what was said with the command goes into each event."""

    at: datetime
    actor: str
    reason: str | None = None
    notes: str | None = None

    def write(self, type_: str, facts: dict[str, Any]) -> Event:
        """An event of *facts*."""
        if self.reason is not None:
            facts["reason"] = self.reason
        if self.notes is not None:
            facts["notes"] = self.notes
        return Event(type_, self.at, self.actor, facts)

    def move(self, type_: str, old: Any, new: Any, **facts: Any) -> Event:
        """An event that takes something from status *old* to status *new*."""
        return self.write(type_, {"from": old, "to": new, **facts})


def order_facts(command: PlaceOrder, status: OrderStatus) -> dict[str, Any]:
    """Everything that folding needs, so that the history alone rebuilds the order."""
    first = min([item.course for item in command.items])
    return {
        "from": None,
        "to": status,
        "location": command.location_id,
        "number": command.number,
        "business_day": command.business_day,
        "external_id": command.external_id,
        "fingerprint": command.fingerprint,
        "channel": command.channel,
        "currency": command.currency,
        "table": command.table,
        "guests": command.guests,
        "customer": command.customer,
        "notes": command.notes,
        "recall_seconds": command.recall_seconds,
        "scheduled_for": command.scheduled_for,
        "accept_by": command.accept_by,
        "discounts": command.discounts,
        "payments": command.payments,
        "items": tuple(
            [item if item.course == first else replace(item, status=ItemStatus.HELD) for item in command.items]
        ),
    }


def payment_facts(payment: Payment) -> dict[str, Any]:
    return {"tender": payment.tender, "amount": payment.amount, "tip": payment.tip}


def instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with a `Z`, or None."""
    return at.isoformat().replace("+00:00", "Z") if at else None


class _Placed(TypedDict):
    business_day: date
    customer: Customer | None
    scheduled_for: datetime | None
    accept_by: datetime | None
    discounts: tuple[Discount, ...]
    payments: tuple[Payment, ...]
    items: tuple[Item, ...]


class _Added(TypedDict):
    items: tuple[Item, ...]


# What the facts of these events hold as values; all others hold what JSON knows.
VALUES: dict[str, type[_Placed | _Added]] = {"order.placed": _Placed, "item.added": _Added}


def stored(type_: str, at: datetime, actor: str, facts: dict[str, Any]) -> Event:
    """An event from what was written down of it, *facts* being what JSON made of them."""
    values = VALUES.get(type_)
    return Event(type_, at, actor, facts if values is None else facts | msgspec.convert(facts, values))
