"""A restaurant to test in: a real store over a real database, and a clock that waits to be told."""

from datetime import UTC, datetime, timedelta

from workflow import queries
from workflow.demo import LOCATION, MENU, STATIONS
from workflow.intake import AddDraft, DraftItem, PlaceDraft
from workflow.menu import Location, replace_menu, replace_stations, save_location
from workflow.state_machine.commands import AddPayment, AdvanceItem, AdvanceOrder, AdvanceTicket, SetStatus
from workflow.state_machine.model import Payment
from workflow.state_machine.refusals import Refusal
from workflow.submissions import Idempotency, Submission

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class SetClock:
    """Shows what it was told; moves by a microsecond at each look, as no two moments are the same."""

    def __init__(self, at=NOON):
        self.at = at

    def __call__(self):
        self.at += timedelta(microseconds=1)
        return self.at

    def advance(self, seconds):
        self.at += timedelta(seconds=seconds)
        return self.at


def house(**changes):
    values = {
        "id": LOCATION,
        "name": "Trattoria",
        "timezone": "Europe/Berlin",
        "currency": "EUR",
        "cut_off_minutes": 240,
        "auto_confirm": True,
        "accept_seconds": 600,
        "recall_seconds": 900,
        "default_station": "grill",
        "created_at": NOON - timedelta(days=1),
    }
    return Location(**values | changes)


class Restaurant:
    """Plays till and kitchen against `store`: each call is one committed command, or raises its Refusal."""

    def __init__(self, store, clock, **location):
        self.store, self.clock = store, clock
        self.location = house(**location)
        with store.writing() as connection:
            save_location(connection, self.location)
            replace_stations(connection, self.location.id, STATIONS)
            replace_menu(connection, self.location.id, MENU)

    def draft(self, *items, **more):
        wanted = tuple(DraftItem(1, sku=item) if isinstance(item, str) else item for item in items or ("MARGHERITA",))
        values = {"channel": "dine_in", "fingerprint": "content"} | more
        return PlaceDraft(items=wanted, **values)

    def submission(self, command, order=None, *, actor="kitchen:test", key=None, fingerprint="f", **more):
        idempotency = Idempotency("test", key, fingerprint) if key else None
        return Submission(command, self.location.id, actor, order and order.id, idempotency=idempotency, **more)

    def outcomes(self, *submissions):
        """What a batch of these comes to, refusals included."""
        return self.store.run(submissions)

    def outcome(self, command, order=None, **more):
        result = self.store.run([self.submission(command, order, **more)])[0]
        if isinstance(result, Exception):
            raise result
        return result

    def place(self, *items, key=None, fingerprint="f", **more):
        draft = self.draft(*items, **more)
        return self.outcome(draft, actor="pos:test", key=key, fingerprint=fingerprint).order

    def do(self, order, action, **more):
        return self.outcome(AdvanceOrder(action, **more), order).order

    def item(self, order, index, action, reason=None):
        return self.outcome(AdvanceItem(order.items[index].id, action, reason), order).order

    def ticket(self, order, station, action, reason=None):
        return self.outcome(AdvanceTicket(station, action, reason), order).order

    def set_status(self, order, status, notes=None):
        return self.outcome(SetStatus(status, notes), order).order

    def add(self, order, *items):
        wanted = tuple(DraftItem(1, sku=item) if isinstance(item, str) else item for item in items)
        return self.outcome(AddDraft(wanted), order).order

    def pay(self, order, amount, tender="card", tip=0):
        return self.outcome(AddPayment(Payment(tender, amount, tip)), order).order

    def stored(self, order):
        with self.store.reading() as connection:
            return self.store.orders(connection, [order.id])[order.id]

    def history(self, order):
        with self.store.reading() as connection:
            return queries.history(connection, order.id)

    def rows(self, query):
        with self.store.reading() as connection:
            return connection.execute(query).all()


def refused(result):
    """The refusal that *result* is; fails where it is none."""
    assert isinstance(result, Refusal), result
    return result
