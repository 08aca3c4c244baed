"""The engine on an event loop: batches gather by themselves, overload is said, stopping loses nothing."""

import asyncio
import sqlite3
import threading

import msgspec
import pytest
import sqlalchemy as sa

from workflow.engine import Engine, Gathering
from workflow.refusals import OrderNotFound, Overloaded
from workflow.schema import orders
from workflow.state_machine.commands import AdvanceItem, AdvanceOrder
from workflow.state_machine.model import OrderStatus
from workflow.state_machine.refusals import ItemsPending
from workflow.store.session import Version
from workflow.store.store import open_store


class Slow:
    """Work that waits until it is let go; it notes how large its batches were."""

    def __init__(self):
        self.gate, self.sizes = asyncio.Event(), []

    async def __call__(self, asked):
        self.sizes.append(len(asked))
        await self.gate.wait()
        return [f"{one} done" for one in asked]


def played(engine, play):
    async def run():
        await engine.start()
        try:
            return await play()
        finally:
            await engine.stop()

    return asyncio.run(run())


def test_what_arrives_while_a_batch_is_at_work_shares_the_next():
    async def play():
        slow = Slow()
        gathering = Gathering(slow, limit=100, batch=16)
        gathering.start()
        first = gathering.ask("first")
        while not slow.sizes:
            await asyncio.sleep(0)
        rest = [gathering.ask(n) for n in range(20)]
        slow.gate.set()
        answers = await asyncio.gather(first, *rest)
        await gathering.stop()
        return slow.sizes, answers

    sizes, answers = asyncio.run(play())
    assert sizes == [1, 16, 4]
    assert answers == ["first done", *(f"{n} done" for n in range(20))]


def test_more_than_the_queue_holds_is_refused_at_once():
    async def play():
        slow = Slow()
        gathering = Gathering(slow, limit=3, batch=1)
        gathering.start()
        waiting = [gathering.ask(n) for n in range(3)]
        with pytest.raises(Overloaded) as refusal:
            gathering.ask("too much")
        slow.gate.set()
        await gathering.stop()
        return refusal.value, [future.result() for future in waiting]

    refusal, answers = asyncio.run(play())
    assert refusal.members == {"retry_after_seconds": 1}
    assert answers == ["0 done", "1 done", "2 done"]


def test_many_at_once_each_count(kitchen):
    engine = Engine(kitchen.store)

    async def play():
        return await asyncio.gather(*(engine.execute(kitchen.submission(kitchen.draft())) for _ in range(40)))

    numbers = {outcome.order.number for outcome in played(engine, play)}
    assert len(numbers) == 40
    assert {row.number for row in kitchen.rows(sa.select(orders.c.number))} == numbers


def test_stopping_commits_and_answers_what_was_accepted(kitchen):
    engine = Engine(kitchen.store, batch_limit=2)

    async def play():
        return [asyncio.ensure_future(engine.execute(kitchen.submission(kitchen.draft()))) for _ in range(9)]

    async def run():
        await engine.start()
        waiting = await play()
        await asyncio.sleep(0)
        await engine.stop()
        return await asyncio.gather(*waiting)

    numbers = {outcome.order.number for outcome in asyncio.run(run())}

    assert len(numbers) == 9
    assert {row.number for row in kitchen.rows(sa.select(orders.c.number))} == numbers


def test_refusals_reach_the_one_who_asked(kitchen):
    order = kitchen.place()
    engine = Engine(kitchen.store)

    async def play():
        complete = engine.execute(kitchen.submission(AdvanceOrder("complete"), order))
        start = engine.execute(kitchen.submission(AdvanceOrder("start"), order))
        return await asyncio.gather(complete, start, return_exceptions=True)

    refusal, outcome = played(engine, play)
    assert isinstance(refusal, ItemsPending)
    assert outcome.order.status == OrderStatus.PREPARING


def test_orders_and_versions_are_read_together(kitchen):
    placed = [kitchen.place() for _ in range(3)]
    engine = Engine(kitchen.store)
    unknown = "0199a000-0000-7000-8000-000000000000"

    async def play():
        asked = [engine.order(order.id) for order in placed]
        versions = [engine.version(order.id) for order in placed]
        return await asyncio.gather(*asked, *versions, engine.order(unknown), engine.version(unknown))

    *found, missing, no_version = played(engine, play)
    assert found[:3] == placed
    assert found[3:] == [Version(order.id, order.version, "main") for order in placed]
    assert (missing, no_version) == (None, None)


def test_an_unknown_order_is_refused(kitchen):
    engine = Engine(kitchen.store)
    order = kitchen.place()
    known = kitchen.submission(AdvanceOrder("start"), order)
    stranger = msgspec.structs.replace(known, order_id="0199a000-0000-7000-8000-000000000000")

    async def play():
        return await asyncio.gather(engine.execute(stranger), return_exceptions=True)

    assert isinstance(played(engine, play)[0], OrderNotFound)


def test_the_last_two_bumps_at_once_make_the_order_ready(kitchen, database, clock):
    """Two processes: whoever comes second must see what the first has written, items and all."""
    other = open_store(database, clock=clock)
    for _ in range(15):
        order = kitchen.place("MARGHERITA", "HOUSE-SALAD")
        gate = threading.Barrier(2)

        def bump(store, item, order=order, gate=gate):
            gate.wait()
            store.run([kitchen.submission(AdvanceItem(item.id, "bump"), order)])

        cooks = [
            threading.Thread(target=bump, args=(store, item))
            for store, item in zip((kitchen.store, other), order.items, strict=True)
        ]
        for cook in cooks:
            cook.start()
        for cook in cooks:
            cook.join()
        stored = kitchen.stored(order)
        assert stored.status == OrderStatus.READY
        assert [event.version for event in kitchen.history(order)] == list(range(1, stored.version + 1))
    other.close()


def test_batches_that_name_the_same_orders_backwards_do_not_deadlock(kitchen, database, clock):
    other = open_store(database, clock=clock)
    placed = [kitchen.place() for _ in range(6)]
    results, gate = [], threading.Barrier(2)

    def play(store, wanted):
        for _ in range(10):
            gate.wait()
            rushes = [kitchen.submission(AdvanceOrder("rush"), order) for order in wanted]
            calms = [kitchen.submission(AdvanceOrder("unrush"), order) for order in wanted]
            results.extend(store.run(rushes) + store.run(calms))

    stations = [
        threading.Thread(target=play, args=(kitchen.store, placed)),
        threading.Thread(target=play, args=(other, placed[::-1])),
    ]
    for station in stations:
        station.start()
    for station in stations:
        station.join()
    other.close()

    assert [result for result in results if isinstance(result, Exception)] == []
    for order in placed:
        stored = kitchen.stored(order)
        assert len(kitchen.history(order)) == stored.version


@pytest.mark.parametrize("lend", ["reading", "snapshot", "writing"])
def test_a_connection_that_is_lent_while_its_pool_is_given_up_is_closed(store, lend):
    with getattr(store, lend)() as connection:
        connection.execute(sa.text("SELECT 1"))
        lent = connection.connection.driver_connection
        store.close()
    if store.dialect == "postgresql":
        assert lent.closed
    else:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            lent.execute("SELECT 1")
    with getattr(store, lend)() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_lost_connection_costs_nobody_anything(kitchen, database):
    order = kitchen.place()
    admin = sa.create_engine(database, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(sa.text(f"{others} AND pid <> pg_backend_pid()"))
    admin.dispose()

    assert kitchen.do(order, "start").status == OrderStatus.PREPARING
