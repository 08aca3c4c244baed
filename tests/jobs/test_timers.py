"""P5: timers fire once, and never early."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import structlog

from tests.jobs.bench import Bench
from tests.restaurant import Restaurant
from workflow.jobs.catalogue import KINDS
from workflow.jobs.drain import Drain
from workflow.schema import jobs
from workflow.state_machine.commands import AdvanceOrder
from workflow.state_machine.model import OrderStatus as S
from workflow.state_machine.refusals import Refusal
from workflow.store.store import open_store


@pytest.fixture
def asking(store, clock):
    """A restaurant where a person accepts each order, within ten minutes."""
    return Restaurant(store, clock, auto_confirm=False)


def types(kitchen, order):
    return [recorded.event.type for recorded in kitchen.history(order)]


def timer(kitchen, kind):
    return kitchen.rows(sa.select(jobs).where(jobs.c.kind == kind))[0]


def test_an_order_that_nobody_accepts_is_rejected_at_its_deadline_and_not_before(asking, drain, clock):
    order = asking.place()
    clock.at = order.accept_by - timedelta(milliseconds=1)

    assert drain.drain("timers") == 0
    clock.at = order.accept_by
    drain.drain("timers")
    drain.drain("timers")

    stored = asking.stored(order)
    assert (stored.status, stored.cancel_reason) == (S.REJECTED, "Not accepted in time.")
    assert types(asking, order).count("order.rejected") == 1
    assert asking.history(order)[-1].event.actor == "timer"


def test_an_accepted_order_is_left_alone(asking, drain, clock):
    order = asking.place()
    asking.do(order, "confirm")
    clock.advance(3600)

    drain.drain("timers")

    assert asking.stored(order).status == S.CONFIRMED
    assert timer(asking, "reject_unaccepted").state == "cancelled"


def test_accepting_and_the_deadline_have_one_winner(asking, database, settings, clock):
    orders = [asking.place() for _ in range(15)]
    clock.advance(601)
    other = open_store(database, clock=clock)
    refusals = []

    def accept():
        for order in orders:
            try:
                asking.do(order, "confirm")
            except Refusal as refusal:
                refusals.append(refusal)

    thread = threading.Thread(target=accept)
    thread.start()
    while Drain(other, settings, KINDS).drain("timers"):
        pass
    thread.join()
    other.close()

    histories = [types(asking, order) for order in orders]
    rejected = [history for history in histories if "order.rejected" in history]
    assert all(("order.rejected" in h) != ("order.confirmed" in h) for h in histories)
    assert len(refusals) == len(rejected)


def test_a_scheduled_order_is_released_in_time_and_not_before(kitchen, drain, clock):
    order = kitchen.place("MARGHERITA", scheduled_for=clock.at + timedelta(hours=5))
    # Eight minutes of cooking, and a third again to be ready in nine of ten cases.
    latest = order.scheduled_for - timedelta(seconds=480 * 1.35)

    while kitchen.stored(order).status == S.SCHEDULED:
        due = timer(kitchen, "release_order").due_at
        assert due <= latest
        clock.at = due
        assert drain.drain("timers") == 1

    released = next(r.event for r in kitchen.history(order) if r.event.type == "order.released")
    assert timedelta() <= released.at - latest < timedelta(seconds=31)
    assert types(kitchen, order).count("order.released") == 1
    assert kitchen.stored(order).status == S.CONFIRMED


def test_a_full_kitchen_is_released_to_earlier(kitchen, drain, clock):
    order = kitchen.place("MARGHERITA", scheduled_for=clock.at + timedelta(minutes=50))
    for _ in range(12):
        kitchen.place("MARGHERITA")
    clock.advance(60)

    drain.drain("timers")
    due = timer(kitchen, "release_order").due_at
    assert due < order.scheduled_for - timedelta(minutes=30)
    clock.at = due
    drain.drain("timers")
    clock.at = timer(kitchen, "release_order").due_at
    drain.drain("timers")

    # Five waves of eight minutes are 40, and a third again is more than there is left.
    assert kitchen.stored(order).status == S.CONFIRMED


def test_a_released_order_waits_to_be_accepted_where_a_person_does_that(asking, drain, clock):
    order = asking.place(scheduled_for=clock.at + timedelta(minutes=5))

    drain.drain("timers")
    stored = asking.stored(order)
    assert stored.status == S.PENDING
    assert timedelta(seconds=599) < stored.accept_by - clock.at < timedelta(seconds=601)
    clock.at = stored.accept_by
    drain.drain("timers")

    assert asking.stored(order).status == S.REJECTED


def test_an_order_that_was_cancelled_meanwhile_is_not_released(kitchen, drain, clock):
    order = kitchen.place(scheduled_for=clock.at + timedelta(hours=1))
    kitchen.do(order, "cancel", reason="changed plans")
    clock.advance(7200)

    drain.drain("timers")

    assert kitchen.stored(order).status == S.CANCELLED
    assert timer(kitchen, "release_order").state == "cancelled"


def test_a_late_order_is_told_once_when_its_promise_has_passed(kitchen, drain, clock):
    order = kitchen.place()
    drain.drain("estimates")
    promised = kitchen.stored(order).estimate_ready_by
    clock.at = promised - timedelta(seconds=1)
    assert drain.drain("timers") == 0

    clock.at = promised
    for _ in range(3):
        drain.drain("timers")
        clock.advance(600)

    assert types(kitchen, order).count("order.overdue") == 1


def test_an_alert_goes_where_the_promise_goes(kitchen, drain, clock):
    order = kitchen.place()
    drain.drain("estimates")
    first = kitchen.stored(order).estimate_ready_by
    kitchen.do(order, "delay", seconds=600)

    clock.at = first
    drain.drain("timers")
    assert "order.overdue" not in types(kitchen, order)
    assert timer(kitchen, "alert_overdue").due_at == first + timedelta(seconds=600)
    clock.at = first + timedelta(seconds=600)
    drain.drain("timers")

    assert types(kitchen, order).count("order.overdue") == 1


def test_an_order_that_is_ready_in_time_is_not_late(kitchen, drain, clock):
    order = kitchen.place()
    drain.drain("estimates")
    kitchen.do(order, "bump")
    clock.advance(7200)

    drain.drain("timers")

    assert "order.overdue" not in types(kitchen, order)
    assert timer(kitchen, "alert_overdue").state == "cancelled"


def test_a_timer_of_an_order_that_is_not_there_is_let_go(store, clock, settings, drain):
    bench = Bench(store, clock, settings)
    missing = "0193b8a0-0000-7000-8000-000000000000"
    owed = [
        bench.owe(missing, 1, kind=kind, lane="timers")
        for kind in ("reject_unaccepted", "release_order", "alert_overdue")
    ]

    drain.drain("timers")

    assert [bench.state(job) for job in owed] == ["cancelled"] * 3


def test_two_drains_at_once_fire_a_timer_once(asking, database, settings, clock):
    orders = [asking.place() for _ in range(30)]
    clock.advance(601)
    stores = [open_store(database, clock=clock) for _ in range(3)]
    drains = [Drain(store, settings, KINDS) for store in stores]
    threads = [threading.Thread(target=drain.drain, args=["timers"]) for drain in drains]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()

    assert all(types(asking, order).count("order.rejected") == 1 for order in orders)
    assert {row.state for row in asking.rows(sa.select(jobs.c.state).where(jobs.c.lane == "timers"))} == {"done"}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_drain_and_the_engine_lock_orders_in_the_same_order(asking, store, settings, clock):
    orders = [asking.place() for _ in range(20)]
    clock.advance(601)
    for age, order in enumerate(orders):  # the timer of the last order is due first
        with store.writing() as connection:
            due = {"due_at": clock.at - timedelta(seconds=1 + age)}
            connection.execute(sa.update(jobs).where(jobs.c.subject == order.id, jobs.c.lane == "timers").values(due))
    stop = threading.Event()

    def rush():
        while not stop.is_set():
            asking.outcomes(
                *(asking.submission(AdvanceOrder(a), order) for a in ("rush", "unrush") for order in orders)
            )

    thread = threading.Thread(target=rush)
    with structlog.testing.capture_logs() as lines:
        thread.start()
        Drain(store, settings, KINDS).drain("timers")
        stop.set()
        thread.join()

    assert [line["event"] for line in lines] == []
    assert {asking.stored(order).status for order in orders} == {S.REJECTED}
