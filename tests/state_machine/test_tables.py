"""The tables said a second time, by hand: what each action does in each status, and what it is refused with."""

import pytest

from tests.state_machine.scenes import NOON, ORDERS, WAYS, WHY, Life, pending, preparing, ready, with_item
from workflow.state_machine.commands import AdvanceItem, AdvanceOrder, AdvanceTicket
from workflow.state_machine.model import OrderStatus
from workflow.state_machine.options import item_actions, order_actions
from workflow.state_machine.tables import ITEM, ORDER

# The status that follows; "same": nothing happens; "done": it happens, and the status stays; else the refusal's code.
ORDER_GRID = """
          scheduled  pending    confirmed      preparing        ready             completed     cancelled     rejected
confirm   NO         confirmed  same           NO               NO                CLOSED        CLOSED        CLOSED
reject    NO         rejected   NO             NO               NO                CLOSED        CLOSED        same
start     NO         NO         preparing      same             NO                CLOSED        CLOSED        CLOSED
bump      NO         NO         ready          ready            same              CLOSED        CLOSED        CLOSED
complete  NO         NO         items-pending  items-pending    completed         same          CLOSED        CLOSED
cancel    cancelled  cancelled  cancelled      cancelled        cancelled         CLOSED        same          CLOSED
recall    NO         NO         NO             NO               preparing         preparing     CLOSED        CLOSED
fire      NO         same       same           same             same              CLOSED        CLOSED        CLOSED
hold      NO         done       done           course-under-way course-under-way  CLOSED        CLOSED        CLOSED
rush      done       done       done           done             NO                CLOSED        CLOSED        CLOSED
unrush    same       same       same           same             NO                CLOSED        CLOSED        CLOSED
delay     done       done       done           done             NO                CLOSED        CLOSED        CLOSED
release   NO         NO         NO             NO               NO                CLOSED        CLOSED        CLOSED
reopen    NO         NO         NO             NO               NO                CLOSED        CLOSED        CLOSED
juggle    NO         NO         NO             NO               NO                CLOSED        CLOSED        CLOSED
"""
ITEM_GRID = """
             held      pending    preparing  ready      served     voided
start        NO        preparing  same       NO         NO         NO
bump         NO        ready      ready      same       NO         NO
recall       NO        NO         NO         preparing  preparing  NO
serve        NO        NO         NO         served     NO         NO
void         voided    voided     voided     voided     NO         NO
acknowledge  NO        NO         NO         NO         NO         done
fire         NO        NO         NO         NO         NO         NO
hold         NO        NO         NO         NO         NO         NO
juggle       NO        NO         NO         NO         NO         NO
"""
GUARDS = {
    ("order", "reject"): ["reason_given"],
    ("order", "start"): ["something_fired"],
    ("order", "bump"): ["something_fired"],
    ("order", "complete"): ["nothing_pending"],
    ("order", "cancel"): ["reason_given"],
    ("order", "recall"): ["within_recall_window"],
    ("order", "fire"): ["course_on_order"],
    ("order", "hold"): ["course_on_order", "course_not_begun"],
    ("item", "start"): ["order_confirmed"],
    ("item", "bump"): ["order_confirmed"],
    ("item", "recall"): ["order_confirmed"],
    ("item", "serve"): ["order_confirmed"],
    ("item", "void"): ["reason_given"],
}
CODES = {"NO": "invalid-transition", "CLOSED": "order-closed"}
ORDER_EVENTS = {
    ("confirm", "pending"): ["order.confirmed"],
    ("reject", "pending"): ["order.rejected"],
    ("start", "confirmed"): ["item.started", "order.started"],
    ("bump", "confirmed"): ["item.bumped", "order.started", "order.bumped"],
    ("bump", "preparing"): ["item.bumped", "order.bumped"],
    ("complete", "ready"): ["order.completed"],
    ("cancel", "scheduled"): ["order.cancelled"],
    ("cancel", "ready"): ["order.cancelled"],
    ("recall", "ready"): ["item.recalled", "order.recalled"],
    ("recall", "completed"): ["item.recalled", "order.recalled"],
    ("hold", "confirmed"): ["course.held"],
    ("rush", "pending"): ["order.rushed"],
    ("delay", "pending"): ["order.delayed"],
}
ITEM_EVENTS = {
    ("start", "pending"): ["item.started", "order.started"],
    ("bump", "pending"): ["item.bumped", "order.started"],
    ("bump", "preparing"): ["item.bumped"],
    ("recall", "ready"): ["item.recalled"],
    ("recall", "served"): ["item.recalled"],
    ("serve", "ready"): ["item.served"],
    ("void", "held"): ["item.voided"],
    ("void", "ready"): ["item.voided"],
    ("acknowledge", "voided"): ["item.acknowledged"],
}


def cells(grid):
    found = []
    head, *lines = grid.strip("\n").splitlines()
    for line in lines:
        action, *outcomes = line.split()
        found += [(action, status, outcome) for status, outcome in zip(head.split(), outcomes, strict=True)]
    return found


def full(action):
    """A command that lacks nothing."""
    course = 1 if action in ("fire", "hold") else None
    return AdvanceOrder(action, reason=WHY, course=course, seconds=60 if action == "delay" else None)


@pytest.mark.parametrize(("action", "status", "outcome"), cells(ORDER_GRID))
def test_an_order_does_what_the_table_says(action, status, outcome):
    life = ORDERS[status]()
    assert life.order.status == status
    if outcome == "same":
        assert life.ask(full(action)) == []
    elif outcome == "done":
        assert life.ask(full(action)) != []
        assert life.order.status == status
    elif outcome in list(OrderStatus):
        assert life.ask(full(action)) != []
        assert life.order.status == outcome
    else:
        refusal = life.refusal(full(action))
        assert refusal.code == CODES.get(outcome, outcome)
        assert (refusal.members["action"], refusal.members["order_status"]) == (action, status)
        assert refusal.members["allowed"] == order_actions(life.order, life.now)


