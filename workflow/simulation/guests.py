"""The guests: each looks at the page of their own order until it is over."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from workflow.simulation.agenda import Agenda
from workflow.simulation.books import OrderBook
from workflow.simulation.desk import Desk

LOOK_SECONDS = 30.0
LOOK_REAL_SECONDS = 0.4
LATE_SECONDS = 15.0
HIDDEN = ("external_id", "payments", "paid", "tips")


@dataclass(slots=True)
class Seen:
    """What a guest saw last."""

    order: OrderBook
    etag: str | None = None
    version: int = 0
    progress: int = 0
    recalls_answered: int = 0
    status: str = ""
    closed_at: float | None = None


class Guests:
    """They check what they are told: versions and progress only rise, and the end is told."""

    def __init__(self, desk: Desk, agenda: Agenda) -> None:
        self._desk = desk
        self._agenda = agenda

    def seat(self, order: OrderBook) -> None:
        self._agenda.after(order.plan.rng("guest").uniform(0, LOOK_SECONDS), partial(self._look, Seen(order)))

    def _look(self, seen: Seen) -> None:
        recalls = seen.order.recalls_answered
        path = f"/v1/track/{seen.order.tracking_token}"
        answer = self._desk.client.get(path, what="track", etag=seen.etag)
        if answer.status == 200 and isinstance(answer.body, dict):
            self._check(seen, answer.body, recalls)
            seen.etag = answer.headers.get("ETag")
        elif answer.status != 304:
            self._wrong(seen, f"the tracking page was answered {answer.status} {answer.code}.")
        if self._goes_on(seen):
            self._agenda.after(LOOK_SECONDS, partial(self._look, seen), at_least=LOOK_REAL_SECONDS)

    def _check(self, seen: Seen, told: Mapping[str, Any], recalls: int) -> None:
        version, progress = told["version"], told["progress"]
        if version < seen.version:
            self._wrong(seen, f"the guest saw version {version} after {seen.version}.")
        if progress < seen.progress and seen.order.recalls_sent == seen.recalls_answered:
            self._wrong(seen, f"the guest saw progress fall from {seen.progress} to {progress} without a recall.")
        if shown := [name for name in HIDDEN if name in told]:
            self._wrong(seen, f"the guest is shown {', '.join(shown)}.")
        if isinstance(told.get("customer"), dict) and told["customer"].get("contact"):
            self._wrong(seen, "the guest's page shows a contact.")
        seen.version, seen.progress, seen.status = version, progress, told["status"]
        seen.recalls_answered = recalls

    def _goes_on(self, seen: Seen) -> bool:
        """Until the end was seen; when it is not told in good time, that is noted."""
        if not seen.order.closed:
            seen.closed_at = None
            return True
        if seen.status == seen.order.status:
            return False
        seen.closed_at = seen.closed_at or time.monotonic()
        if time.monotonic() - seen.closed_at < LATE_SECONDS:
            return True
        self._wrong(seen, f"the order is {seen.order.status}; the guest still sees {seen.status or 'nothing'}.")
        return False

    def _wrong(self, seen: Seen, detail: str) -> None:
        self._desk.findings.add("tracking", detail, seen.order.external_id)
