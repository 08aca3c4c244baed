"""Whatever is asked of an order of up to eight items, in whatever sequence, the promises hold."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.state_machine.scenes import EVENING, WHY, Life, dish, read_back
from workflow.state_machine.commands import (
    AddItems,
    AddPayment,
    AdvanceItem,
    AdvanceOrder,
    AdvanceTicket,
    EstimateOrder,
    MarkOverdue,
    ReleaseOrder,
    SetStatus,
)
from workflow.state_machine.decide import decide
from workflow.state_machine.evolve import FALLS, fold
from workflow.state_machine.model import UNFINISHED, OrderStatus, Payment
from workflow.state_machine.options import item_actions, order_actions
from workflow.state_machine.refusals import Refusal
from workflow.state_machine.roll_up import status_of_items
from workflow.state_machine.tables import ITEM, ORDER

MOST = 8
courses = st.integers(1, 4)
stations = st.sampled_from(["grill", "bar", "cold"])
reasons = st.sampled_from([WHY, WHY, "", None])
moments = st.integers(-120, 1200).map(lambda seconds: timedelta(seconds=seconds))
births = st.sampled_from([{"confirm": True}, {"confirm": False}, {"scheduled_for": EVENING}])


class AnyOrder(RuleBasedStateMachine):
    """An order, what happened to it, and how far it has come."""

    @initialize(
        courses=st.lists(courses, min_size=1, max_size=MOST), stations=st.lists(stations, max_size=MOST), birth=births
    )
    def place(self, courses, stations, birth):
        self.life = Life(*courses, stations=stations[: len(courses)], **birth)

    @rule(
        action=st.sampled_from([*ORDER.actions, "release", "reopen"]),
        reason=reasons,
        course=courses,
        seconds=st.integers(-90, 90),
    )
    def advance_the_order(self, action, reason, course, seconds):
        self.ask(AdvanceOrder(action, reason=reason, course=course, seconds=seconds))

    @rule(line=st.integers(1, MOST), action=st.sampled_from(ITEM.actions), reason=reasons)
    def advance_an_item(self, line, action, reason):
        self.ask(AdvanceItem(f"i{line}", action, reason=reason))

    @rule(station=stations, action=st.sampled_from(ITEM.actions), reason=reasons)
    def advance_a_ticket(self, station, action, reason):
        self.ask(AdvanceTicket(station, action, reason=reason))

    @rule(status=st.sampled_from(OrderStatus), notes=reasons)
    def set_the_status(self, status, notes):
        self.ask(SetStatus(status, notes))

    @precondition(lambda self: len(self.life.order.items) < MOST)
    @rule(course=courses, station=stations)
    def add_an_item(self, course, station):
        line = len(self.life.order.items) + 1
        self.ask(AddItems((dish(line, course, station),)))

    @rule(confirm=st.booleans())
    def release(self, confirm):
        self.ask(ReleaseOrder(confirm))

    @rule(median=moments, rest=moments)
    def estimate(self, median, rest):
        self.ask(EstimateOrder(self.life.now + median, self.life.now + median + rest))

    @rule()
    def mark_overdue(self):
        self.ask(MarkOverdue())

    @rule(amount=st.integers(0, 5000))
    def pay(self, amount):
        self.ask(AddPayment(Payment("card", amount)))

    @rule(seconds=st.integers(0, 700))
    def wait(self, seconds):
        self.life.now += timedelta(seconds=seconds)

    def ask(self, command):
        """What is promised of a command, whatever it is."""
        before, happened = self.life.order, len(self.life.history)
        try:
            self.life.ask(command)
        except Refusal:
            assert self.life.order is before
            return
        events = self.life.history[happened:]
        after = self.life.order
        assert after.version == before.version + len(events)
        assert after.progress >= before.progress or any(event.type in FALLS for event in events)
        assert not before.closed or after.status == before.status or before.status == "completed"

    @invariant()
    def status_and_items_agree(self):
        order = self.life.order
        assert order.status == status_of_items(order)
        if order.status == "completed":
            assert not any(item.status in UNFINISHED for item in order.items)
        if order.status in ("cancelled", "rejected"):
            assert {item.status for item in order.items} <= {"voided", "served"}

    @invariant()
    def the_history_is_the_order(self):
        assert fold(map(read_back, self.life.recorded())) == self.life.order

    @invariant()
    def what_is_offered_is_accepted(self):
        order, now = self.life.order, self.life.now
        for action in order_actions(order, now):
            tried = [AdvanceOrder(action, reason=WHY, course=item.course, seconds=60) for item in order.items]
            assert any(self.accepts(command) for command in tried), action
        for item in order.items:
            for action in item_actions(order, item, now):
                assert self.accepts(AdvanceItem(item.id, action, reason=WHY)), action

    def accepts(self, command):
        try:
            return decide(self.life.order, command, self.life.now, "anybody") != []
        except Refusal:
            return False


AnyOrder.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase
