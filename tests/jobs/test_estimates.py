"""Estimates on real orders."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.restaurant import Restaurant
from workflow.estimates.backlog import load_seconds
from workflow.schema import jobs


def types(kitchen, order):
    return [recorded.event.type for recorded in kitchen.history(order)]


def minutes(kitchen, order, clock):
    stored = kitchen.stored(order)
    return round((stored.estimate_ready_at - stored.placed_at).total_seconds() / 60)


def test_a_new_order_gets_its_estimate_and_an_alert_at_its_promise(kitchen, drain, clock):
    order = kitchen.place("MARGHERITA", "HOUSE-SALAD")

    assert drain.drain("estimates") == 1

    stored = kitchen.stored(order)
    assert types(kitchen, order)[-1] == "order.estimated"
    assert minutes(kitchen, order, clock) == 8
    lead = stored.estimate_ready_at - stored.estimate_computed_at
    assert abs((stored.estimate_ready_by - stored.estimate_computed_at) - lead * 1.35) < timedelta(seconds=2)
    (alert,) = kitchen.rows(sa.select(jobs).where(jobs.c.kind == "alert_overdue"))
    assert alert.due_at == stored.estimate_ready_by


def test_a_drain_that_finds_nothing_new_tells_nothing(kitchen, drain):
    order = kitchen.place()
    drain.drain("estimates")
    version = kitchen.stored(order).version
    kitchen.do(order, "rush")

    drain.drain("estimates")

    assert kitchen.stored(order).version == version + 1  # the rush alone: the estimate did not move


def test_many_jobs_are_one_look_at_the_kitchen(kitchen, drain, clock):
    orders = [kitchen.place("MARGHERITA") for _ in range(7)]

    assert drain.drain("estimates") == 7

    # Three ovens: each wave of three takes eight minutes.
    assert [minutes(kitchen, order, clock) for order in orders] == [8, 8, 8, 16, 16, 16, 24]
    assert all(types(kitchen, order).count("order.estimated") == 1 for order in orders)


def test_those_behind_move_up_when_something_ahead_of_them_is_ready(kitchen, drain, clock):
    orders = [kitchen.place("MARGHERITA") for _ in range(4)]
    drain.drain("estimates")

    kitchen.do(orders[0], "bump")
    drain.drain("estimates")

    assert minutes(kitchen, orders[3], clock) == 8
    assert [types(kitchen, order).count("order.estimated") for order in orders] == [1, 1, 1, 2]


def test_a_cancelled_order_is_not_waited_for(kitchen, drain, clock):
    orders = [kitchen.place("MARGHERITA") for _ in range(4)]
    drain.drain("estimates")

    kitchen.do(orders[0], "cancel", reason="gone")
    drain.drain("estimates")

    assert minutes(kitchen, orders[3], clock) == 8


def test_a_station_tells_its_load(kitchen, store, clock):
    for _ in range(4):
        kitchen.place("MARGHERITA", "HOUSE-SALAD")

    with store.reading() as connection:
        loads = load_seconds(connection, "main", clock())

    assert loads == {"grill": 0, "fry": 0, "pizza": 640, "cold": 480, "bar": 0}


def test_a_scheduled_order_is_estimated_for_its_time(kitchen, drain, clock):
    order = kitchen.place(scheduled_for=clock.at + timedelta(hours=3))

    drain.drain("estimates")

    assert kitchen.stored(order).estimate_ready_at == order.scheduled_for


def test_locations_do_not_wait_for_each_other(store, clock, drain):
    here, there = Restaurant(store, clock), Restaurant(store, clock, id="there", name="Elsewhere")
    for _ in range(3):
        here.place("MARGHERITA")
    order = there.place("MARGHERITA")

    assert drain.drain("estimates") == 4
    assert minutes(there, order, clock) == 8


@pytest.mark.parametrize("times", [2, 3])
def test_doing_it_again_changes_nothing(kitchen, drain, store, times):
    order = kitchen.place()
    for _ in range(times):
        with store.writing() as connection:
            connection.execute(sa.update(jobs).where(jobs.c.kind == "estimate_order").values(state="pending"))
        drain.drain("estimates")

    assert types(kitchen, order).count("order.estimated") == 1
