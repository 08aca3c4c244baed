"""The simulator's own tables against the core: whatever happens in a kitchen, both say the same."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from workflow.simulation import rules
from workflow.simulation.books import Line, OrderBook
from workflow.simulation.plan import Plan, Style
from workflow.simulation.rules import Move
from workflow.state_machine import commands, decide
from workflow.state_machine.evolve import fold
from workflow.state_machine.model import Recorded, new_item
from workflow.state_machine.refusals import Refusal

STATIONS = ("grill", "cold")
ACTIONS = (*rules.ORDER_MOVES, *rules.ITEM_MOVES)


class Pair:
    """One order twice: as the core has it, and as the books have it."""

    def __init__(self, rng):
        self.rng = rng
        self.at = datetime(2026, 11, 22, 18, tzinfo=UTC)
        self.order = None
        self.history = []
        items = tuple(self.item(line) for line in range(1, rng.randint(2, 5)))
        scheduled_for = self.at + timedelta(hours=2) if rng.random() < 0.1 else None
        place = commands.PlaceOrder(
            "o1", "main", "A-001", date(2026, 11, 22), "dine_in", "EUR", items, 900, rng.random() < 0.7,
            scheduled_for=scheduled_for,
        )  # fmt: skip
        self.record(decide.place(place, self.at, "pos"))
        body = {"channel": "dine_in", "items": [], "scheduled_for": scheduled_for}
        self.book = OrderBook(Plan(1, 0.0, body, Style.ITEMS), "sim-1", body, [])
        self.catch_up()

    def item(self, line):
        course = 1 if line == 1 else self.rng.choice((1, 1, 2))
        return new_item(f"i{line}", line, "Dish", 1, 100, self.rng.choice(STATIONS), course=course)

    def record(self, events):
        for event in events:
            self.history.append(Recorded("o1", len(self.history) + 1, event))
        self.order = fold(self.history)

    def catch_up(self):
        self.book.status, self.book.priority = self.order.status.value, self.order.priority
        self.book.lines = {
            item.id: Line(item.id, item.line, item.station, item.course, 1, 100, 0, item.status.value)
            for item in self.order.items
        }

    def ask(self, move):
        """What the core answers: done, nothing, or a refusal's code."""
        try:
            events = decide.decide(self.order, command(move), self.at, "kitchen")
        except Refusal as refusal:
            return refusal.code
        self.record(events)
        return rules.DONE if events else rules.NOTHING

    def random_move(self):
        action = self.rng.choice(ACTIONS)
        reason = self.rng.choice((None, "dropped", "dropped"))
        kind = self.rng.choice(("order", "item", "item", "ticket"))
        if kind == "item" and action in rules.ITEM_MOVES:
            return Move(action, item=self.rng.choice(self.order.items).id, reason=reason)
        if kind == "ticket" and action in ("start", "bump"):
            return Move(action, station=self.rng.choice((*STATIONS, "bar")))
        if action not in rules.ORDER_MOVES:
            action = "complete"
        course = self.rng.choice((1, 2, 3)) if action in ("fire", "hold") else None
        return Move(action, course=course, reason=reason, seconds=60 if action == "delay" else None)


def command(move):
    if move.item:
        return commands.AdvanceItem(move.item, move.action, move.reason)
    if move.station:
        return commands.AdvanceTicket(move.station, move.action, move.reason)
    return commands.AdvanceOrder(move.action, move.reason, course=move.course, seconds=move.seconds)


@pytest.mark.parametrize("seed", range(150))
def test_the_rules_say_what_the_core_says(seed):
    pair = Pair(random.Random(seed))
    for _ in range(60):
        move = pair.random_move()
        expected = rules.outcomes(pair.book, move)
        actual = pair.ask(move)
        assert actual in expected, (move, pair.book.status, pair.book.lines)
        if actual == rules.DONE:
            foreseen = rules.effect(pair.book, move)
            became = {item.id: item.status.value for item in pair.order.items}
            assert foreseen in (None, became), move
            for line in pair.book.lines.values():
                line.status = became[line.id]
            assert pair.order.status.value in rules.order_statuses(pair.book, move), move
        pair.catch_up()


def test_a_move_knows_its_address_and_body():
    assert Move("bump").path("o1") == "/v1/orders/o1/bump"
    assert Move("void", item="i1", reason="dropped").path("o1") == "/v1/orders/o1/items/i1/void"
    assert Move("void", item="i1", reason="dropped").body == {"reason": "dropped"}
    assert Move("bump", station="grill").path("o1") == "/v1/orders/o1/stations/grill/bump"
    legacy = Move("cancel", status="cancelled", reason="guest left")
    assert legacy.path("o1") == "/orders/o1/update_status/"
    assert legacy.body == {"new_status": "cancelled", "notes": "guest left"}
