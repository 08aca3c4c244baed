"""What depends on the moment: recall windows, estimates, delays, scheduled orders."""

from datetime import timedelta

import pytest

from tests.state_machine.scenes import (
    EVENING,
    NOON,
    ORDERS,
    SECOND,
    completed,
    preparing,
    ready,
)
from workflow.state_machine.commands import (
    AdvanceOrder,
    EstimateOrder,
    MarkOverdue,
    ReleaseOrder,
)
from workflow.state_machine.options import blocked, order_actions

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("life", [ready, completed])
def test_an_order_is_recalled_up_to_the_last_second_of_its_window(life):
    life = life()
    life.now = NOON + 600 * SECOND
    assert "recall" in order_actions(life.order, life.now)
    assert life.advance("recall") == ["item.recalled", "order.recalled"]
    assert (life.order.ready_at, life.order.completed_at) == (None, None)


@pytest.mark.parametrize("life", [ready, completed])
def test_an_order_is_not_recalled_after_its_window(life):
    life = life()
    life.now = NOON + 601 * SECOND
    refusal = life.refusal(AdvanceOrder("recall"))
    assert refusal.code == "recall-window-passed"
    assert "recall" not in refusal.members["allowed"]
    assert [block.code for block in blocked(life.order, life.now)] == ["recall-window-passed"]


def test_no_refusal_offers_a_recall_that_comes_too_late():
    life = completed()
    life.now = NOON + 601 * SECOND
    assert life.refusal(AdvanceOrder("start")).members["allowed"] == []


def test_the_window_begins_anew_when_the_order_is_completed():
    life = ready()
    life.now = NOON + 500 * SECOND
    life.advance("complete")
    life.now = NOON + 1100 * SECOND
    assert life.advance("recall")


def test_a_delay_shifts_the_estimate():
    life = preparing()
    life.ask(EstimateOrder(NOON + 5 * MINUTE, NOON + 8 * MINUTE))
    life.advance("delay", seconds=120)
    life.advance("delay", seconds=-60)
    assert life.order.delay_seconds == 60
    assert (life.order.estimate_ready_at, life.order.estimate_ready_by) == (NOON + 6 * MINUTE, NOON + 9 * MINUTE)
    assert life.advance("delay") == []


def test_an_order_is_made_earlier_by_no_more_than_the_time_it_has_left():
    life = preparing()
    life.ask(EstimateOrder(NOON + 5 * MINUTE, NOON + 8 * MINUTE))
    life.advance("delay", seconds=-86_400)
    assert life.order.estimate_ready_at == life.order.updated_at
    assert life.advance("delay", seconds=-60) == []


def test_an_estimate_is_worth_a_version_when_it_moves_by_a_minute():
    life = preparing()
    acted = life.order.acted_version
    assert life.ask(EstimateOrder(NOON + 5 * MINUTE, NOON + 8 * MINUTE)) == ["order.estimated"]
    assert life.ask(EstimateOrder(NOON + 5 * MINUTE, NOON + 9 * MINUTE - SECOND)) == []
    assert life.ask(EstimateOrder(NOON + 5 * MINUTE, NOON + 9 * MINUTE)) == ["order.estimated"]
    assert (life.order.version, life.order.acted_version) == (acted + 2, acted)


@pytest.mark.parametrize("status", ["ready", "completed", "cancelled", "rejected"])
def test_what_is_finished_has_no_estimate_and_is_not_late(status):
    life = ORDERS[status]()
    assert life.ask(EstimateOrder(NOON, NOON)) == []
    assert life.ask(MarkOverdue()) == []


def test_an_order_is_late_once_its_promise_has_passed():
    life = preparing()
    assert life.ask(MarkOverdue()) == []
    life.ask(EstimateOrder(NOON + 5 * MINUTE, NOON + 8 * MINUTE))
    assert life.ask(MarkOverdue()) == []
    life.now = NOON + 8 * MINUTE
    assert life.ask(MarkOverdue()) == ["order.overdue"]
    assert life.history[-1].data == {"ready_by": "2026-11-20T12:08:00Z"}


def test_a_scheduled_order_is_released_once():
    life = ORDERS["scheduled"]()
    assert life.ask(ReleaseOrder(confirm=False, accept_by=EVENING)) == ["order.released"]
    assert (life.order.status, life.order.accept_by) == ("pending", EVENING)
    assert life.ask(ReleaseOrder(confirm=True)) == []


def test_a_scheduled_order_may_be_confirmed_as_it_is_released():
    life = ORDERS["scheduled"]()
    assert life.ask(ReleaseOrder(confirm=True, accept_by=EVENING)) == ["order.released", "order.confirmed"]
    assert (life.order.status, life.order.accept_by) == ("confirmed", None)
    assert life.history[-2].data["accept_by"] is None
