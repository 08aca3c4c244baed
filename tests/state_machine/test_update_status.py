"""Kitchen clients that think in statuses go by the one action that leads there."""

import pytest

from tests.state_machine.scenes import NOON, ORDERS, SECOND, WHY, Life, completed, ready
from workflow.state_machine.commands import SetStatus

LEADS_TO = [
    ("pending", "confirmed", ["order.confirmed"]),
    ("pending", "rejected", ["order.rejected"]),
    ("confirmed", "preparing", ["item.started", "order.started"]),
    ("ready", "preparing", ["item.recalled", "order.recalled"]),
    ("completed", "preparing", ["item.recalled", "order.recalled"]),
    ("confirmed", "ready", ["item.bumped", "order.started", "order.bumped"]),
    ("preparing", "ready", ["item.bumped", "order.bumped"]),
    ("ready", "completed", ["order.completed"]),
    ("scheduled", "cancelled", ["order.cancelled"]),
    ("ready", "cancelled", ["order.cancelled"]),
]


@pytest.mark.parametrize(("here", "there", "events"), LEADS_TO)
def test_a_status_is_reached_by_its_action(here, there, events):
    life = ORDERS[here]()
    assert life.ask(SetStatus(there, WHY)) == events
    assert life.order.status == there
    assert life.history[-1].data["to"] == there


@pytest.mark.parametrize("status", ["confirmed", "preparing", "ready", "completed", "cancelled", "rejected"])
def test_a_status_that_is_there_is_a_repetition(status):
    assert ORDERS[status]().ask(SetStatus(status)) == []


@pytest.mark.parametrize(
    ("here", "there", "code"),
    [
        ("pending", "preparing", "invalid-transition"),
        ("scheduled", "confirmed", "invalid-transition"),
        ("confirmed", "completed", "items-pending"),
        ("preparing", "completed", "items-pending"),
        ("preparing", "confirmed", "invalid-transition"),
        ("preparing", "scheduled", "invalid-transition"),
        ("confirmed", "pending", "invalid-transition"),
        ("confirmed", "burnt", "invalid-transition"),
        ("completed", "pending", "order-closed"),
        ("completed", "burnt", "order-closed"),
        ("completed", "ready", "order-closed"),
        ("cancelled", "preparing", "order-closed"),
        ("rejected", "cancelled", "order-closed"),
        ("ready", "cancelled", "reason-required"),
        ("pending", "rejected", "reason-required"),
    ],
)
def test_the_same_rules_refuse(here, there, code):
    refusal = ORDERS[here]().refusal(SetStatus(there))
    assert (refusal.code, refusal.members["order_status"]) == (code, here)


def test_the_notes_are_the_reason():
    life = ready()
    life.ask(SetStatus("cancelled", WHY))
    assert life.order.cancel_reason == WHY
    assert life.history[-1].data["notes"] == WHY


@pytest.mark.parametrize("life", [ready, completed])
def test_the_way_back_closes_with_the_recall_window(life):
    life = life()
    life.now = NOON + 601 * SECOND
    assert life.refusal(SetStatus("preparing")).code == "recall-window-passed"


def test_a_held_course_keeps_the_order_from_being_ready():
    life = Life(1, 2)
    life.ask(SetStatus("ready"))
    assert (life.order.status, life.statuses()) == ("preparing", ["ready", "held"])
