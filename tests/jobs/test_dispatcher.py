"""The dispatcher, in this process: with no broker, with several of its kind, and through lost databases."""

import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
import structlog

from tests.processes import until
from workflow import heartbeats
from workflow.clock import utc_now
from workflow.dispatcher import Clocks, Dispatcher
from workflow.jobs.catalogue import KINDS
from workflow.jobs.drain import Drain
from workflow.schema import events, idempotency_keys, job_attempts, jobs, reports
from workflow.schema import heartbeats as heartbeats_table
from workflow.state_machine.model import Customer
from workflow.state_machine.model import OrderStatus as S
from workflow.store.store import open_store


@contextmanager
def running(dispatcher):
    stop = threading.Event()
    thread = threading.Thread(target=dispatcher.run, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def dispatcher(store, settings):
    dispatcher = Dispatcher(store, settings, KINDS)
    yield dispatcher
    dispatcher.close()


def settled(kitchen):
    """Whether every job that is due is done, and every event numbered."""
    waiting = kitchen.rows(sa.select(jobs.c.id).where(jobs.c.state == "pending", jobs.c.due_at <= kitchen.clock.at))
    unnumbered = kitchen.rows(sa.select(events.c.order_id).where(events.c.position.is_(None)))
    return not waiting and not unnumbered


def test_without_a_broker_everything_is_done_all_the_same(kitchen, dispatcher):
    """P7."""
    with structlog.testing.capture_logs(), running(dispatcher):
        orders = [kitchen.place(customer=Customer("Ada", "tel:1")) for _ in range(5)]
        until(lambda: settled(kitchen))

    assert all(kitchen.stored(order).estimate_ready_at for order in orders)
    assert {row.state for row in kitchen.rows(sa.select(jobs.c.state).where(jobs.c.lane == "notifications"))} == {
        "done"
    }


def test_several_dispatchers_do_not_get_into_each_others_way(kitchen, database, settings, clock):
    stores = [open_store(database, clock=clock) for _ in range(3)]
    with ExitStack() as stack:
        for store in stores:
            stack.enter_context(running(Dispatcher(store, settings, KINDS)))
        orders = [kitchen.place() for _ in range(10)]
        for order in orders:
            kitchen.do(order, "bump")
        until(lambda: settled(kitchen))
    for store in stores:
        store.close()

    positions = [row.position for row in kitchen.rows(sa.select(events.c.position).order_by(events.c.position))]
    assert positions == list(range(1, len(positions) + 1))


def test_a_lane_is_rung_and_left_to_the_workers(kitchen, store, settings):
    rung = []
    dispatcher = Dispatcher(store, settings, KINDS, rung.append)
    kitchen.place()

    dispatcher.cycle()
    dispatcher.close()

    assert set(rung) == {"estimates", "notifications", "webhooks", "reports", "timers"}
    assert kitchen.rows(sa.select(jobs.c.state).where(jobs.c.kind == "estimate_order"))[0].state == "pending"


def test_a_bell_that_hangs_when_it_is_tried_again_holds_nothing_up(kitchen, store, settings):
    now, answered = [0.0], threading.Event()

    def bell(lane):
        if now[0]:
            answered.wait(30)
        raise ConnectionError("refused")

    dispatcher = Dispatcher(store, settings, KINDS, bell, monotonic=lambda: now[0])
    with structlog.testing.capture_logs():
        dispatcher.cycle()
        wait_for(dispatcher)
        now[0] = 5.0
        order = kitchen.place()
        dispatcher.cycle()
        until(lambda: kitchen.stored(order).estimate_ready_at)

        assert not dispatcher._busy["bell of estimates"].done()
        answered.set()
        dispatcher.close()


def test_it_shows_that_it_is_alive(dispatcher, store):
    dispatcher.cycle()

    with store.reading() as connection:
        assert set(heartbeats.last_beats(connection)) == {"dispatcher"}


def test_days_that_are_over_are_closed(kitchen, dispatcher, clock):
    clock.advance(86_400)

    with running(dispatcher):
        until(lambda: [row.status for row in kitchen.rows(sa.select(reports.c.status))] == ["closed", "closed"])


def test_what_nobody_needs_any_more_is_forgotten_and_the_dead_are_not(
    kitchen, dispatcher, drain, store, clock, settings
):
    kitchen.place(key="a-key-of-the-till", customer=Customer("Ada", "tel:1"))
    with structlog.testing.capture_logs():
        for lane in ("estimates", "notifications"):
            drain.drain(lane)
    with store.writing() as connection:
        connection.execute(sa.update(jobs).where(jobs.c.kind == "estimate_order").values(state="dead"))
        heartbeats.beat(connection, "worker.timers", clock())
    clock.advance(settings.job_retention_days * 86_400 + 3600)

    dispatcher._chores()

    assert kitchen.rows(sa.select(idempotency_keys)) == []
    assert kitchen.rows(sa.select(heartbeats_table)) == []
    assert kitchen.rows(sa.select(job_attempts)) == []
    left = kitchen.rows(sa.select(jobs.c.kind, jobs.c.state).where(jobs.c.lane != "reports").order_by(jobs.c.kind))
    assert [tuple(row) for row in left] == [("alert_overdue", "pending"), ("estimate_order", "dead")]


class Hands:
    """Two clocks that are turned by hand."""

    def __init__(self):
        self.wall, self.ticks = utc_now(), 0.0

    def pass_by(self, seconds, leap=0):
        self.ticks += seconds
        self.wall += timedelta(seconds=seconds + leap)


def test_a_leap_of_the_clock_is_noticed_once_and_time_that_passes_is_none():
    hands = Hands()
    clocks = Clocks(lambda: hands.wall, lambda: hands.ticks)

    found = []
    with structlog.testing.capture_logs() as lines:
        for seconds, leap in [(0.15, 0), (3600, 0), (0.15, 30), (0.15, 3600), (0.15, 0), (0.15, -3600)]:
            hands.pass_by(seconds, leap)
            found.append(clocks.jumped())

    assert found == [False, False, False, True, False, False]
    assert [line["seconds"] for line in lines] == [3600]


def test_timers_wait_a_cycle_when_the_clock_leaps(kitchen, store, settings, clock):
    drained = []
    dispatcher = Dispatcher(store, settings, KINDS, monotonic=lambda: 0.0)
    for lane, service in dispatcher._services.items():
        service._drain = lambda name, seconds, lane=lane: drained.append(lane) or 0
    kitchen.place()
    dispatcher.cycle()
    drain_one_alert(kitchen, store, settings)
    clock.advance(7200)
    with structlog.testing.capture_logs():
        dispatcher.cycle()
    wait_for(dispatcher)
    assert "timers" not in drained

    dispatcher.cycle()
    dispatcher.close()
    assert "timers" in drained


def drain_one_alert(kitchen, store, settings):
    Drain(store, settings, KINDS).drain("estimates")
    assert kitchen.rows(sa.select(jobs.c.id).where(jobs.c.kind == "alert_overdue"))


def wait_for(dispatcher):
    until(lambda: all(busy.done() for busy in dispatcher._busy.values()))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_is_waited_for(kitchen, store, settings, database):
    admin = sa.create_engine(database, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    name = sa.make_url(database).database
    end_all = sa.text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = :name AND pid <> pg_backend_pid()"
    )
    with structlog.testing.capture_logs() as lines, running(Dispatcher(store, settings, KINDS)):
        first = kitchen.place()
        until(lambda: kitchen.stored(first).estimate_ready_at)
        for _ in range(3):
            with admin.connect() as connection:
                connection.execute(end_all, {"name": name})
            time.sleep(0.2)  # the fault itself: a server that comes and goes
        second = until(lambda: attempt(kitchen.place))
        until(lambda: attempt(kitchen.stored, second).estimate_ready_at)

    said = [line["event"] for line in lines]
    assert "The database does not answer." in said
    assert "The database answers again." in said
    assert kitchen.stored(second).status == S.CONFIRMED


def attempt(work, *arguments):
    try:
        return work(*arguments)
    except Exception:
        return None
