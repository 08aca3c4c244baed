"""Business days are closed in order, once each, under consecutive numbers, and stay as they were filed."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.reporting.restaurant import DAY, FIRST, HOUR
from workflow.jobs.catalogue import KINDS
from workflow.jobs.drain import Drain
from workflow.reporting import closing, reports
from workflow.reporting.refusals import DayBeforeFirst, DayNotBegun, ReportRunNotFound
from workflow.schema import events, jobs
from workflow.schema import reports as reports_table
from workflow.settings import Settings
from workflow.state_machine.events import instant


def test_a_day_goes_on_the_books_and_is_closed(restaurant):
    order = restaurant.place("BURGER", "BEER", discounts=[("staff", 150)], payments=[("card", 1500, 100)], guests=2)
    restaurant.finish(order)
    live = restaurant.report()
    assert (live["kind"], live["number"], live["status"]) == ("X", None, "open")
    assert (live["gross"], live["discounts"]["amount"], live["net"]) == (1650, 150, 1500)
    assert live["payments"]["by_tender"] == [{"tender": "card", "count": 1, "amount": 1500, "tips": 100}]
    restaurant.now += DAY
    restaurant.close()
    filed = restaurant.report()
    assert (filed["kind"], filed["number"], filed["status"]) == ("Z", 1, "closed")
    of_the_heading = {"kind", "number", "status", "as_of", "last_position", "complete_to"}
    assert {k: v for k, v in filed.items() if k not in of_the_heading} == {
        k: v for k, v in live.items() if k not in of_the_heading
    }


def test_a_day_that_is_closed_by_hand_is_told_as_of_then(restaurant):
    restaurant.place("BURGER")
    restaurant.now += HOUR
    restaurant.close()
    filed = restaurant.report()
    assert filed["as_of"] == instant(restaurant.now)
    (left_open,) = filed["exceptions"]["open_orders"]
    assert left_open["age_seconds"] == 3600


def test_what_happens_after_closing_is_an_adjustment_of_its_day(restaurant):
    order = restaurant.place("BURGER", "BEER")
    restaurant.now += DAY
    restaurant.close()
    filed = restaurant.report_bytes()
    restaurant.void(order, 1)
    restaurant.finish(order)
    restaurant.pay(order, 1200, tender="cash")
    assert restaurant.report_bytes() == filed
    today = restaurant.report(FIRST + DAY)
    (row,) = today["adjustments"]["orders"]
    assert (row["number"], row["business_day"], row["status_before"], row["status"]) == (
        order.number, FIRST.isoformat(), "confirmed", "completed",
    )  # fmt: skip
    assert (row["voids"], row["net"], today["net"], today["net_total"], today["grand_total"]) == (
        450,
        -450,
        0,
        -450,
        1200,
    )
    assert today["payments"]["for_orders_of"] == {"this_day": 0, "earlier_days": 1200, "later_days": 0}


def test_an_event_that_commits_after_its_day_was_closed_is_in_the_next_report(restaurant):
    restaurant.place("BEER")
    restaurant.now += DAY
    restaurant.close()
    restaurant.now -= 12 * HOUR  # a slow transaction: decided before the cut-off, committed after the close
    late = restaurant.place("BURGER", payments=[("card", 1200)])
    assert late.business_day == FIRST
    restaurant.now += 12 * HOUR
    today = restaurant.report(FIRST + DAY)
    assert today["adjustments"]["orders"][0]["order_id"] == late.id
    assert (today["adjustments"]["net"], today["grand_total"], today["payments"]["amount"]) == (1200, 1650, 1200)


def test_an_event_of_the_next_day_waits_when_a_day_is_closed_late(restaurant):
    """With positions of the closed day's feed: an old order changes after the cut-off and before the closing."""
    order = restaurant.place("BURGER", "BEER")
    restaurant.now += DAY
    restaurant.void(order, 0)
    restaurant.close()
    assert restaurant.report()["net"] == 1650
    assert restaurant.report(FIRST + DAY)["adjustments"]["net"] == -1200
    restaurant.now += DAY
    restaurant.close(FIRST + DAY)
    filed = restaurant.report(FIRST + DAY)
    assert (filed["adjustments"]["net"], filed["grand_total"]) == (-1200, 450)


