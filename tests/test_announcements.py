"""What one process tells the others over Redis, and what becomes of it when Redis is not there."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
import redis

from tests.restaurant import Restaurant
from workflow.announcements import Announcement, Announcer, Dish, Listener, channel
from workflow.embedded.broker import EmbeddedBroker
from workflow.feed import Change, change_of
from workflow.settings import redis_address
from workflow.state_machine.commands import AdvanceOrder

pytestmark = pytest.mark.broker
PATIENCE = 10
LUNCH = Change("01a21064-8433-744d-ab10-5d333e1cb97f", 3, "main")


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def broker(tmp_path):
    broker = EmbeddedBroker(tmp_path / "broker").start()
    yield broker
    broker.kill()


@pytest.fixture
def address(broker):
    return redis_address(broker.url)


@pytest.fixture
def announcer(address):
    announcer = Announcer(address)
    yield announcer
    announcer.close()


class Ear:
    """What a listener has heard, and whether it is connected."""

    def __init__(self, address, sender="somebody else"):
        self.heard, self.turns = [], []
        self.listener = Listener(address, sender, self.heard.append)
        self._task = asyncio.create_task(self.listener.run(lambda: self.turns.append(self.listener.connected)))

    async def until(self, condition):
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(0.01)

    async def connected(self, *, to=True):
        await self.until(lambda: self.listener.connected == to)

    def orders(self):
        return [change for announcement in self.heard for change in announcement.orders]

    async def close(self):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@asynccontextmanager
async def listening(address, **more):
    ear = Ear(address, **more)
    try:
        yield ear
    finally:
        await ear.close()


async def test_what_is_told_is_heard(announcer, address):
    async with listening(address) as ear:
        await ear.connected()
        announcer.tell([LUNCH])
        announcer.tell_dish(Dish("main", "CAESAR", available=False))
        await ear.until(lambda: ear.orders() and any(told.dishes for told in ear.heard))
    assert ear.orders() == [LUNCH]
    assert [dish for told in ear.heard for dish in told.dishes] == [Dish("main", "CAESAR", available=False)]


async def test_what_is_told_together_is_one_message(announcer, address):
    changes = [LUNCH._replace(version=version) for version in range(500)]
    async with listening(address) as ear:
        await ear.connected()
        for change in changes:
            announcer.tell([change, change])
        await ear.until(lambda: len(ear.orders()) == len(changes))
    assert ear.orders() == changes
    assert len(ear.heard) < 100


async def test_nobody_hears_themselves(announcer, address):
    async with listening(address, sender=announcer.sender) as own, listening(address) as other:
        await own.connected()
        await other.connected()
        announcer.tell([LUNCH])
        await other.until(other.orders)
    assert own.heard == []


async def test_a_listener_comes_back_when_redis_does(broker, announcer, address):
    async with listening(address) as ear:
        await ear.connected()
        broker.kill()
        await ear.connected(to=False)
        for _ in range(3):
            announcer.tell([LUNCH])
        broker.start()
        await ear.connected()
        while not ear.orders():
            announcer.tell([LUNCH])
            await asyncio.sleep(0.05)
    assert ear.turns[:3] == [True, False, True]


async def test_a_redis_that_hangs_is_noticed(broker, address, monkeypatch):
    monkeypatch.setattr("workflow.announcements.PING_SECONDS", 0.1)
    monkeypatch.setattr("workflow.announcements.SILENCE_SECONDS", 0.5)
    async with listening(address) as ear:
        await ear.connected()
        broker.pause()
        try:
            await ear.connected(to=False)
        finally:
            broker.resume()
        await ear.connected()


async def test_what_nobody_of_us_said_is_not_heard(address, announcer):
    async with listening(address) as ear:
        await ear.connected()
        with redis.Redis.from_url(address) as client:
            for message in (b"", b"\xff", b"[]", b'{"sender": 1}', b'{"sender": "x", "orders": [["a"]]}'):
                client.publish(channel(address), message)
        announcer.tell([LUNCH])
        await ear.until(ear.orders)
    assert len(ear.heard) == 1


def test_telling_never_waits_even_where_there_is_no_redis(tmp_path):
    announcer = Announcer(f"unix://{tmp_path}/nobody.sock")
    begun = time.monotonic()
    for _ in range(20_000):
        announcer.tell([LUNCH])
    assert time.monotonic() - begun < 2
    assert len(announcer._orders) <= 10_000
    announcer.close()


def test_houses_that_share_a_redis_do_not_hear_each_other():
    assert channel("redis://localhost/0") == channel("redis://elsewhere:7000")
    assert channel("redis://localhost/0") != channel("redis://localhost/1")
    assert channel("unix:///run/redis.sock?db=3").startswith("passline.3.")


def test_another_versions_announcement_is_understood():
    told = Announcer("redis://localhost")._taken()
    assert told == Announcement(told.sender, [], [])


# What a store tells


def test_a_store_tells_what_changed_in_ones_own_transaction_once_it_is_committed(store, clock):
    kitchen = Restaurant(store, clock)
    orders = [kitchen.place("COLA"), kitchen.place("FRIES")]
    told = []
    store.told = told.extend
    with store.writing() as connection:
        for order in orders:
            store.run_in(connection, [kitchen.submission(AdvanceOrder("start"), order)])
        assert told == []
    assert told == [change_of(kitchen.stored(order)) for order in orders]
    with store.writing():
        pass
    assert len(told) == 2


def start_and_fail(kitchen, order):
    with kitchen.store.writing() as connection:
        kitchen.store.run_in(connection, [kitchen.submission(AdvanceOrder("start"), order)])
        raise ZeroDivisionError


def test_a_store_tells_nothing_of_what_was_taken_back(store, clock):
    kitchen = Restaurant(store, clock)
    order = kitchen.place("COLA")
    told = []
    store.told = told.extend
    with pytest.raises(ZeroDivisionError):
        start_and_fail(kitchen, order)
    with store.writing():
        pass
    assert told == []
