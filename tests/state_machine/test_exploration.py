"""Every small order keeps the promises, and an order that breaks one is found by its shortest way."""

import pytest
from msgspec.structs import replace

from tests.state_machine.scenes import Life, completed, preparing, ready
from workflow.state_machine import promises
from workflow.state_machine.attempts import Attempt, Bounds, attempts
from workflow.state_machine.commands import AdvanceOrder
from workflow.state_machine.exploration import explore, kind
from workflow.state_machine.model import Event, ItemStatus, OrderStatus
from workflow.state_machine.promises import PROMISES, Seen, Step
from workflow.state_machine.refusals import InvalidTransition

ATTEMPT = Attempt("wave", (AdvanceOrder("wave"),), action="wave")


def assert_all_hold(findings):
    assert [verdict for verdict in findings.verdicts if verdict.counterexample] == []
    assert findings.hold
    assert len(findings.verdicts) == len(PROMISES) + 2


def test_orders_of_two_items_keep_every_promise():
    findings = explore(Bounds(items=2, courses=2, stations=1))
    assert_all_hold(findings)
    assert findings.states > 500
    assert findings.transitions > 5_000


@pytest.mark.slow
def test_orders_of_three_items_over_two_courses_keep_every_promise():
    findings = explore()
    assert_all_hold(findings)
    assert findings.states > 20_000
    assert findings.transitions > 400_000


def test_whoever_watches_is_told_how_far_it_is():
    told = []
    findings = explore(Bounds(1, 1, 1), lambda done, known: told.append((done, known)))
    assert [done for done, _ in told] == list(range(1, findings.states + 1))
    assert told[-1] == (findings.states, findings.states)


def test_the_more_there_may_be_the_more_is_found():
    assert explore(Bounds(1, 1, 1)).states < explore(Bounds(1, 2, 1)).states < explore(Bounds(2, 1, 1)).states


def test_orders_are_of_one_kind_whatever_their_stations_are_called():
    assert kind(Life(1, 2, stations=("grill", "bar")).order) == kind(Life(1, 2, stations=("bar", "grill")).order)
    assert kind(Life(1, 1, stations=("grill", "bar")).order) != kind(Life(1, 1).order)
    assert kind(Life(1, 2).order) != kind(Life(1, 1).order)


def test_everything_is_attempted():
    order = Life(1, 1, stations=("bar", "grill")).order
    types = {type(command).__name__ for tried in attempts(order, Bounds()) for command in tried.commands}
    assert types == {
        *("AdvanceOrder", "AdvanceItem", "AdvanceTicket", "SetStatus", "AddItems", "AddPayment"),
        *("ReleaseOrder", "EstimateOrder", "MarkOverdue"),
    }


def seen(life, *, order=None, steps=()):
    return Seen(order or life.order, life.history, life.now, steps)


def step_to(life, after, type_="order.waved"):
    return seen(life, steps=[Step(ATTEMPT, [Event(type_, life.now, "anybody")], [after])])


def misplaced(life, **change):
    return seen(life, order=replace(life.order, **change))


def unfinished(order):
    items = tuple(replace(item, status=ItemStatus.PENDING) for item in order.items)
    return replace(order, items=items)


def refused(life, **members):
    return seen(life, steps=[Step(ATTEMPT, refusal=InvalidTransition("No.", **members))])


done, made, cooked = completed(), preparing(), ready()
BROKEN = {
    promises.only_refusals_are_raised: seen(made, steps=[Step(ATTEMPT, error=KeyError("x"))]),
    promises.status_agrees_with_items: misplaced(made, status=OrderStatus.READY),
    promises.completed_means_finished: seen(done, order=unfinished(done.order)),
    promises.progress_falls_on_recall_only: step_to(made, replace(made.order, progress=0)),
    promises.versions_count_events: step_to(made, replace(made.order, version=9)),
    promises.every_event_changes_something: step_to(made, replace(made.order, version=5)),
    promises.closed_orders_come_back_by_recall_only: step_to(done, replace(done.order, status=OrderStatus.READY)),
    promises.offers_are_exact: seen(made, steps=[Step(ATTEMPT)]),
    promises.refusals_tell_what_is_allowed: refused(made, allowed=["bump"]),
    promises.blocked_actions_are_refused: refused(made, allowed=[]),
    promises.history_is_the_order: misplaced(cooked, guests=9),
}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_a_broken_promise_is_noticed(promise):
    assert promise(BROKEN[promise]).detail
