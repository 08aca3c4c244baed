"""Bells are rung with moderation, whichever broker carries them."""

import threading

import pytest
import redis
from fakeredis import TcpFakeServer

from workflow.settings import Settings
from workflow.tasks.bells import OUTSTANDING, PACE_SECONDS, Paced, bell
from workflow.tasks.configuration import KEY_PREFIX, queue_name


@pytest.fixture
def broker():
    """A Redis server as the protocol sees it, in this process: quick, and enough to count a list."""
    with TcpFakeServer(("127.0.0.1", 0), server_type="redis") as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        server.shutdown()
        thread.join()


@pytest.fixture
def rung():
    return []


def settings(tmp_path, broker):
    return Settings(data=tmp_path, secret="sixteen or more of them", broker=broker)


def test_without_a_broker_there_is_no_bell(tmp_path, rung):
    assert bell(settings(tmp_path, None), rung.append) is None


def test_a_lane_is_rung_until_enough_bells_wait(tmp_path, broker, rung):
    client = redis.Redis.from_url(broker)
    ring = bell(settings(tmp_path, broker), rung.append)
    ring("timers")
    client.lpush(KEY_PREFIX + queue_name("timers"), *["bell"] * OUTSTANDING)
    ring("timers")
    ring("reports")

    assert rung == ["timers", "reports"]
    client.delete(KEY_PREFIX + queue_name("timers"))
    ring("timers")
    assert rung == ["timers", "reports", "timers"]
    client.close()


def test_where_bells_cannot_be_counted_they_are_paced(rung):
    now = [100.0]
    ring = Paced(rung.append, monotonic=lambda: now[0])
    ring("timers")
    ring("timers")
    ring("reports")
    now[0] += PACE_SECONDS
    ring("timers")

    assert rung == ["timers", "reports", "timers"]
