"""One order on paper: it lives through commands, and remembers what happened."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from workflow.state_machine.commands import AdvanceItem, AdvanceOrder, AdvanceTicket, PlaceOrder
from workflow.state_machine.decide import decide, place
from workflow.state_machine.events import stored
from workflow.state_machine.evolve import evolve
from workflow.state_machine.model import Recorded, new_item
from workflow.state_machine.refusals import Refusal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVENING = NOON + timedelta(hours=7)
SECOND = timedelta(seconds=1)
WHY = "the guest has left"


def dish(line, course=1, station="grill"):
    return new_item(f"i{line}", line, "Dish", 1, 1000, station, course=course)


def read_back(recorded):
    """*recorded* as it is after it was written down as JSON."""
    event = recorded.event
    facts = msgspec.json.decode(msgspec.json.encode(event.data))
    return Recorded(recorded.order_id, recorded.version, stored(event.type, event.at, event.actor, facts))


class Life:
    """An order of one item per course named, at the stations named; confirmed at its birth unless told otherwise."""

    def __init__(self, *courses, stations=(), **birth):
        stations = (*stations, *["grill"] * len(courses))
        items = tuple(dish(line, course, stations[line - 1]) for line, course in enumerate(courses, start=1))
        birth = {"confirm": True, "recall_seconds": 600} | birth
        command = PlaceOrder("o1", "main", "A-001", date(2026, 11, 20), "dine_in", "EUR", items, **birth)
        self.now = NOON
        self.order = None
        self.history = []
        self._happen(place(command, NOON, "pos"))

    def ask(self, command):
        """The types of the events that *command* leads to, which have then happened."""
        events = decide(self.order, command, self.now, "kitchen")
        self._happen(events)
        return [event.type for event in events]

    def advance(self, action, **said):
        return self.ask(AdvanceOrder(action, **said))

    def item(self, line, action, **said):
        return self.ask(AdvanceItem(f"i{line}", action, **said))

    def ticket(self, station, action, **said):
        return self.ask(AdvanceTicket(station, action, **said))

    def refusal(self, command):
        """The refusal of *command*, after which nothing has changed."""
        before = self.order
        with pytest.raises(Refusal) as refused:
            self.ask(command)
        assert self.order is before
        return refused.value

    def statuses(self):
        return [item.status.value for item in self.order.items]

    def recorded(self):
        return [Recorded("o1", version, event) for version, event in enumerate(self.history, start=1)]

    def _happen(self, events):
        for event in events:
            self.order = evolve(self.order, event, "o1")
            self.history.append(event)


def scheduled():
    return Life(1, 1, scheduled_for=EVENING)


def pending():
    return Life(1, 1, confirm=False, accept_by=NOON + 300 * SECOND)


def confirmed():
    return Life(1, 1)


def preparing():
    life = Life(1, 1)
    life.advance("start")
    return life


def ready():
    life = Life(1, 1)
    life.advance("bump")
    return life


def completed():
    life = ready()
    life.advance("complete")
    return life


def cancelled():
    life = Life(1, 1)
    life.advance("cancel", reason=WHY)
    return life


def rejected():
    life = pending()
    life.advance("reject", reason=WHY)
    return life


ORDERS = {
    life.__name__: life for life in (scheduled, pending, confirmed, preparing, ready, completed, cancelled, rejected)
}


def with_item(status):
    """A confirmed order whose second item has *status*, and whose first keeps it open."""
    life = Life(1, 2 if status == "held" else 1)
    for action in WAYS[status]:
        life.item(2, action, reason=WHY)
    return life


WAYS = {
    "held": [],
    "pending": [],
    "preparing": ["start"],
    "ready": ["bump"],
    "served": ["bump", "serve"],
    "voided": ["void"],
}
