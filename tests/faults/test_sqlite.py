"""The SQLite file is somebody else's for a while, or cannot grow."""

import resource
import sys
import threading

import pytest

from tests.faults.house import opened
from tests.faults.load import load
from tests.faults.oracle import expect_nothing_wrong, judge

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.broker]
LOCKED_SECONDS = 3.0


def test_a_writer_that_keeps_the_file_for_seconds_only_delays(tmp_path, sqlite_database, request):
    with opened(tmp_path, sqlite_database, "dispatcher", "worker", "web") as house:
        with load(house) as running:
            house.keeps_promising()
            hold(house, LOCKED_SECONDS)
            house.keeps_promising()
            running.stop()
            house.until(running.finished)
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=4)
    assert house.ledger.slowest > LOCKED_SECONDS / 2


def hold(house, seconds):
    """Holds the only pen for so long."""
    with house.store.writing():
        threading.Event().wait(seconds)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets us limit another process's files")
def test_a_file_that_cannot_grow_refuses_and_recovers(tmp_path, sqlite_database, request):
    with opened(tmp_path, sqlite_database, "dispatcher", "worker", "web") as house:
        with load(house) as running:
            house.keeps_promising()
            limit_files(house, (tmp_path / "passline.db-wal").stat().st_size)
            house.until(lambda: house.ledger.counts["503"] >= 3)
            limit_files(house, resource.RLIM_INFINITY)
            house.keeps_promising()
            running.stop()
            house.until(running.finished)
        counts = judge(house, request.node.name)
    expect_nothing_wrong(counts, accepted=4)


def limit_files(house, size):
    """No file that web writes may grow beyond *size*."""
    for pid in house.parts["web"].pids():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
