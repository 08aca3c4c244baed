"""A command on its way into the engine, and what came of it."""

from datetime import datetime
from typing import Literal

import msgspec

from workflow.intake import AddDraft, PlaceDraft
from workflow.state_machine.commands import Command
from workflow.state_machine.model import Order


class Idempotency(msgspec.Struct, frozen=True):
    """A client's name for one request; `fingerprint` tells whether it is the same request again."""

    principal: str
    key: str
    fingerprint: str


class Submission(msgspec.Struct, frozen=True):
    """Who wants what of which order. `location_id` None: any location (an admin)."""

    command: PlaceDraft | AddDraft | Command
    location_id: str | None
    actor: str
    order_id: str | None = None
    if_match: int | None = None
    idempotency: Idempotency | None = None


Kind = Literal["placed", "existing", "done"]


class Outcome(msgspec.Struct):
    """The order after it; `at` is the moment by which the answer is to be written, so that a replay reads the same.

    `answer` is for whoever writes it early.
    """

    order: Order
    kind: Kind
    at: datetime
    replayed: bool = False
    answer: bytes | None = None
