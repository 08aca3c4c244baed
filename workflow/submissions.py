"""A command on its way into the engine, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflow.intake import AddDraft, PlaceDraft
from workflow.state_machine.commands import Command
from workflow.state_machine.model import Order


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A client's name for one request; `fingerprint` tells whether it is the same request again."""

    principal: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Submission:
    """Who wants what of which order. `location_id` None: any location (an admin)."""

    command: PlaceDraft | AddDraft | Command
    location_id: str | None
    actor: str
    order_id: str | None = None
    if_match: int | None = None
    idempotency: Idempotency | None = None


Kind = Literal["placed", "existing", "done"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The order after it; `at` is the moment by which the answer is to be written, so that a replay reads the same."""

    order: Order
    kind: Kind
    at: datetime
    replayed: bool = False
