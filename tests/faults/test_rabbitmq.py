"""The same bell from a RabbitMQ, where this machine has one."""

from datetime import UTC, datetime

import pytest

from tests import rabbitmq
from tests.faults.house import opened
from tests.faults.load import load
from tests.faults.oracle import expect_nothing_wrong, judge
from workflow.clock import utc_now
from workflow.heartbeats import last_beats
from workflow.jobs.lanes import LANES

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.broker,
    pytest.mark.skipif(not rabbitmq.binary(), reason="there is no rabbitmq-server here (Debian: rabbitmq-server)"),
]
LONG_AGO = datetime.min.replace(tzinfo=UTC)
PARTS = ("dispatcher", "worker", "web")


@pytest.fixture
def house(tmp_path, database):
    with opened(tmp_path, database, *PARTS, broker=rabbitmq.RabbitMQ) as house:
        yield house


def workers_have_answered(house, since=LONG_AGO):
    with house.store.reading() as connection:
        beats = last_beats(connection)
    return all(beats.get(f"worker.{lane}", since) > since for lane in LANES)


def test_one_that_goes_hangs_and_comes_back_costs_nothing(house, request):
    with load(house, pause=0.2) as running:
        house.keeps_promising()
        house.broker.stop()
        house.keeps_promising()
        house.broker.start()
        house.keeps_promising()
        house.broker.pause()
        house.keeps_promising()
        house.broker.resume()
        house.keeps_promising()
        house.broker.kill()
        house.keeps_promising()
        house.broker.start()
        again = utc_now()
        running.stop()
        house.until(running.finished)
    house.until(lambda: workers_have_answered(house, again))
    counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=12)
    assert counts.uncertain == 0


def test_no_job_waits_long_for_one_that_hangs(house, request):
    """Each lane tries its bell for five seconds, and then does its jobs without."""
    house.until(lambda: workers_have_answered(house))
    house.broker.pause()
    with load(house, 12) as running:
        house.until(running.finished, 30)
    counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=12)
    assert counts.uncertain == 0
    assert house.parts["dispatcher"].has_said("The bell does not ring; jobs are done here.")
