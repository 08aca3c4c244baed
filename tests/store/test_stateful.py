"""Any sequence of batches on a real database leaves books that agree with themselves."""

from datetime import timedelta

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.restaurant import Restaurant, SetClock
from workflow.audit import audit
from workflow.intake import AddDraft, DraftItem
from workflow.schema import orders
from workflow.state_machine.commands import (
    AddPayment,
    AdvanceItem,
    AdvanceOrder,
    AdvanceTicket,
    EstimateOrder,
    SetStatus,
)
from workflow.state_machine.model import OrderStatus, Payment
from workflow.state_machine.refusals import Refusal
from workflow.state_machine.tables import ITEM, ORDER
from workflow.store.store import open_store

SKUS = st.sampled_from(["MARGHERITA", "HOUSE-SALAD", "COLA", "FRIES"])
ITEMS = st.lists(
    st.builds(DraftItem, quantity=st.integers(1, 3), sku=SKUS, course=st.integers(1, 2)), min_size=1, max_size=3
)
REASONS = st.sampled_from([None, "", "sold out"])
ORDER_MOVES = st.builds(
    AdvanceOrder,
    action=st.sampled_from(ORDER.actions),
    reason=REASONS,
    course=st.integers(1, 3),
    seconds=st.integers(-60, 600),
)
STATUSES = st.builds(SetStatus, status=st.sampled_from(OrderStatus), notes=REASONS)
TICKET_MOVES = st.builds(
    AdvanceTicket,
    station=st.sampled_from(["pizza", "cold", "bar", "fry"]),
    action=st.sampled_from(ITEM.actions),
    reason=REASONS,
)
PAYMENTS = st.builds(AddPayment, st.builds(Payment, st.sampled_from(["card", "cash"]), st.integers(1, 5000)))
ADDED = st.builds(AddDraft, ITEMS.map(tuple))
COMMANDS = ORDER_MOVES | STATUSES | TICKET_MOVES | PAYMENTS | ADDED
KEYS = st.sampled_from([None, "k1", "k2", "k3"])


class Books(RuleBasedStateMachine):
    """Remembers each order as the last answer showed it, and each key's first answer."""

    placed = Bundle("placed")
    restaurant: Restaurant

    def __init__(self):
        super().__init__()
        self.known, self.answers = {}, {}
        with self.restaurant.store.writing() as connection:
            for table in ("jobs", "events", "order_items", "orders", "idempotency_keys", "order_numbers"):
                connection.execute(sa.text(f"DELETE FROM {table}"))

    @rule(target=placed, items=ITEMS)
    def place(self, items):
        order = self.restaurant.place(*items, payments=(Payment("cash", 100),))
        self.known[order.id] = order
        return order.id

    @rule(batch=st.lists(st.tuples(placed, COMMANDS, KEYS), min_size=1, max_size=5), item=st.integers(0, 2))
    def submit(self, batch, item):
        wanted = [
            self.restaurant.submission(command, self.known[order_id], key=key, fingerprint=f"{order_id}{command}")
            for order_id, command, key in batch
        ]
        self._note(wanted, self.restaurant.outcomes(*wanted))

    @rule(order_id=placed, index=st.integers(0, 5), action=st.sampled_from(ITEM.actions), reason=REASONS)
    def touch(self, order_id, index, action, reason):
        order = self.known[order_id]
        item = order.items[index % len(order.items)]
        wanted = [self.restaurant.submission(AdvanceItem(item.id, action, reason), order)]
        self._note(wanted, self.restaurant.outcomes(*wanted))

    @rule(order_id=placed, minutes=st.integers(1, 60))
    def estimate(self, order_id, minutes):
        at = self.restaurant.clock.at + timedelta(minutes=minutes)
        wanted = [self.restaurant.submission(EstimateOrder(at, at + timedelta(minutes=5)), self.known[order_id])]
        self._note(wanted, self.restaurant.outcomes(*wanted))

    @rule(seconds=st.sampled_from([1, 60, 1000]))
    def wait(self, seconds):
        self.restaurant.clock.advance(seconds)

    def _note(self, wanted, results):
        for submission, result in zip(wanted, results, strict=True):
            assert not isinstance(result, Exception) or isinstance(result, Refusal), result
            self._compare_with_key(submission, result)
            if not isinstance(result, Exception) and not result.replayed:
                assert result.order.version >= self.known[result.order.id].version
                self.known[result.order.id] = result.order

    def _compare_with_key(self, submission, result):
        key = submission.idempotency
        if key is None:
            return
        told = (type(result), getattr(result, "order", None) or (result.code, str(result)))
        fingerprint, first = self.answers.setdefault(key.key, (key.fingerprint, told))
        if fingerprint == key.fingerprint:
            assert told == first
        else:
            assert result.code == "idempotency-key-reused"

    @invariant()
    def the_books_agree(self):
        *_, found = audit(self.restaurant.store, jobs_since=self.restaurant.location.created_at)
        assert found.findings == []
        assert found.orders == len(self.known)

    @invariant()
    def what_is_stored_is_what_was_answered(self):
        with self.restaurant.store.reading() as connection:
            ids = [row.id for row in connection.execute(sa.select(orders.c.id))]
            assert self.restaurant.store.orders(connection, ids) == self.known


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_any_sequence_of_batches_leaves_honest_books(kind, request):
    clock = SetClock()
    store = open_store(request.getfixturevalue(f"{kind}_database"), clock=clock)
    machine = type("Books", (Books,), {"restaurant": Restaurant(store, clock)})
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=quiet),
    )
    store.close()
