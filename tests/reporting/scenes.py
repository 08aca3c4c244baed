"""A restaurant on paper: commands go through the core, events get their day and, sooner or later, their position."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from workflow.business_day import business_day, window
from workflow.reporting.figures import Previous, day_figures
from workflow.reporting.heading import Heading
from workflow.reporting.history import EVERYTHING, Entry, Horizon
from workflow.state_machine.commands import AddPayment, AdvanceItem, AdvanceOrder, PlaceOrder
from workflow.state_machine.decide import decide, place
from workflow.state_machine.evolve import evolve
from workflow.state_machine.model import Discount, Payment, new_item
from workflow.state_machine.refusals import Refusal

ZONE, CUT_OFF = "Europe/Berlin", 240
FIRST = date(2026, 10, 22)
NOON = datetime(2026, 10, 22, 10, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def item(line=1, price=1000, quantity=1, station="grill", name="Burger", sku="BURGER"):
    return new_item(f"item-{line}", line, name, quantity, price, station, sku=sku)


@dataclass
class Scene:
    now: datetime = NOON
    orders: dict = field(default_factory=dict)
    log: dict = field(default_factory=dict)
    uncommitted: dict = field(default_factory=dict)
    position: int = 0
    reports: list = field(default_factory=list)
    previous: Previous | None = None

    def place(self, *items, late=False, confirm=True, scheduled_for=None, **told):
        order_id = f"order-{len(self.orders):04d}"
        day = self.day_of(scheduled_for or self.now)
        numbered = [replace(one, id=f"{order_id}-{n}", line=n) for n, one in enumerate(items, 1)]
        order = PlaceOrder(
            order_id, "main", f"A-{len(self.orders) + 1:03d}", day, told.pop("channel", "dine_in"), "EUR",
            tuple(numbered), 3600, confirm=confirm, scheduled_for=scheduled_for,
            discounts=tuple(Discount(*one) for one in told.pop("discounts", ())),
            payments=tuple(Payment(*one) for one in told.pop("payments", ())), **told,
        )  # fmt: skip
        self._record(order_id, place(order, self.now, "pos:1"), late)
        return order_id

    def do(self, order_id, action, late=False, reason="because", **more):
        self._decided(order_id, AdvanceOrder(action, reason=reason, **more), late)

    def item(self, order_id, number, action, late=False, reason="because"):
        self._decided(order_id, AdvanceItem(f"{order_id}-{number}", action, reason=reason), late)

    def pay(self, order_id, amount, tender="card", tip=0, late=False):
        self._decided(order_id, AddPayment(Payment(tender, amount, tip)), late)

    def attempt(self, act, *args, **more):
        with suppress(Refusal):
            act(*args, **more)

    def commit(self):
        for order_id in list(self.uncommitted):
            self._flush(order_id)

    def heading(self, day, **more):
        as_of = min(self.now, window(day, ZONE, CUT_OFF)[1])
        return Heading("main", "Main", day, ZONE, CUT_OFF, "EUR", ("bar", "grill"), **{"as_of": as_of, **more})

    def x_report(self, day=None):
        return day_figures(self.heading(day or self.day_of(self.now)), self.previous, self.log)

    def close(self, day=None):
        """Close *day*, as the engine does it: with all that is committed by now."""
        day = day or self.day_of(self.now)
        of_later_days = [e.position for log in self.log.values() for e in log if e.business_day > day]
        complete_to = min([p for p in of_later_days if p < EVERYTHING], default=self.position + 1) - 1
        numbers = {"number": len(self.reports) + 1, "last_position": self.position, "complete_to": complete_to}
        report = day_figures(self.heading(day, as_of=window(day, ZONE, CUT_OFF)[1], **numbers), self.previous, self.log)
        open_orders = report["exceptions"]["open_orders"]
        self.previous = Previous(Horizon(day, self.position), complete_to, report["grand_total"], open_orders)
        self.reports.append(report)
        return report

    def next_to_close(self):
        return self.previous.horizon.day + DAY if self.previous else FIRST

    def day_of(self, at):
        return business_day(at, ZONE, CUT_OFF)

    def _decided(self, order_id, command, late):
        self._record(order_id, decide(self.orders[order_id], command, self.now, "kitchen:1"), late)

    def _record(self, order_id, events, late):
        """A late transaction holds its order's lock: whoever wants the order next waits for it."""
        self._flush(order_id)
        for event in events:
            self.orders[order_id] = evolve(self.orders.get(order_id), event, order_id)
        self.uncommitted[order_id] = [(event, self.day_of(event.at)) for event in events]
        if not late:
            self._flush(order_id)

    def _flush(self, order_id):
        for event, day in self.uncommitted.pop(order_id, ()):
            self.position += 1
            self.log.setdefault(order_id, []).append(Entry(event, day, self.position))
