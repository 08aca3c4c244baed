"""The events as they are written down: when, who, what was said, and the facts."""

from datetime import datetime
from typing import Any, NamedTuple

from workflow.state_machine.commands import PlaceOrder
from workflow.state_machine.model import Event, ItemStatus, OrderStatus, Payment


class Scribe(NamedTuple):
    """Writes down what one command leads to; what was said with the command goes into each event."""

    at: datetime
    actor: str
    reason: str | None = None
    notes: str | None = None

    def write(self, type_: str, facts: dict[str, Any]) -> Event:
        """An event of *facts*, which must be JSON-ready."""
        if self.reason is not None:
            facts["reason"] = self.reason
        if self.notes is not None:
            facts["notes"] = self.notes
        return Event(type_, self.at, self.actor, facts)

    def move(self, type_: str, old: Any, new: Any, **facts: Any) -> Event:
        """An event that takes something from status *old* to status *new*."""
        return self.write(type_, {"from": str(old), "to": str(new), **facts})


def order_facts(command: PlaceOrder, status: OrderStatus) -> dict[str, Any]:
    """Everything that folding needs, so that the history alone rebuilds the order."""
    first = min([item["course"] for item in command.items])
    customer = command.customer
    return {
        "from": None,
        "to": str(status),
        "location": command.location_id,
        "number": command.number,
        "business_day": command.business_day.isoformat(),
        "external_id": command.external_id,
        "fingerprint": command.fingerprint,
        "channel": command.channel,
        "currency": command.currency,
        "table": command.table,
        "guests": command.guests,
        "customer": {"name": customer.name, "contact": customer.contact} if customer else None,
        "notes": command.notes,
        "recall_seconds": command.recall_seconds,
        "scheduled_for": instant(command.scheduled_for),
        "accept_by": instant(command.accept_by),
        "discounts": [{"name": discount.name, "amount": discount.amount} for discount in command.discounts],
        "payments": [payment_facts(payment) for payment in command.payments],
        "items": [
            item if item["course"] == first else item | {"status": str(ItemStatus.HELD)} for item in command.items
        ],
    }


def payment_facts(payment: Payment) -> dict[str, Any]:
    return {"tender": payment.tender, "amount": payment.amount, "tip": payment.tip}


def instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with a `Z`, or None."""
    return at.isoformat().replace("+00:00", "Z") if at else None
