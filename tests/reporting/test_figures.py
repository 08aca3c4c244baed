"""What each line of a report counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.reporting.scenes import CUT_OFF, DAY, FIRST, MINUTE, NOON, ZONE, Scene, item
from workflow.reporting.breakdowns import by_hour
from workflow.reporting.heading import Heading, heading_of
from workflow.reporting.history import Passage
from workflow.reporting.measures import nearest_rank
from workflow.reporting.tally import State

BEER = item(price=450, station="bar", name="Beer", sku="BEER")
BURGER = item(price=1200)


def closed(scene):
    scene.now += DAY
    return scene.close(FIRST)


def test_the_ladder_leads_from_gross_to_net():
    scene = Scene()
    kept = scene.place(BURGER, BEER, BEER, discounts=[("staff", 100)])
    scene.item(kept, 2, "void", reason="spilt")
    dropped = scene.place(BURGER)
    scene.do(dropped, "cancel", reason="guest left")
    refused = scene.place(BEER, confirm=False)
    scene.do(refused, "reject", reason="too busy")
    report = closed(scene)
    assert report["gross"] == 1200 + 450 + 450 + 1200 + 450
    assert report["voids"]["amount"] == 450
    assert report["cancellations"]["amount"] == 1200
    assert report["rejections"]["amount"] == 450
    assert report["discounts"] == {
        "count": 1, "amount": 100, "by_name": [{"name": "staff", "count": 1, "amount": 100}],
    }  # fmt: skip
    assert report["net"] == 1200 + 450 - 100


def test_what_a_cook_had_begun_is_waste():
    scene = Scene()
    order = scene.place(BURGER, BEER, BEER)
    scene.item(order, 1, "start")
    scene.item(order, 1, "void", reason="burnt")
    scene.item(order, 2, "void", reason="wrong")
    other = scene.place(BURGER)
    scene.do(other, "start")
    scene.do(other, "cancel", reason="guest left")
    report = closed(scene)
    assert report["voids"]["after_start"] == {"items": 1, "amount": 1200}
    assert report["voids"]["before_start"] == {"items": 1, "amount": 450}
    assert report["cancellations"]["after_start"] == {"items": 1, "amount": 1200}
    assert report["waste"] == {"items": 2, "amount": 2400}


def test_cancellations_are_listed_by_reason():
    scene = Scene()
    for reason in ("guest left", "guest left", "kitchen on fire"):
        scene.do(scene.place(BURGER), "cancel", reason=reason)
    assert closed(scene)["cancellations"]["by_reason"] == [
        {"reason": "guest left", "orders": 2, "items": 2, "amount": 2400},
        {"reason": "kitchen on fire", "orders": 1, "items": 1, "amount": 1200},
    ]


def test_discounts_take_off_no_more_than_there_is():
    scene = Scene()
    scene.place(BEER, discounts=[("happy hour", 400), ("staff", 400)])
    discounts = closed(scene)["discounts"]
    assert [(row["name"], row["amount"]) for row in discounts["by_name"]] == [("happy hour", 400), ("staff", 50)]


def test_an_order_for_another_day_counts_on_that_day_and_its_payment_when_it_is_taken():
    scene = Scene()
    order = scene.place(BURGER, scheduled_for=NOON + DAY, payments=[("card", 1200, 0)])
    scene.now += DAY
    first = scene.close(FIRST)
    assert (first["orders"]["placed"], first["net"], first["payments"]["amount"]) == (0, 0, 1200)
    assert first["payments"]["for_orders_of"]["later_days"] == 1200
    scene.now += DAY
    second = scene.close(FIRST + DAY)
    assert (second["orders"]["placed"], second["net"], second["payments"]["amount"]) == (1, 1200, 0)
    assert second["exceptions"]["open_orders"][0]["order_id"] == order


def test_an_open_order_is_carried_over_until_it_is_finished():
    scene = Scene()
    order = scene.place(BURGER)
    first = closed(scene)
    assert (first["orders"]["open"], first["orders"]["carried_over"]) == (1, 0)
    scene.now += DAY
    second = scene.close(FIRST + DAY)
    (row,) = second["exceptions"]["open_orders"]
    assert (second["orders"]["open"], second["orders"]["carried_over"]) == (0, 1)
    assert (row["number"], row["status"]) == ("A-001", "confirmed")
    assert row["age_seconds"] == first["exceptions"]["open_orders"][0]["age_seconds"] + DAY.total_seconds()
    scene.do(order, "bump")
    scene.do(order, "complete")
    scene.now += DAY
    third = scene.close(FIRST + 2 * DAY)
    assert third["exceptions"]["open_orders"] == []
    assert third["adjustments"]["orders"][0]["status"] == "completed"


def test_orders_that_are_over_and_not_even_are_listed():
    scene = Scene()
    unpaid, paid, refund = (scene.place(BURGER) for _ in range(3))
    scene.pay(paid, 1200)
    scene.pay(refund, 1200)
    for order in (unpaid, paid):
        scene.do(order, "bump")
        scene.do(order, "complete")
    scene.do(refund, "cancel", reason="guest left")
    rows = closed(scene)["exceptions"]["unsettled_orders"]
    assert [(row["order_id"], row["due"]) for row in rows] == [(unpaid, 1200), (refund, -1200)]


def test_items_for_a_station_that_does_not_exist_are_listed():
    scene = Scene()
    scene.place(item(station="tandoor", name="Naan"))
    (row,) = closed(scene)["exceptions"]["unknown_stations"]
    assert (row["name"], row["station"]) == ("Naan", "tandoor")


def test_the_time_to_ready_runs_from_acceptance_and_per_station_from_the_screen():
    scene = Scene()
    order = scene.place(BURGER, BEER, confirm=False)
    scene.now += 5 * MINUTE
    scene.do(order, "confirm")
    scene.now += 2 * MINUTE
    scene.item(order, 2, "bump")
    scene.now += 8 * MINUTE
    scene.item(order, 1, "bump")
    report = closed(scene)
    assert report["time_to_ready"] == {"count": 1, "p50_seconds": 600, "p90_seconds": 600}
    by_station = {row["station"]: row["time_to_ready"]["p50_seconds"] for row in report["by_station"]}
    assert by_station == {"bar": 120, "grill": 600}


@pytest.mark.parametrize(
    ("values", "percent", "found"),
    [([], 50, None), ([7], 50, 7), ([7], 90, 7), ([1, 2], 50, 1), (list(range(1, 11)), 90, 9), ([1, 2, 3], 90, 3)],
)
def test_percentiles_are_nearest_rank(values, percent, found):
    assert nearest_rank(values, percent) == found


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 7, 1), 24)])
def test_a_day_has_as_many_hours_as_its_clocks_show(day, hours):
    scene = Scene()
    rows = by_hour(scene.heading(day), ())
    assert len(rows) == hours
    assert (rows[0]["local"], rows[-1]["local"]) == ("04:00", "03:00")


def test_the_doubled_hour_has_two_rows_each_with_its_own_orders():
    scene = Scene(now=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    scene.place(BEER)
    scene.now += timedelta(hours=1)
    scene.place(BURGER)
    rows = scene.x_report(date(2026, 10, 24))["by_hour"]
    assert [(row["local"], row["net"]) for row in rows if row["net"]] == [("02:00", 450), ("02:00", 1200)]


def test_a_day_that_a_zone_skipped_has_a_report_too():
    day = date(2011, 12, 30)
    heading = Heading("main", "Main", day, "Pacific/Apia", 240, "WST", (), NOON)
    assert len(by_hour(heading, ())) == 1


def test_an_order_outside_of_its_days_window_is_not_lost():
    scene = Scene()
    order = scene.orders[scene.place(BURGER)]
    passage = Passage(None, None, State(order, frozenset()), ())
    heading = Heading("main", "Main", FIRST - DAY, ZONE, CUT_OFF, "EUR", (), NOON)
    assert by_hour(heading, [passage])[-1]["orders"] == 1


def test_a_report_tells_enough_to_compute_it_again():
    report = closed(Scene())
    assert heading_of(report).told() == Scene().heading(
        FIRST, as_of=heading_of(report).as_of, number=1, last_position=0, complete_to=0
    ).told()  # fmt: skip
