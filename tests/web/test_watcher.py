"""What waits for a slow client is bounded, and of each order it is the last."""

import asyncio

import pytest

from web.live import watcher as bounds
from web.live.watcher import Watcher


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Aborted(list):
    def __call__(self):
        self.append(True)


async def test_what_waits_is_joined_and_only_the_last_of_each_order():
    watcher = Watcher("kitchen", location_id="main")
    for subject, event in [("a", b"a1 "), ("b", b"b1 "), ("a", b"a2 ")]:
        watcher.push(subject, event)
    assert await watcher.taken() == b"b1 a2 "
    taking = asyncio.create_task(watcher.taken())
    await asyncio.sleep(0)
    assert not taking.done()
    watcher.push("c", b"c1")
    assert await taking == b"c1"


async def test_what_waits_is_sent_before_the_end():
    watcher = Watcher("kitchen", location_id="main")
    watcher.push("a", b"a1")
    watcher.end()
    watcher.push("b", b"b1")
    assert await watcher.taken() == b"a1"
    with pytest.raises(StopAsyncIteration):
        await watcher.taken()


@pytest.mark.parametrize(("size", "count"), [(1, bounds.MOST_EVENTS + 1), (bounds.MOST_BYTES // 3, 4)])
async def test_a_client_for_whom_too_much_waits_is_given_up(size, count):
    aborted = Aborted()
    watcher = Watcher("kitchen", location_id="main", abort=aborted)
    for number in range(count):
        assert not aborted
        watcher.push(str(number), b"x" * size)
    assert (watcher.cut_off, len(aborted)) == (True, 1)
    watcher.push("more", b"x")
    with pytest.raises(StopAsyncIteration):
        await watcher.taken()


async def test_one_order_however_large_is_not_too_much():
    watcher = Watcher("kitchen", location_id="main")
    for _ in range(3):
        watcher.push("a", b"x" * (bounds.MOST_BYTES + 1))
    assert not watcher.cut_off
    assert len(await watcher.taken()) == bounds.MOST_BYTES + 1


async def test_one_order_that_changes_for_ever_is_not_too_much():
    watcher = Watcher("order", order_id="a")
    for _ in range(bounds.MOST_EVENTS * 3):
        watcher.push("a", b"x" * 5000)
    assert not watcher.cut_off
    assert len(await watcher.taken()) == 5000


async def test_a_client_that_takes_no_beat_is_given_up():
    aborted = Aborted()
    watcher = Watcher("order", order_id="a", abort=aborted)
    for _ in range(5):
        watcher.beat(b"beat")
        await watcher.taken()
    for _ in range(bounds.BEATS_UNTAKEN):
        watcher.beat(b"beat")
        assert not aborted
    watcher.beat(b"beat")
    assert aborted
