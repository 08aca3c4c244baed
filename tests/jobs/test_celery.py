"""A real Celery worker, a real broker, and a dispatcher between them, each a process of its own."""

import os
import signal
import subprocess
import sys

import pytest
import redis
import sqlalchemy as sa

from tests.processes import lives, until
from tests.restaurant import Restaurant
from workflow import processes
from workflow.clock import utc_now
from workflow.embedded.broker import EmbeddedBroker
from workflow.embedded.server import dying_with_parent
from workflow.heartbeats import last_beats
from workflow.jobs.lanes import LANES
from workflow.schema import events, jobs
from workflow.settings import Settings
from workflow.state_machine.model import Customer
from workflow.store.store import open_store

pytestmark = [pytest.mark.broker, pytest.mark.slow]
ADA = Customer("Ada", "tel:+49123")


class House:
    """Processes over one database and one broker, and a till in this one."""

    def __init__(self, database, directory):
        self.broker = EmbeddedBroker(directory / "broker").start()
        self.settings = Settings(
            data=directory,
            database=database,
            broker=self.broker.url,
            secret="a secret for tests",
            lease_seconds=2,
            worker_processes=1,
        )
        self.store = open_store(database)
        self.till = Restaurant(self.store, utc_now)
        self.redis = redis.Redis.from_url(self.settings.redis)
        self.log = directory / "processes.log"
        self.processes = []

    def start(self, command, failpoint=None):
        environment = processes.environment(self.settings)
        if failpoint:
            environment |= {"PASSLINE_TESTING": "1", "PASSLINE_FAILPOINT": failpoint}
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                command,
                cwd=processes.DIRECTORY,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGKILL),
            )
        self.processes.append(started)
        return started

    def worker(self, failpoint=None, lanes=None):
        return self.start(processes.worker(self.settings, lanes), failpoint)

    def dispatcher(self, failpoint=None):
        return self.start(processes.dispatcher(), failpoint)

    def ring(self, lane, times=1):
        words = f"from workflow.tasks.app import ring\nfor _ in range({times}): ring({lane!r})"
        subprocess.run([sys.executable, "-c", words], env=processes.environment(self.settings), check=True)

    def jobs(self, **wanted):
        query = sa.select(jobs).where(*(jobs.c[name] == value for name, value in wanted.items()))
        return self.till.rows(query)

    def all_done(self, **wanted):
        return {row.state for row in self.jobs(**wanted)} == {"done"}

    def beats(self):
        with self.store.reading() as connection:
            return last_beats(connection)

    def everyone_beats(self, since):
        beats = self.beats()
        return all(beats.get(f"worker.{lane}", since) > since for lane in LANES)

    def numbered(self, within=20):
        """Whether the feed has every event, and no gap; it is given some time for it."""

        def positions():
            return [row.position for row in self.till.rows(sa.select(events.c.position).order_by(events.c.position))]

        until(lambda: None not in positions(), seconds=within)
        return positions() == list(range(1, len(positions()) + 1))

    def said(self, words):
        return words in self.log.read_text(errors="replace")

    def kill_all(self):
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def close(self):
        self.kill_all()
        self.redis.close()
        self.store.close()
        self.broker.resume()
        self.broker.stop()


@pytest.fixture
def running(database, tmp_path):
    house = House(database, tmp_path)
    yield house
    house.close()


sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def test_a_worker_does_what_the_dispatcher_rings_for(running):
    started = utc_now()
    worker, dispatcher = running.worker(), running.dispatcher()
    orders = [running.till.place(customer=ADA) for _ in range(5)]

    until(lambda: running.all_done(lane="estimates") and running.all_done(lane="notifications"))
    until(lambda: running.everyone_beats(started))

    assert all(running.till.stored(order).estimate_ready_at for order in orders)
    assert running.said("A message to a guest.")
    assert running.numbered()
    for process in (dispatcher, worker):
        process.terminate()
        assert process.wait(20) == 0
    assert not running.said("Traceback")


@sqlite_only
def test_a_worker_for_one_lane_leaves_the_others(running):
    running.worker(lanes=["notifications"])
    order = running.till.place(customer=ADA)
    running.ring("estimates")
    running.ring("notifications")

    until(lambda: running.all_done(lane="notifications"))

    assert running.till.stored(order).estimate_ready_at is None


