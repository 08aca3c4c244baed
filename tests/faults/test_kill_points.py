"""Each part dies at each named point, on both databases, while a restaurant is at work; and nothing comes of it."""

import pytest
import sqlalchemy as sa

from tests.faults.client import Client, Unanswered
from tests.faults.load import load
from workflow.failpoints import POINTS
from workflow.schema import orders, reports

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.broker]
ORDERS = 12
KILLS = {
    "batch_loaded": ("web", 5),
    "before_commit": ("web", 5),
    "after_commit": ("web", 5),
    "before_answer": ("web", 9),
    "job_claimed": ("worker", 3),
    "job_called": ("worker", 3),
    "job_marked": ("worker", 3),
    "sequencer_numbered": ("dispatcher", 2),
    "bell_rung": ("dispatcher", 2),
}
FAILURES = ("after_commit", "before_answer", "job_claimed", "job_called")


def test_every_point_has_its_kill():
    assert {*KILLS, "report_computed"} == set(POINTS)


@pytest.mark.parametrize("point", KILLS)
def test_a_kill_costs_nothing(house, all_is_well, point):
    part, nth = KILLS[point]
    stumble(house, part, f"{point}:{nth}=kill")
    all_is_well(house, accepted=ORDERS // 4 * 3)


@pytest.mark.parametrize("point", FAILURES)
def test_a_failure_costs_nothing(house, all_is_well, point):
    part, nth = KILLS[point]
    stumble(house, part, f"{point}:{nth}=raise")
    all_is_well(house, accepted=ORDERS // 4 * 3)


def stumble(house, part, where):
    """A load over *house* while *part* meets its fault."""
    trap = house.start(part, where)
    house.hits += 1
    house.until(house.ready)
    with load(house, ORDERS) as running:
        house.until(running.finished)
        house.until(lambda: trap.sprung)


def test_a_kill_amid_the_report_makes_one_report_of_the_day(house, all_is_well):
    manager = Client(house.settings.port, house.keys["manager"])
    trap = house.start("worker", "report_computed=kill")
    with load(house, ORDERS) as running:
        house.until(running.finished)
    with house.store.reading() as connection:
        day = connection.execute(sa.select(orders.c.business_day)).scalars().first()

    run = manager.post(f"/v1/reports/days/{day}/close", {}, key="close").body

    house.until(lambda: manager.get(f"/v1/reports/runs/{run['id']}").body["status"] == "closed")
    manager.close()
    assert trap.sprung
    with house.store.reading() as connection:
        filed = connection.execute(sa.select(reports.c.business_day, reports.c.number).order_by(reports.c.number)).all()
    assert [row.number for row in filed] == list(range(1, len(filed) + 1))
    assert [row.business_day for row in filed] == sorted({row.business_day for row in filed})
    all_is_well(house, accepted=ORDERS // 4 * 3)


@pytest.mark.parametrize("point", ["after_commit", "before_answer"])
def test_an_answer_that_was_lost_is_given_again(house, all_is_well, point):
    trap = house.start("web", f"{point}=kill")
    house.until(house.ready)
    till = Client(house.settings.port, house.keys["pos"])
    body = {"channel": "dine_in", "notes": f"lost {point}", "items": [{"sku": "MARGHERITA"}]}

    with pytest.raises(Unanswered):
        till.post("/v1/orders", body, key=f"lost-{point}")
    house.until(house.ready)
    again = till.post("/v1/orders", body, key=f"lost-{point}")
    third = till.post("/v1/orders", body, key=f"lost-{point}")

    till.close()
    assert trap.sprung
    assert (again.status, again.replayed) == (201, True)
    assert (third.status, third.body["id"]) == (201, again.body["id"])
    all_is_well(house, accepted=0)
