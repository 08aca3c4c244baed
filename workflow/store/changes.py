"""What a batch has to write."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from workflow.refusals import every_refusal
from workflow.state_machine.model import Order, Recorded
from workflow.state_machine.refusals import Refusal
from workflow.submissions import Idempotency, Kind, Outcome
from workflow.subscriptions import Job


class Kept(msgspec.Struct, frozen=True):
    """The answer that an idempotency key stands for: an order as of a version, or a refusal."""

    principal: str
    key: str
    fingerprint: str
    outcome: Kind | None
    order_id: str | None
    version: int | None
    refusal: dict[str, Any] | None
    created_at: datetime

    @classmethod
    def of_outcome(cls, key: Idempotency, outcome: Outcome) -> "Kept":
        order = outcome.order
        return cls(key.principal, key.key, key.fingerprint, outcome.kind, order.id, order.version, None, outcome.at)

    @classmethod
    def of_refusal(cls, key: Idempotency, refusal: Refusal, at: datetime) -> "Kept":
        told = {"code": refusal.code, "detail": refusal.detail, "members": refusal.members}
        return cls(key.principal, key.key, key.fingerprint, None, None, None, told, at)

    def refused(self) -> Refusal | None:
        """The refusal that was given, marked as told again."""
        if self.refusal is None:
            return None
        kind = next(kind for kind in every_refusal() if kind.code == self.refusal["code"])
        refusal = kind(self.refusal["detail"], **self.refusal["members"])
        refusal.replayed = True
        return refusal


@dataclass(slots=True)
class Changes:
    """`before` holds the orders as they were, None for new ones; events come with their location and business day."""

    before: dict[str, Order | None] = field(default_factory=dict)
    after: dict[str, Order] = field(default_factory=dict)
    events: list[tuple[Recorded, str, date]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def placed(self) -> list[Order]:
        return [order for order_id, order in self.after.items() if self.before[order_id] is None]

    def advanced(self) -> list[tuple[Order, Order]]:
        pairs = ((self.before[order_id], order) for order_id, order in self.after.items())
        return [(before, after) for before, after in pairs if before is not None and before is not after]
