"""One feed without gaps, whoever writes and whoever numbers."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.restaurant import Restaurant
from workflow.schema import events, feed_counter
from workflow.sequencer import Place, in_order, number_all, number_events
from workflow.state_machine.commands import AdvanceOrder
from workflow.store.store import open_store


def feed(store):
    query = sa.select(events.c.position, events.c.order_id, events.c.version).order_by(events.c.position)
    with store.reading() as connection:
        return connection.execute(query).all()


def check(store):
    """Every event has its place, there is no gap, and each order's versions ascend."""
    rows = feed(store)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    last = {}
    for row in rows:
        assert row.version == last.get(row.order_id, 0) + 1
        last[row.order_id] = row.version
    with store.reading() as connection:
        assert connection.execute(sa.select(feed_counter.c.last_position)).scalar_one() == len(rows)


def test_events_are_numbered_in_the_order_of_their_moments(kitchen, store):
    orders = [kitchen.place() for _ in range(3)]
    kitchen.do(orders[1], "start")

    assert number_events(store) == 8
    assert number_events(store) == 0
    kitchen.do(orders[0], "start")
    assert number_events(store) == 2

    check(store)
    assert feed(store)[0].order_id == orders[0].id


def test_however_small_the_batches(kitchen, store):
    for order in [kitchen.place() for _ in range(4)]:
        kitchen.do(order, "bump")

    while number_events(store, limit=3):
        pass

    check(store)


def test_a_clock_that_goes_back_does_not_turn_an_orders_versions_round(kitchen, store, clock):
    orders = [kitchen.place() for _ in range(3)]
    clock.advance(-3600)
    for order in orders:
        kitchen.do(order, "bump")

    while number_events(store, limit=2):
        pass

    check(store)


def test_versions_take_the_places_of_their_order():
    given = [Place("a", 2), Place("b", 1), Place("a", 1), Place("a", 3)]

    assert in_order(given) == [Place("a", 1), Place("b", 1), Place("a", 2), Place("a", 3)]


def test_a_report_can_have_everything_numbered_in_its_own_transaction(kitchen, store):
    for _ in range(3):
        kitchen.place()

    with store.writing() as connection:
        assert number_all(connection, limit=2) == 6

    check(store)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_only_one_numbers_at_a_time(kitchen, store, database):
    kitchen.place()
    other = open_store(database)
    with store.writing() as connection:
        number_all(connection)
        assert number_events(other) == 0
    other.close()

    check(store)


def test_the_feed_has_no_gap_and_loses_nothing_beside_writers_and_other_sequencers(database, clock):
    main = open_store(database, clock=clock)
    kitchen = Restaurant(main, clock)
    stop = threading.Event()

    def write(number):
        mine = open_store(database, clock=clock)
        for _ in range(8):
            placed = mine.run([kitchen.submission(kitchen.draft(), actor=f"pos:{number}")])[0].order
            mine.run([kitchen.submission(AdvanceOrder("bump"), placed)])
        mine.close()

    def number():
        mine = open_store(database)
        while not stop.is_set():
            number_events(mine, limit=7)
        mine.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    sequencers = [threading.Thread(target=number) for _ in range(2)]
    for thread in writers + sequencers:
        thread.start()
    seen = []
    while any(thread.is_alive() for thread in writers):
        # A reader that remembers only the last place it saw must miss nothing.
        after = seen[-1].position if seen else 0
        seen += [row for row in feed(main) if row.position is not None and row.position > after]
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sequencers:
        thread.join()
    while number_events(main):
        pass
    seen += [row for row in feed(main) if row.position > (seen[-1].position if seen else 0)]

    check(main)
    assert seen == feed(main)
    main.close()


def test_moments_apart_do_not_matter_for_the_numbers(kitchen, store, clock):
    kitchen.place()
    number_events(store)
    clock.at -= timedelta(days=1)
    kitchen.place()

    number_events(store)

    check(store)