@postgresql_only
def test_a_bell_that_rings_often_is_answered_often_and_the_job_done_once(running):
    running.worker()
    order = running.till.place(customer=ADA)
    running.ring("estimates", times=20)

    until(lambda: running.all_done(lane="estimates"))
    until(lambda: running.redis.llen("passline:passline.estimates") == 0)

    assert [r.event.type for r in running.till.history(order)].count("order.estimated") == 1


@sqlite_only
def test_the_bells_that_wait_do_not_pile_up(running):
    dispatcher = running.dispatcher()
    running.till.place()

    until(lambda: running.redis.llen("passline:passline.estimates") == 2)
    until(lambda: "dispatcher" in running.beats() and running.redis.llen("passline:passline.webhooks") >= 1)
    dispatcher.terminate()

    assert dispatcher.wait(20) == 0
    assert running.redis.llen("passline:passline.estimates") == 2


@pytest.mark.faults
def test_jobs_go_on_without_the_broker_and_with_it_again(running):
    started = utc_now()
    worker = running.worker()
    running.dispatcher()
    until(lambda: running.everyone_beats(started))

    running.broker.kill()
    running.till.place(customer=ADA)
    until(lambda: running.all_done(lane="estimates") and running.all_done(lane="notifications"))

    again = utc_now()
    running.broker.start()
    running.till.place(customer=ADA)
    until(lambda: running.all_done(lane="estimates"))
    until(lambda: running.everyone_beats(again), seconds=40)
    assert lives(worker.pid)


@pytest.mark.faults
@sqlite_only
def test_a_broker_that_hangs_delays_neither_the_feed_nor_the_other_lanes_for_long(running):
    started = utc_now()
    running.worker()
    running.dispatcher()
    until(lambda: running.everyone_beats(started))

    running.broker.pause()
    order = running.till.place(customer=ADA)
    assert running.numbered(within=3)
    until(lambda: running.all_done(lane="estimates"), seconds=40)

    assert running.till.stored(order).estimate_ready_at
    running.broker.resume()


@pytest.mark.faults
@sqlite_only
def test_a_worker_outlives_a_broker_that_dies_while_bells_wait(running):
    """With acknowledgements, a worker of Celery 5.7.0 dies of this or hears no bell any more."""
    worker = running.worker(failpoint="job_claimed=sleep:3")
    running.till.place(customer=ADA)
    running.ring("notifications", times=4)
    until(lambda: any(row.attempts for row in running.jobs(lane="notifications")))
    assert running.redis.hlen("passline:unacked") == 0

    running.broker.kill()
    until(lambda: running.all_done(lane="notifications"))
    running.broker.start()
    running.till.place(customer=ADA)
    running.ring("notifications")

    until(lambda: running.all_done(lane="notifications"), seconds=30)
    assert worker.poll() is None


@pytest.mark.faults
@pytest.mark.parametrize("failpoint", ["job_claimed", "job_called", "job_marked"])
@sqlite_only
def test_a_worker_that_dies_with_a_job_leaves_it_to_the_next(running, failpoint):
    running.worker(failpoint=f"{failpoint}=kill", lanes=["notifications"])
    running.till.place(customer=ADA)
    running.ring("notifications")
    until(lambda: running.said("SIGKILL"))
    running.kill_all()

    running.worker()
    running.dispatcher()

    until(lambda: running.all_done(lane="notifications") and running.all_done(lane="estimates"))
    (job,) = running.jobs(lane="notifications")
    assert job.attempts == (1 if failpoint == "job_marked" else 2)


@pytest.mark.faults
@pytest.mark.parametrize("failpoint", ["sequencer_numbered:2", "bell_rung", "job_claimed"])
def test_a_dispatcher_that_dies_is_followed_by_the_next(running, failpoint):
    worker = None if failpoint == "job_claimed" else running.worker()
    if worker is None:
        running.broker.kill()
    for _ in range(3):
        running.till.place(customer=ADA)
    first = running.dispatcher(failpoint=f"{failpoint}=kill")
    order = running.till.place(customer=ADA)
    until(lambda: first.poll() is not None or not running.till.place(customer=ADA))
    running.dispatcher()

    until(lambda: running.all_done(lane="estimates") and running.all_done(lane="notifications"), seconds=40)
    assert first.returncode == -signal.SIGKILL
    assert running.numbered()
    assert running.till.stored(order).estimate_ready_at
