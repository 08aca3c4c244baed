"""Each part dies at each named point, on both databases, while a restaurant is at work; and nothing comes of it."""

import pytest

from tests.faults.load import load
from workflow.failpoints import POINTS

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.broker]
ORDERS = 16
KILLS = {
    "batch_loaded": ("web", 5),
    "before_commit": ("web", 5),
    "after_commit": ("web", 5),
    "before_answer": ("web", 9),
    "job_claimed": ("worker", 3),
    "job_called": ("worker", 3),
    "job_marked": ("worker", 3),
    "sequencer_numbered": ("dispatcher", 3),
    "bell_rung": ("dispatcher", 3),
}
FAILURES = ("batch_loaded", "before_commit", "after_commit", "before_answer", "job_claimed", "job_called")


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
    house.until(house.answers)
    with load(house, ORDERS) as running:
        house.until(running.finished)
        house.until(lambda: trap.sprung)
