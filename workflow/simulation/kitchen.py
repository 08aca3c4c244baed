"""The cooks: one group per station, who know nothing but what their screen shows."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from workflow.simulation.agenda import Agenda
from workflow.simulation.books import Line, OrderBook
from workflow.simulation.desk import Desk
from workflow.simulation.plan import Style
from workflow.simulation.rules import Move

HANDS = 10
LOOK_SECONDS = 10.0
LOOK_REAL_SECONDS = 0.25
REACTION = (10.0, 60.0)
SPREAD = 0.3


@dataclass(frozen=True, slots=True)
class Chore:
    """What one pair of hands is at: an item, a station's whole ticket, or an order as a client of statuses sees it."""

    order: OrderBook
    name: str
    lines: tuple[Line, ...]
    start: Move
    bump: Move

    @property
    def seconds(self) -> float:
        """Believable minutes: what the menu says, spread as kitchens spread it."""
        prep = max(line.prep_seconds for line in self.lines) or 60
        return prep * self.order.plan.rng(f"cook {self.name}").lognormvariate(0.0, SPREAD)


class Station:
    """Looks at its screen again and again, and works on what it sees with so many hands."""

    def __init__(self, name: str, desk: Desk, agenda: Agenda) -> None:
        self.name = name
        self.showing: set[str] = set()
        self._desk = desk
        self._agenda = agenda
        self._etag: str | None = None
        self._at_hand: set[str] = set()
        self._lock = threading.Lock()

    def open(self) -> None:
        self._agenda.after(0, self._look, owed=False)

    def _look(self) -> None:
        try:
            path = f"/v1/kitchen/tickets?station={self.name}"
            answer = self._desk.client.get(path, what="read tickets", role="kitchen", etag=self._etag)
            if answer.status == 200:
                self._etag = answer.headers.get("ETag")
                self._read(answer.body["data"])
            elif answer.status != 304:
                self._desk.findings.add(
                    "kitchen", f"{self.name}: the tickets were answered {answer.status} {answer.code}."
                )
        finally:
            self._agenda.after(LOOK_SECONDS, self._look, owed=False, at_least=LOOK_REAL_SECONDS)

    def _read(self, tickets: list[Mapping[str, Any]]) -> None:
        showing = set()
        for ticket in tickets:
            order = self._desk.books.find(ticket["order_id"])
            if order is not None:
                showing.add(order.external_id)
                self._notice(order, ticket["items"])
        self.showing = showing

    def _notice(self, order: OrderBook, items: list[Mapping[str, Any]]) -> None:
        for item in items:
            line = order.lines.get(item["id"])
            if line is None:
                continue
            line.shown = True
            if line.station != self.name:
                detail = f"item {line.id} of {line.station} is on the screen of {self.name}."
                self._desk.findings.add("kitchen", detail, order.external_id)
            if item["status"] in ("pending", "preparing"):
                self._take(self._chore(order, line))
            elif item["status"] == "voided" and not line.acknowledged:
                line.acknowledged = True
                wait = order.plan.rng(f"strike {line.number}").uniform(10, 60)
                self._agenda.after(wait, partial(self._strike, order, line))

    def _chore(self, order: OrderBook, line: Line) -> Chore:
        style = order.plan.style
        if style == Style.STATUSES:
            lines = tuple(order.having("pending", "preparing")) or (line,)
            start, bump = Move("start", status="preparing"), Move("bump", status="ready")
            return Chore(order, f"{order.plan.number}", lines, start, bump)
        if style == Style.TICKETS:
            lines = tuple(each for each in order.having("pending", "preparing") if each.station == self.name) or (line,)
            start, bump = Move("start", station=self.name), Move("bump", station=self.name)
            return Chore(order, f"{order.plan.number}/{self.name}", lines, start, bump)
        name = f"{order.plan.number}/{line.number}"
        return Chore(order, name, (line,), Move("start", item=line.id), Move("bump", item=line.id))

    def _take(self, chore: Chore) -> None:
        with self._lock:
            if chore.name in self._at_hand or len(self._at_hand) >= HANDS:
                return
            self._at_hand.add(chore.name)
        wait = chore.order.plan.rng(f"take {chore.name}").uniform(*REACTION)
        self._agenda.after(wait, partial(self._begin, chore))

    def _begin(self, chore: Chore) -> None:
        """Start, unless it was started already, or nobody bothers to say so."""
        rng = chore.order.plan.rng(f"begin {chore.name}")
        wanted = False
        try:
            with chore.order.lock:
                wanted = self._still_wanted(chore)
                if wanted and any(line.status == "pending" for line in chore.lines) and rng.random() < 0.9:
                    self._press(chore, chore.start, rng.random())
        finally:
            if wanted:
                self._agenda.after(chore.seconds, partial(self._finish, chore))
            else:
                self._leave(chore)

    def _finish(self, chore: Chore) -> None:
        order, rng = chore.order, chore.order.plan.rng(f"finish {chore.name}")
        try:
            with order.lock:
                if self._still_wanted(chore):
                    self._press(chore, chore.bump, rng.random())
                elif order.plan.has("stray move"):
                    self._desk.move(order, chore.bump, "kitchen")
        finally:
            self._leave(chore)
        if order.plan.has("item recalled") and not chore.lines[0].sent_back:
            chore.lines[0].sent_back = True
            self._agenda.after(rng.uniform(20, 90), partial(self._recall, order, chore.lines[0]))

    def _press(self, chore: Chore, move: Move, chance: float) -> None:
        order = chore.order
        if order.plan.has("double tap") and chance < 0.3:
            self._desk.double_tap(order, move, "kitchen")
            return
        self._desk.move(order, move, "kitchen")
        if chance > 0.95:
            self._desk.move(order, move, "kitchen")

    def _still_wanted(self, chore: Chore) -> bool:
        in_kitchen = chore.order.status in ("confirmed", "preparing", "ready")
        return in_kitchen and any(line.status in ("pending", "preparing") for line in chore.lines)

    def _leave(self, chore: Chore) -> None:
        with self._lock:
            self._at_hand.discard(chore.name)

    def _recall(self, order: OrderBook, line: Line) -> None:
        """It came back from the table, or was bumped by mistake; the screen shows it again."""
        with order.lock:
            if line.status in ("ready", "served") and order.status in ("preparing", "ready"):
                self._desk.move(order, Move("recall", item=line.id), "kitchen")

    def _strike(self, order: OrderBook, line: Line) -> None:
        self._desk.move(order, Move("acknowledge", item=line.id), "kitchen")