@pytest.mark.parametrize(("action", "status", "outcome"), cells(ITEM_GRID))
def test_an_item_does_what_the_table_says(action, status, outcome):
    life = with_item(status)
    version = life.order.version
    command = AdvanceItem("i2", action, reason=WHY)
    if outcome == "NO":
        refusal = life.refusal(command)
        assert (refusal.code, refusal.members["item_status"]) == ("invalid-transition", status)
        assert refusal.members["allowed"] == item_actions(life.order, life.order.items[1], life.now)
        return
    assert (life.ask(command) == []) == (outcome == "same")
    assert life.order.items[1].status == (status if outcome in ("same", "done") else outcome)
    assert (life.order.version == version) == (outcome == "same")


@pytest.mark.parametrize(("told", "events"), list(ORDER_EVENTS.items()), ids=str)
def test_an_order_tells_what_happened(told, events):
    action, status = told
    assert ORDERS[status]().ask(full(action)) == events


@pytest.mark.parametrize(("told", "events"), list(ITEM_EVENTS.items()), ids=str)
def test_an_item_tells_what_happened(told, events):
    action, status = told
    assert with_item(status).item(2, action, reason=WHY) == events


def test_the_grids_leave_no_action_out():
    assert {action for action, _, _ in cells(ORDER_GRID)} == {row.action for row in ORDER.transitions} | {"juggle"}
    assert {action for action, _, _ in cells(ITEM_GRID)} == {row.action for row in ITEM.transitions} | {"juggle"}
    assert set(ORDERS) == set(ORDER.statuses)
    assert set(WAYS) == set(ITEM.statuses)


@pytest.mark.parametrize("machine", [ORDER, ITEM])
def test_every_row_has_its_guards_in_this_order(machine):
    for row in machine.transitions:
        assert [guard.name for guard in row.guards] == GUARDS.get((machine.name, row.action), [])


@pytest.mark.parametrize("reason", [None, "", "   "])
@pytest.mark.parametrize(("life", "action"), [(pending, "reject"), (pending, "cancel"), (ready, "cancel")])
def test_an_order_is_not_dropped_without_a_reason(life, action, reason):
    refusal = life().refusal(AdvanceOrder(action, reason=reason))
    assert refusal.code == "reason-required"
    assert action in refusal.members["allowed"]


@pytest.mark.parametrize("command", [AdvanceItem("i1", "void"), AdvanceTicket("grill", "void", reason=" ")])
def test_an_item_is_not_voided_without_a_reason(command):
    assert preparing().refusal(command).code == "reason-required"


@pytest.mark.parametrize("action", ["start", "bump"])
def test_items_wait_for_their_order_to_be_confirmed(action):
    for life in (ORDERS["scheduled"](), ORDERS["pending"]()):
        refusal = life.refusal(AdvanceItem("i1", action))
        assert refusal.code == "order-not-confirmed"
        assert refusal.members["allowed"] == ["void"]
        assert life.refusal(AdvanceTicket("grill", action)).code == "order-not-confirmed"


@pytest.mark.parametrize("status", ["completed", "cancelled", "rejected"])
@pytest.mark.parametrize("action", ["start", "recall", "serve", "void", "juggle"])
def test_the_items_of_a_closed_order_rest(status, action):
    assert ORDERS[status]().refusal(AdvanceItem("i1", action, reason=WHY)).code == "order-closed"


def test_an_unfinished_order_names_the_items_in_the_way():
    life = Life(1, 1, 2)
    life.item(1, "bump")
    refusal = life.refusal(AdvanceOrder("complete"))
    assert (refusal.code, refusal.members["items"]) == ("items-pending", ["i2", "i3"])
    assert refusal.detail == "2 items are not ready yet."
    assert refusal.members["allowed"] == ["bump", "cancel", "delay", "fire", "hold", "rush"]


def test_an_item_of_another_order_is_unknown():
    refusal = Life(1).refusal(AdvanceItem("i9", "bump"))
    assert (refusal.code, refusal.members) == ("item-not-found", {"items": ["i1"]})


def test_an_order_that_holds_everything_has_nothing_to_start():
    life = Life(1, 2)
    life.advance("hold", course=1)
    for action in ("start", "bump"):
        refusal = life.refusal(AdvanceOrder(action))
        assert (refusal.code, refusal.members["items"]) == ("nothing-fired", ["i1", "i2"])
        assert action not in refusal.members["allowed"]


@pytest.mark.parametrize("action", ["fire", "hold"])
@pytest.mark.parametrize("course", [None, 3])
def test_a_course_that_is_not_on_the_order_cannot_be_turned(action, course):
    refusal = Life(1, 2).refusal(AdvanceOrder(action, course=course))
    assert refusal.code == "unknown-course"
    assert refusal.detail.endswith("this order has 1, 2.")


def test_a_course_that_is_being_cooked_cannot_be_held():
    refusal = preparing().refusal(AdvanceOrder("hold", course=1))
    assert (refusal.code, refusal.members["items"]) == ("course-under-way", ["i1", "i2"])


def test_the_moment_of_an_event_is_that_of_its_command():
    life = Life(1)
    life.item(1, "start")
    assert {event.at for event in life.history} == {NOON}
    assert [event.actor for event in life.history] == ["pos", "pos", "kitchen", "kitchen"]
