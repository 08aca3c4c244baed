"""The broker is a bell: without it, with a deaf one, a hanging one or a forgetful one, all is done all the same."""

import threading
from contextlib import contextmanager

import pytest
import redis
from celery import Celery

from tests.faults.house import LEASE_SECONDS, opened
from tests.faults.load import load
from tests.faults.oracle import expect_nothing_wrong, judge
from workflow.tasks.configuration import configuration, queue_name

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.broker]
ORDERS = 12
PARTS = ("dispatcher", "worker", "web")


def test_without_a_broker_the_dispatcher_does_everything(tmp_path, database, request):
    with opened(tmp_path, database, "dispatcher", "web", broker=None) as house:
        with load(house, ORDERS) as running:
            house.until(running.finished)
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=ORDERS)
    assert counts.mails


def test_a_broker_that_goes_hangs_forgets_and_comes_back_costs_nothing(tmp_path, database, request):
    with opened(tmp_path, database, *PARTS) as house:
        with load(house) as running:
            house.keeps_promising()
            house.broker.stop()
            house.keeps_promising()
            house.broker.start()
            house.keeps_promising()
            house.broker.pause()
            house.keeps_promising()
            house.broker.resume()
            with redis.Redis.from_url(house.settings.redis) as client:
                client.flushall()
            house.keeps_promising()
            house.broker.kill()
            house.keeps_promising()
            house.broker.start()
            running.stop()
            house.until(running.finished)
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=12)
    assert counts.uncertain == 0


def test_nothing_waits_for_a_broker_that_hangs(tmp_path, database, request):
    """The tills need no broker at all: what is asked while it hangs is answered as fast as ever."""
    with opened(tmp_path, database, *PARTS) as house:
        house.broker.pause()
        with load(house, ORDERS) as running:
            house.until(running.finished, 20)
        house.broker.resume()
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=ORDERS)
    assert counts.uncertain == 0


def test_a_worker_that_is_killed_again_and_again_costs_nothing(tmp_path, database, request):
    with opened(tmp_path, database, *PARTS) as house:
        with load(house, pause=0.2) as running:
            for _ in range(3):
                before = len(house.mailbox.mails)
                house.until(lambda before=before: len(house.mailbox.mails) > before)
                house.crash("worker")
            running.stop()
            house.until(running.finished)
        assert house.parts["worker"].deaths == 3
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=12)


def test_two_of_each_do_nothing_twice(tmp_path, database, request):
    """Not even when every bell is rung over and over, so that all of them are at the same lane all the time."""
    with opened(tmp_path, database, *PARTS, "dispatcher-2", "worker-2") as house:
        house.mailbox.seconds = 0.05
        with load(house, 3 * ORDERS) as running, ringing(house):
            house.until(running.finished)
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=3 * ORDERS)
    assert counts.hits == 0


@contextmanager
def ringing(house):
    """Rings for the notifications all the time."""
    app = Celery("ringing")
    app.conf.update(configuration(house.settings.broker))
    stop = threading.Event()

    def ring():
        while not stop.wait(0.02):
            app.send_task("passline.drain_notifications", queue=queue_name("notifications"))

    ringer = threading.Thread(target=ring)
    ringer.start()
    yield
    stop.set()
    ringer.join()
    app.close()


def test_mails_keep_the_order_of_what_happened_when_a_worker_dies_with_the_first(tmp_path, database, request):
    with opened(tmp_path, database, "dispatcher", "web") as house:
        trap = house.start("worker-notifications", "job_claimed=kill")
        house.hits += 1
        with load(house, ORDERS) as running:
            house.until(lambda: trap.sprung)
            house.start("worker")
            house.until(running.finished)
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=ORDERS)


def test_a_worker_that_sleeps_through_its_lease_is_overtaken(tmp_path, database, request):
    with opened(tmp_path, database, "dispatcher", "web") as house:
        trap = house.start("worker", f"job_called=sleep:{LEASE_SECONDS + 2}")
        house.hits += 1
        with load(house, ORDERS) as running:
            house.until(lambda: trap.sprung)
            house.start("worker-2")
            house.until(running.finished)
        house.until(lambda: house.parts["worker"].has_said("Somebody else has taken a job over."))
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=ORDERS)
