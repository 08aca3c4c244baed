"""An order follows its items: courses, roll-up, progress, waste, recalls, and what is asked twice."""

from datetime import timedelta

import pytest

from tests.state_machine.scenes import (
    EVENING,
    NOON,
    ORDERS,
    SECOND,
    WHY,
    Life,
    dish,
    pending,
    preparing,
    ready,
)
from workflow.state_machine.commands import (
    AddItems,
    AddPayment,
    AdvanceItem,
    AdvanceOrder,
    AdvanceTicket,
)
from workflow.state_machine.model import Payment
from workflow.state_machine.options import order_actions

MINUTE = timedelta(minutes=1)


def test_the_lowest_course_is_cooked_first():
    assert Life(3, 2, 2).statuses() == ["held", "pending", "pending"]


def test_an_order_is_confirmed_at_birth_only_where_it_need_not_wait():
    assert Life(1).order.status == "confirmed"
    assert Life(1, confirm=False).order.status == "pending"
    assert Life(1, scheduled_for=EVENING).order.status == "scheduled"


def test_items_reach_the_stations_when_the_order_is_confirmed():
    life = Life(1, 2, confirm=False, accept_by=NOON + MINUTE)
    assert [item.fired_at for item in life.order.items] == [None, None]
    life.now += SECOND
    life.advance("confirm")
    assert [item.fired_at for item in life.order.items] == [life.now, None]
    assert (life.order.confirmed_at, life.order.accept_by) == (life.now, None)


def test_a_course_is_fired_and_held_again():
    life = Life(1, 2, 2)
    assert life.advance("fire", course=2) == ["course.fired"]
    assert life.statuses() == ["pending", "pending", "pending"]
    life.item(3, "start")
    assert life.advance("hold", course=2) == ["course.held"]
    assert life.statuses() == ["pending", "held", "preparing"]
    assert life.order.items[1].fired_at is None


def test_a_bump_of_everything_leaves_the_order_open_while_a_course_is_held():
    life = Life(1, 1, 2)
    assert life.advance("bump") == ["item.bumped", "order.started"]
    assert (life.order.status, life.statuses()) == ("preparing", ["ready", "ready", "held"])
    assert life.advance("bump") == []
    assert "bump" not in order_actions(life.order, life.now)


def test_the_first_item_that_is_started_starts_the_order():
    life = Life(1, 1)
    assert life.item(1, "start") == ["item.started", "order.started"]
    assert life.item(2, "start") == ["item.started"]


def test_the_last_item_that_is_bumped_makes_the_order_ready():
    life = preparing()
    assert life.item(1, "bump") == ["item.bumped"]
    assert life.item(2, "bump") == ["item.bumped", "order.bumped"]
    assert life.order.status == "ready"


def test_one_bump_can_start_and_finish_an_order():
    life = Life(1)
    assert life.item(1, "bump") == ["item.bumped", "order.started", "order.bumped"]
    assert [event.data.get("to") for event in life.history[-2:]] == ["preparing", "ready"]


def test_a_served_item_counts_as_ready():
    life = preparing()
    life.item(1, "bump")
    life.item(1, "serve")
    life.item(2, "bump")
    assert (life.order.status, life.statuses()) == ("ready", ["served", "ready"])


def test_voiding_what_is_not_ready_makes_the_rest_ready():
    life = preparing()
    life.item(1, "bump")
    assert life.item(2, "void", reason=WHY) == ["item.voided", "order.bumped"]


@pytest.mark.parametrize("status", ["scheduled", "pending", "confirmed", "preparing", "ready"])
def test_the_last_item_that_is_voided_cancels_the_order(status):
    life = ORDERS[status]()
    life.item(1, "void", reason=WHY)
    assert life.item(2, "void", reason=WHY) == ["item.voided", "order.cancelled"]
    assert (life.order.status, life.order.cancel_reason) == ("cancelled", WHY)
    assert life.history[-1].data == {"from": status, "to": "cancelled", "items": [], "waste": [], "reason": WHY}


def test_an_item_that_is_recalled_takes_the_order_back():
    life = ready()
    assert life.item(2, "recall") == ["item.recalled", "order.recalled"]
    assert (life.order.status, life.order.ready_at) == ("preparing", None)


def test_more_items_take_a_ready_order_back_without_a_recall():
    life = ready()
    assert life.ask(AddItems((dish(3),))) == ["item.added", "order.reopened"]
    assert (life.order.status, life.statuses()) == ("preparing", ["ready", "ready", "pending"])


def test_more_items_join_the_course_that_was_fired_or_wait():
    life = Life(1, 2, 3)
    life.advance("fire", course=2)
    life.ask(AddItems((dish(4, course=2), dish(5, course=3))))
    assert life.statuses()[3:] == ["pending", "held"]
    assert [item.line for item in life.order.items] == [1, 2, 3, 4, 5]
    assert [item.fired_at for item in life.order.items[3:]] == [NOON, None]


def test_items_added_before_the_order_is_confirmed_go_to_the_stations_with_it():
    life = pending()
    life.ask(AddItems((dish(3),)))
    assert life.order.items[2].fired_at is None
    life.advance("confirm")
    assert life.order.items[2].fired_at == NOON


@pytest.mark.parametrize("status", ["completed", "cancelled", "rejected"])
def test_nothing_is_added_to_a_closed_order(status):
    assert ORDERS[status]().refusal(AddItems((dish(3),))).code == "order-closed"