def test_days_that_nobody_closed_are_closed_first_each_with_its_own(restaurant):
    for _ in range(4):
        restaurant.place("BEER")
        restaurant.now += DAY
    restaurant.close(FIRST + 2 * DAY)
    filed = [restaurant.report(FIRST + back * DAY) for back in range(3)]
    assert [report["number"] for report in filed] == [1, 2, 3]
    assert [report["net"] for report in filed] == [450, 450, 450]
    assert [report["grand_total"] for report in filed] == [450, 900, 1350]
    assert all(not report["adjustments"]["count"] for report in filed)


def test_a_live_report_does_not_take_unclosed_days_for_adjustments(restaurant):
    for _ in range(3):
        restaurant.place("BEER")
        restaurant.now += DAY
    today = restaurant.report(FIRST + 2 * DAY)
    assert (today["net"], today["adjustments"]["count"], today["grand_total"]) == (450, 0, 1350)


def test_closing_twice_changes_nothing(restaurant):
    restaurant.place()
    restaurant.now += DAY
    assert [run.number for run in restaurant.close()] == [1]
    filed = restaurant.report_bytes()
    restaurant.now += HOUR
    assert restaurant.close() == []
    assert restaurant.report_bytes() == filed
    assert restaurant.request_close().status == "closed"
    assert restaurant.close_jobs() == []


def test_asking_to_close_makes_one_run_and_one_job(restaurant):
    first = restaurant.request_close()
    assert (first.status, first.progress, first.number, first.actor) == ("pending", 0, None, "manager:1")
    assert restaurant.request_close() == first
    (job,) = restaurant.close_jobs()
    assert (job.lane, job.subject, job.version) == ("reports", "main", FIRST.toordinal())
    assert job.payload == {"day": FIRST.isoformat()}
    restaurant.close()
    with restaurant.store.reading() as connection:
        done = reports.run(connection, first.id, "main")
        assert (done.status, done.progress, done.number) == ("closed", 100, 1)
        with pytest.raises(ReportRunNotFound):
            reports.run(connection, first.id, "elsewhere")


def test_asking_again_revives_a_closing_that_had_given_up(restaurant):
    restaurant.request_close()
    with restaurant.store.writing() as connection:
        connection.execute(sa.update(jobs).values(state="dead"))
    restaurant.request_close()
    assert [job.state for job in restaurant.close_jobs()] == ["pending"]


def test_only_days_of_the_books_can_be_closed_or_read(restaurant):
    with pytest.raises(DayNotBegun):
        restaurant.request_close(FIRST + DAY)
    with pytest.raises(DayBeforeFirst):
        restaurant.request_close(FIRST - DAY)
    with pytest.raises(DayNotBegun):
        restaurant.report(FIRST + DAY)


def test_every_day_that_is_over_gets_its_job_however_often_one_looks(restaurant):
    assert restaurant.ensure_closed() == 0
    restaurant.now += 3 * DAY
    assert [restaurant.ensure_closed(), restaurant.ensure_closed()] == [3, 0]
    assert [job.version - FIRST.toordinal() for job in restaurant.close_jobs()] == [0, 1, 2]
    restaurant.close(FIRST + 2 * DAY)
    assert restaurant.ensure_closed() == 0
    restaurant.now += 40 * DAY
    assert [restaurant.ensure_closed() for _ in range(3)] == [31, 9, 0]


def test_a_day_is_over_at_the_cut_off_and_not_before(restaurant):
    at_four = restaurant.now.replace(hour=2, minute=0) + DAY
    restaurant.now = at_four - timedelta(microseconds=1)
    assert restaurant.ensure_closed() == 0
    restaurant.now = at_four
    assert restaurant.ensure_closed() == 1


