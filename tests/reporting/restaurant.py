"""The restaurant that the tests of the books run."""

import itertools
import json
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from workflow import menu
from workflow.intake import DraftItem, PlaceDraft
from workflow.reporting import closing, reports
from workflow.schema import jobs
from workflow.sequencer import number_all
from workflow.state_machine.commands import AddPayment, AdvanceItem, AdvanceOrder
from workflow.state_machine.model import Discount, Payment
from workflow.store.store import open_store
from workflow.submissions import Submission

FIRST = date(2026, 10, 23)
NOON = datetime(2026, 10, 23, 10, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MENU = (
    menu.MenuItem("BURGER", "Burger", "Mains", 1200, "grill", 600),
    menu.MenuItem("BEER", "Beer", "Drinks", 450, "bar", 60),
)


class Restaurant:
    def __init__(self, database):
        self.now = NOON
        self.store = open_store(database, clock=lambda: self.now)
        self._tills = itertools.count(1)
        with self.store.writing() as connection:
            self.add_location(connection, "main")

    def add_location(self, connection, location_id):
        place = menu.Location(location_id, "Bistro", "Europe/Berlin", "EUR", 240, True, 0, 3600, "grill", self.now)
        menu.save_location(connection, place)
        menu.replace_stations(
            connection, location_id, [menu.Station("grill", "Grill", 1, 2), menu.Station("bar", "Bar", 2, 1)]
        )
        menu.replace_menu(connection, location_id, MENU)

    def place(self, *skus, location="main", discounts=(), payments=(), **told):
        draft = PlaceDraft(
            channel=told.pop("channel", "dine_in"),
            items=tuple(DraftItem(1, sku=sku) for sku in skus or ("BURGER",)),
            fingerprint=f"{next(self._tills)}",
            discounts=tuple(Discount(*one) for one in discounts),
            payments=tuple(Payment(*one) for one in payments),
            **told,
        )
        return self.submit(Submission(draft, location, "pos:1"))

    def do(self, order, action, **more):
        return self.submit(Submission(AdvanceOrder(action, **more), "main", "kitchen:1", order_id=order.id))

    def void(self, order, line, reason="spilt"):
        command = AdvanceItem(order.items[line].id, "void", reason=reason)
        return self.submit(Submission(command, "main", "kitchen:1", order_id=order.id))

    def pay(self, order, amount, tender="card", tip=0):
        command = AddPayment(Payment(tender, amount, tip))
        return self.submit(Submission(command, "main", "pos:1", order_id=order.id))

    def finish(self, order):
        self.do(order, "bump")
        return self.do(order, "complete")

    def submit(self, submission):
        (outcome,) = self.store.run([submission])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome.order

    def report(self, day=FIRST, location="main"):
        return json.loads(self.report_bytes(day, location))

    def report_bytes(self, day=FIRST, location="main"):
        with self.store.reading() as connection:
            return reports.day_report(connection, location, day, self.now).body

    def close(self, day=FIRST, location="main"):
        with self.store.writing() as connection:
            return closing.close_day(connection, location, day, self.now)

    def request_close(self, day=FIRST, location="main"):
        with self.store.writing() as connection:
            return closing.request_close(connection, location, day, actor="manager:1", at=self.now)

    def ensure_closed(self):
        with self.store.writing() as connection:
            return closing.ensure_days_closed(connection, self.now)

    def number(self):
        with self.store.writing() as connection:
            return number_all(connection)

    def run(self, day=FIRST):
        with self.store.reading() as connection:
            return reports.reading.run_of_day(connection, "main", day)

    def recomputed(self, day=FIRST):
        run = self.run(day)
        with self.store.reading() as connection:
            return reports.recomputed(connection, run)

    def days(self, **more):
        with self.store.reading() as connection:
            return reports.days(connection, "main", **{"first": None, "last": None, "at": self.now, **more})

    def close_jobs(self):
        with self.store.reading() as connection:
            query = sa.select(jobs).where(jobs.c.kind == "close_day").order_by(jobs.c.version)
            return list(connection.execute(query))