def test_progress_follows_the_items_and_never_falls_but_on_a_recall():
    life = Life(1, 1, confirm=False)
    seen = [life.order.progress]
    for step in (
        lambda: life.advance("confirm"),
        lambda: life.item(1, "start"),
        lambda: life.item(1, "bump"),
        lambda: life.ask(AddItems((dish(3), dish(4)))),
        lambda: life.item(3, "void", reason=WHY),
        lambda: life.advance("bump"),
        lambda: life.item(1, "recall"),
        lambda: life.item(1, "bump"),
        lambda: life.advance("complete"),
    ):
        step()
        seen.append(life.order.progress)
    assert seen == [0, 10, 30, 50, 50, 50, 90, 76, 90, 100]


def test_progress_falls_when_one_of_many_is_recalled():
    life = Life(1, 1)
    life.item(1, "bump")
    assert life.order.progress == 50
    life.item(1, "recall")
    assert (life.order.status, life.order.progress) == ("preparing", 30)


def test_what_was_begun_when_an_order_is_cancelled_is_waste():
    life = Life(1, 1, 1, 2)
    life.item(1, "start")
    life.item(2, "bump")
    life.item(2, "serve")
    life.item(3, "bump")
    life.advance("cancel", reason=WHY, notes="rain")
    assert life.history[-1].data == {
        "from": "preparing",
        "to": "cancelled",
        "items": ["i1", "i3", "i4"],
        "waste": ["i1", "i3"],
        "reason": WHY,
        "notes": "rain",
    }
    assert life.statuses() == ["voided", "served", "voided", "voided"]
    assert [item.void_reason for item in life.order.items] == [WHY, None, WHY, WHY]


def test_what_a_screen_showed_stays_until_somebody_acknowledges_it():
    life = Life(1, 1, 2)
    life.item(1, "start")
    life.advance("cancel", reason=WHY)
    assert [item.acknowledged_at for item in life.order.items] == [None, None, NOON]
    assert life.order.live
    assert life.item(1, "acknowledge") == ["item.acknowledged"]
    assert life.item(1, "acknowledge") == []
    assert life.order.live
    life.ticket("grill", "acknowledge")
    assert not life.order.live


def test_nobody_need_acknowledge_what_was_never_shown():
    life = pending()
    life.item(1, "void", reason=WHY)
    life.advance("cancel", reason=WHY)
    assert not life.order.live


def test_a_recall_brings_back_what_still_waits_or_else_what_was_served():
    life = ready()
    life.item(1, "serve")
    life.advance("recall")
    assert life.statuses() == ["served", "preparing"]
    life.item(2, "bump")
    life.ticket("grill", "serve")
    life.advance("recall")
    assert life.statuses() == ["preparing", "preparing"]


def test_a_ticket_is_one_stations_share():
    life = Life(1, 1, 1, stations=("grill", "bar", "bar"))
    life.ticket("bar", "bump")
    assert (life.order.status, life.statuses()) == ("preparing", ["pending", "ready", "ready"])
    assert life.ticket("bar", "bump") == []
    assert life.refusal(AdvanceTicket("bar", "start")).code == "invalid-transition"
    assert life.ticket("grill", "start") == ["item.started"]


def test_a_station_without_a_share_has_no_ticket():
    refusal = Life(1, 1, stations=("grill", "bar")).refusal(AdvanceTicket("fry", "bump"))
    assert (refusal.code, refusal.members) == ("ticket-not-found", {"stations": ["bar", "grill"]})


def test_a_ticket_on_which_nothing_was_voided_has_nothing_to_acknowledge():
    assert Life(1).refusal(AdvanceTicket("grill", "acknowledge")).code == "invalid-transition"


def test_items_of_several_statuses_move_in_one_event_each():
    life = Life(1, 1, 1)
    life.item(1, "start")
    assert life.advance("bump") == ["item.bumped", "item.bumped", "order.bumped"]
    assert [event.data["items"] for event in life.history if event.type == "item.bumped"] == [["i1"], ["i2", "i3"]]


def test_a_rushed_order_stays_rushed():
    life = preparing()
    assert life.advance("rush") == ["order.rushed"]
    assert life.advance("rush") == []
    life.advance("bump")
    assert life.advance("rush") == []
    assert life.order.priority
    assert life.refusal(AdvanceOrder("unrush")).code == "invalid-transition"
    life.advance("complete")
    assert life.refusal(AdvanceOrder("rush")).code == "order-closed"


def test_a_rush_is_taken_back():
    life = preparing()
    life.advance("rush")
    assert life.advance("unrush") == ["order.unrushed"]
    assert not life.order.priority


def test_a_payment_is_taken_whatever_the_status():
    for make in ORDERS.values():
        life = make()
        assert life.ask(AddPayment(Payment("card", 1500, 100))) == ["payment.taken"]
        assert (life.order.paid, life.order.tips) == (1500, 100)


def test_voided_items_are_not_paid_for():
    life = Life(1, 1)
    life.item(1, "void", reason=WHY)
    assert (life.order.subtotal, life.order.total) == (1000, 1000)


def test_what_an_item_was_told_is_in_its_event():
    life = Life(1)
    life.ask(AdvanceItem("i1", "bump", notes="no salt"))
    assert life.history[2].data == {"from": "pending", "to": "ready", "items": ["i1"], "notes": "no salt"}
