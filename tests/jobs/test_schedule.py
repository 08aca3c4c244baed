"""The kitchen played forward, with numbers that one can check by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.estimates.schedule import Line, Ticket, estimate, leads, loads
from workflow.state_machine.model import ItemStatus, OrderStatus

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SLOTS = {"grill": 2, "cold": 1}


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


def ticket(name, *lines, placed=0, **more):
    return Ticket(name, more.pop("status", OrderStatus.CONFIRMED), ago(placed), lines, **more)


def grill(seconds, **more):
    return Line("grill", seconds, **more)


def test_an_empty_kitchen_takes_the_longest_dish():
    assert leads([ticket("a", grill(300), Line("cold", 120))], SLOTS, NOW) == {"a": 300}


def test_a_dish_waits_for_a_place():
    orders = [ticket("a", grill(300), grill(100), placed=60), ticket("b", grill(50), placed=30), ticket("c", grill(10))]

    assert leads(orders, SLOTS, NOW) == {"a": 300, "b": 150, "c": 160}


def test_a_line_of_several_pieces_takes_the_places_there_are():
    assert leads([ticket("a", grill(100, quantity=3))], SLOTS, NOW) == {"a": 200}
    assert leads([ticket("a", Line("cold", 100, quantity=3))], SLOTS, NOW) == {"a": 300}


def test_an_absurd_order_ends_nobodys_estimate():
    """Of what a till may ask for: 200 lines of 999 dishes of a day each."""
    absurd = ticket("a", *[Line("cold", 86_400, quantity=999)] * 200, placed=60)

    found = leads([absurd, ticket("b", Line("cold", 60)), ticket("c", grill(60))], SLOTS, NOW)

    assert found == {"a": 7 * 86_400, "b": 7 * 86_400, "c": 60}
    assert estimate(absurd, found["a"], NOW).ready_by < NOW + timedelta(days=10)


def test_what_is_being_cooked_takes_what_is_left_of_it_and_a_little_when_it_should_be_ready():
    cooking = grill(300, status=ItemStatus.PREPARING, started_at=ago(200))
    late = grill(300, status=ItemStatus.PREPARING, started_at=ago(900))

    assert leads([ticket("a", cooking)], SLOTS, NOW) == {"a": 100}
    assert leads([ticket("a", late)], SLOTS, NOW) == {"a": 45}


def test_a_rushed_order_goes_before_the_others():
    orders = [ticket("a", Line("cold", 100), placed=60), ticket("b", Line("cold", 50), priority=True)]

    assert leads(orders, SLOTS, NOW) == {"b": 50, "a": 150}


def test_dishes_queue_as_they_came_to_the_screen_not_as_their_orders_were_placed():
    late_course = ticket("a", Line("cold", 100, fired_at=ago(1)), placed=3600)
    orders = [late_course, ticket("b", Line("cold", 50, fired_at=ago(10)), placed=10)]

    assert leads(orders, SLOTS, NOW) == {"a": 150, "b": 50}


def test_a_held_course_comes_after_the_one_before_it_and_keeps_nobody_waiting():
    held = Line("cold", 100, course=2, status=ItemStatus.HELD)
    orders = [ticket("a", grill(300), held, placed=60), ticket("b", Line("cold", 50))]

    assert leads(orders, SLOTS, NOW) == {"a": 400, "b": 50}


def test_an_order_with_nothing_left_takes_no_time():
    assert leads([ticket("a")], SLOTS, NOW) == {"a": 0}


def test_a_scheduled_order_queues_behind_what_is_there():
    later = ticket("a", Line("cold", 100), placed=9999, status=OrderStatus.SCHEDULED)

    assert leads([later, ticket("b", Line("cold", 50))], SLOTS, NOW) == {"a": 150, "b": 50}


def test_the_promise_is_the_lead_and_a_third_of_it_again():
    found = estimate(ticket("a"), 600, NOW)

    assert (found.ready_at, found.ready_by) == (NOW + timedelta(seconds=600), NOW + timedelta(seconds=810))


def test_a_delay_by_hand_is_added():
    assert estimate(ticket("a", delay_seconds=120), 600, NOW).ready_at == NOW + timedelta(seconds=720)


@pytest.mark.parametrize(("hours", "ready"), [(2, 7200), (0, 600)])
def test_a_scheduled_order_is_not_ready_before_its_time(hours, ready):
    later = ticket("a", status=OrderStatus.SCHEDULED, scheduled_for=NOW + timedelta(hours=hours))

    assert estimate(later, 600, NOW).ready_at == NOW + timedelta(seconds=ready)


def test_a_stations_load_is_the_work_ahead_of_each_of_its_places():
    orders = [ticket("a", grill(300), grill(100)), ticket("b", Line("cold", 50, quantity=2))]

    assert loads(orders, SLOTS, NOW) == {"grill": 200, "cold": 100}


LINES = st.builds(
    Line,
    station=st.sampled_from(["grill", "cold", "unheard-of"]),
    prep_seconds=st.integers(0, 1200),
    quantity=st.integers(1, 999),
    course=st.integers(1, 3),
    status=st.sampled_from([ItemStatus.HELD, ItemStatus.PENDING, ItemStatus.PREPARING]),
    started_at=st.none() | st.integers(0, 7200).map(ago),
)
TICKETS = st.lists(st.lists(LINES, max_size=4), max_size=8).map(
    lambda orders: [ticket(str(number), *lines, placed=-number) for number, lines in enumerate(orders)]
)


@given(TICKETS)
def test_nothing_is_ready_before_its_own_longest_dish_could_be(tickets):
    found = leads(tickets, SLOTS, NOW)

    assert set(found) == {one.order_id for one in tickets}
    for one in tickets:
        waiting = [line.prep_seconds for line in one.lines if line.status != ItemStatus.PREPARING]
        assert found[one.order_id] >= max(waiting, default=0)
        assert min(waiting, default=0) >= 0


@given(TICKETS, st.lists(LINES, min_size=1, max_size=3))
def test_who_comes_later_without_priority_delays_nobody_whose_dishes_are_all_fired(tickets, lines):
    before = leads(tickets, SLOTS, NOW)
    newcomer = [line for line in lines if line.status == ItemStatus.PENDING]
    after = leads([*tickets, ticket("newcomer", *newcomer, placed=-100)], SLOTS, NOW)

    for one in tickets:
        if not any(line.status == ItemStatus.HELD for line in one.lines):
            assert after[one.order_id] == before[one.order_id]