def test_a_closed_report_is_reproducible(restaurant):
    first = restaurant.place("BURGER", "BEER", payments=[("card", 500)])
    restaurant.place("BEER", scheduled_for=restaurant.now + 2 * DAY, payments=[("cash", 450)])
    restaurant.now += DAY
    second = restaurant.place("BURGER")
    restaurant.void(first, 0)
    restaurant.close()
    restaurant.do(second, "cancel", reason="guest left")
    restaurant.now += DAY
    restaurant.close(FIRST + DAY)
    restaurant.finish(first)
    restaurant.now += DAY
    restaurant.close(FIRST + 2 * DAY)
    for day in (FIRST, FIRST + DAY, FIRST + 2 * DAY):
        assert restaurant.recomputed(day) == restaurant.report_bytes(day)


def test_a_changed_event_shows_when_a_report_is_computed_again(restaurant):
    order = restaurant.place("BEER")
    restaurant.pay(order, 450)
    restaurant.now += DAY
    restaurant.close()
    with restaurant.store.writing() as connection:
        paid = sa.update(events).where(events.c.type == "payment.taken")
        connection.execute(paid.values(data={"tender": "card", "amount": 45, "tip": 0}))
    assert restaurant.recomputed() != restaurant.report_bytes()


def test_numbers_are_each_locations_own(restaurant):
    with restaurant.store.writing() as connection:
        restaurant.add_location(connection, "beach")
    restaurant.place("BEER", location="beach")
    restaurant.place("BURGER")
    restaurant.now += DAY
    assert [run.number for run in restaurant.close(location="beach")] == [1]
    assert [run.number for run in restaurant.close()] == [1]
    assert (restaurant.report(location="beach")["net"], restaurant.report()["net"]) == (450, 1200)


def test_the_days_are_listed_newest_first(restaurant):
    restaurant.now += 2 * DAY
    restaurant.close()
    restaurant.request_close(FIRST + DAY)
    listed = restaurant.days()
    assert [row["status"] for row in listed] == ["open", "closing", "closed"]
    assert [row["number"] for row in listed] == [None, None, 1]
    assert [row["business_day"] for row in restaurant.days(last=FIRST)] == [FIRST.isoformat()]
    assert restaurant.days(first=FIRST + 30 * DAY) == []


def test_two_that_close_at_once_make_one_report(restaurant_on_postgresql):
    house = restaurant_on_postgresql
    house.place("BEER")
    house.now += 2 * DAY
    gate, closed = threading.Barrier(2), []

    def close():
        with house.store.writing() as connection:
            gate.wait(5)
            closed.append([run.number for run in closing.close_day(connection, "main", FIRST + DAY, house.now)])

    threads = [threading.Thread(target=close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(closed) == [[], [1, 2]]
    with house.store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(reports_table)).scalar_one() == 2


def test_two_dispatchers_at_once_owe_each_day_once(restaurant_on_postgresql):
    house = restaurant_on_postgresql
    house.now += 5 * DAY
    gate, made = threading.Barrier(2), []

    def ensure():
        with house.store.writing() as connection:
            gate.wait(5)
            made.append(closing.ensure_days_closed(connection, house.now))

    threads = [threading.Thread(target=ensure) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(made) == [0, 5]
    assert len(house.close_jobs()) == 5


def test_the_reports_lane_closes_what_is_over(restaurant, tmp_path):
    restaurant.place("BEER")
    restaurant.now += 2 * DAY
    restaurant.ensure_closed()
    assert Drain(restaurant.store, Settings(data=tmp_path), KINDS).drain("reports") == 2
    assert [job.state for job in restaurant.close_jobs()] == ["done", "done"]
    assert [restaurant.report(FIRST + back * DAY)["number"] for back in range(2)] == [1, 2]
