"""A discrepancy of every kind is planted, and has to be found."""

import copy

import pytest

from workflow.simulation import day_report
from workflow.simulation.books import OrderBook, Step, line_of
from workflow.simulation.plan import Plan, Style
from workflow.simulation.reconciliation import listing_flaws, order_flaws

BODY = {"external_id": "sim-1", "channel": "takeaway", "items": [], "discounts": [{"name": "voucher", "amount": 300}]}
ITEMS = [
    {"id": "i1", "line": 1, "station": "pizza", "course": 1, "quantity": 2, "prep_seconds": 480, "status": "served"},
    {"id": "i2", "line": 2, "station": "cold", "course": 1, "quantity": 1, "prep_seconds": 180, "status": "voided"},
]
TOLD = {
    "id": "o1", "external_id": "sim-1", "number": "A-001", "business_day": "2026-11-22", "channel": "takeaway",
    "status": "completed", "version": 6, "progress": 100, "priority": False, "items": ITEMS,
    "subtotal": 2400, "discount": 300, "total": 2100, "paid": 2100, "tips": 200, "cancel_reason": None,
}  # fmt: skip
EVENTS = [
    {"seq": seq, "type": type_, "data": {}}
    for seq, type_ in enumerate(
        ("order.placed", "order.confirmed", "order.estimated", "order.bumped", "payment.taken", "order.completed"), 1
    )
]


@pytest.fixture
def order():
    order = OrderBook(Plan(1, 0.0, BODY, Style.ITEMS), "sim-1", BODY, [1200, 750], discounts=300)
    order.id, order.number, order.business_day = "o1", "A-001", "2026-11-22"
    order.status, order.version = "completed", 6
    order.lines = {item["id"]: line_of(item, price) for item, price in zip(ITEMS, order.prices, strict=True)}
    order.lines["i2"].voided_alone = True
    order.take("card", 2100, 200)
    order.steps = [Step("place", 0, 2, True), Step("bump", 2, 4, True), Step("pay", 4, 5, True)]
    order.steps += [Step("complete", 5, 6, True), Step("complete", 6, 6, False)]
    return order


@pytest.fixture
def told():
    return copy.deepcopy(TOLD)


@pytest.fixture
def events():
    return copy.deepcopy(EVENTS)


def test_books_that_agree_are_left_in_peace(order, told, events):
    assert order_flaws(order, told, events) == []
    assert listing_flaws("sim", [order], [told]) == []


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", "o2"),
        ("external_id", "sim-2"),
        ("number", "A-002"),
        ("channel", "delivery"),
        ("status", "ready"),
        ("subtotal", 2500),
        ("discount", 0),
        ("total", 2200),
        ("paid", 4200),
        ("tips", 0),
        ("priority", True),
    ],
)
def test_a_member_that_differs_is_found(order, told, events, member, value):
    told[member] = value
    [flaw] = order_flaws(order, told, events)
    assert flaw.startswith(f"{member} is {value!r}, not ")


def test_an_item_in_another_status_is_found(order, told, events):
    told["items"][0]["status"] = "ready"
    assert order_flaws(order, told, events) == ["item i1 is ready, not served."]


def test_an_item_that_was_eaten_by_the_server_is_found(order, told, events):
    del told["items"][1]
    assert order_flaws(order, told, events) == ["item i2 is missing."]


def test_an_item_that_nobody_ordered_is_found(order, told, events):
    told["items"].append({**ITEMS[0], "id": "i3"})
    assert order_flaws(order, told, events) == ["item i3 is not in our books."]


def test_another_quantity_is_found(order, told, events):
    told["items"][0]["quantity"] = 3
    assert order_flaws(order, told, events) == ["item i1 has quantity 3, not 2."]


def test_another_cancel_reason_is_found(order, told, events):
    order.status, order.cancel_reason = "cancelled", "guest left"
    told["status"], told["cancel_reason"] = "cancelled", "who knows"
    assert order_flaws(order, told, events) == ["cancel_reason is 'who knows', not 'guest left'."]


def test_a_version_that_fell_is_found(order, told, events):
    told["version"] = 5
    assert "its version fell from 6 to 5." in order_flaws(order, told, events)


def test_an_order_that_was_left_open_is_found(order, told, events):
    order.status = told["status"] = "preparing"
    order.lines["i1"].status = told["items"][0]["status"] = "pending"
    assert order_flaws(order, told, events) == ["was left preparing; no screen ever showed ['i1']."]


def test_a_gap_in_the_history_is_found(order, told, events):
    del events[3]
    assert order_flaws(order, told, events) == ["the history is not numbered without gaps: 1, 2, 3, 5, 6."]


def test_a_history_that_ends_early_is_found(order, told, events):
    told["version"] = 7
    assert order_flaws(order, told, events) == ["the history ends at 6, the order is at version 7."]


def test_an_estimate_after_the_last_command_is_nobodys_fault(order, told, events):
    told["version"] = 7
    assert order_flaws(order, told, [*events, {"seq": 7, "type": "order.estimated", "data": {}}]) == []


def test_an_event_that_no_command_led_to_is_found(order, told, events):
    told["version"] = 7
    flaws = order_flaws(order, told, [*events, {"seq": 7, "type": "item.bumped", "data": {}}])
    assert flaws == ["event 7, item.bumped, came from no command of ours."]


def test_a_retry_that_happened_twice_is_found(order, told, events):
    events[3:4] = [events[4], events[4]]
    told["version"] = 7
    events = [{**event, "seq": seq} for seq, event in enumerate(events, 1)]
    order.steps[1:] = [Step("pay", 2, 6, True), Step("complete", 6, 7, True)]
    assert "payment.taken was recorded 3 times for one pay." in order_flaws(order, told, events)


def test_a_no_op_that_left_an_event_is_found(order, told, events):
    order.steps[3] = Step("complete", 5, 6, False)
    assert order_flaws(order, told, events) == ["complete had nothing to do, and yet order.completed was recorded."]


def test_an_accepted_command_without_an_event_is_found(order, told, events):
    order.steps.append(Step("rush", 6, 6, True))
    assert order_flaws(order, told, events) == ["rush was accepted, and left no event."]


def test_what_the_clock_does_to_a_scheduled_order_is_no_stray(order, told, events):
    order.body = {**BODY, "scheduled_for": "2026-11-22T19:00:00Z"}
    order.steps[0] = Step("place", 0, 1, True)
    assert order_flaws(order, told, events) == []


def test_a_lost_order_is_found(order):
    assert listing_flaws("sim", [order], []) == ["sim-1: accepted, and lost from the list."]


def test_a_doubled_order_is_found(order, told):
    twin = {**told, "id": "o2", "number": "A-002"}
    assert listing_flaws("sim", [order], [told, twin]) == ["sim-1: 2 orders."]


def test_an_order_that_nobody_was_told_of_is_found(told):
    assert listing_flaws("sim", [], [told]) == ["sim-1: an order that was never accepted."]


def test_the_orders_of_others_are_none_of_our_business(order, told):
    others = [{**told, "id": "o3", "number": "A-003", "external_id": name} for name in (None, "till-7")]
    assert listing_flaws("sim", [order], [told, others[0]]) == []
    assert listing_flaws("sim", [order], [told, others[1]]) == []


def test_a_number_given_twice_is_found(order, told):
    other = {**told, "id": "o2", "external_id": "till-7"}
    assert listing_flaws("sim", [order], [told, other]) == ["Number A-001 of 2026-11-22 is on 2 orders."]


REPORT = {
    "orders": {"placed": 1, "completed": 1, "cancelled": 0, "rejected": 0, "open": 0},
    "items": {"ordered": 3, "voided": 1, "cancelled": 0, "sold": 2},
    "gross": 3150,
    "voids": {"amount": 750},
    "cancellations": {"amount": 0, "by_reason": []},
    "rejections": {"amount": 0},
    "discounts": {"amount": 300},
    "net": 2100,
    "payments": {
        "count": 1,
        "amount": 2100,
        "tips": 200,
        "by_tender": [{"tender": "card", "count": 1, "amount": 2100, "tips": 200}],
    },
}


def after(**changes):
    return {"2026-11-22": {**copy.deepcopy(REPORT), **changes}}


def test_a_report_that_grew_by_what_was_sold_is_right(order):
    assert day_report.flaws([order], {}, after()) == []
    assert day_report.flaws([order], {"2026-11-22": {}}, after()) == []


def test_only_the_difference_to_before_counts(order):
    assert day_report.flaws([], after(), after()) == []
    assert "net grew by 0, by our books 2100." in day_report.flaws([order], after(), after())


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"gross": 3000}, "gross grew by 3000, by our books 3150."),
        ({"net": 2000}, "net grew by 2000, by our books 2100."),
        ({"voids": {"amount": 0}}, "voids grew by 0, by our books 750."),
        ({"discounts": {"amount": 301}}, "discounts grew by 301, by our books 300."),
        ({"orders": {**REPORT["orders"], "placed": 2}}, "orders placed grew by 2, by our books 1."),
        ({"items": {**REPORT["items"], "sold": 3}}, "items sold grew by 3, by our books 2."),
        ({"payments": {**REPORT["payments"], "tips": 400}}, "tips grew by 400, by our books 200."),
        (
            {"cancellations": {"amount": 0, "by_reason": [{"reason": "guest left", "orders": 1}]}},
            "cancelled: guest left grew by 1, by our books 0.",
        ),
    ],
)
def test_a_figure_that_is_off_is_found(order, changes, flaw):
    assert day_report.flaws([order], {}, after(**changes)) == [flaw]


def test_a_cancelled_order_is_expected_under_its_reason(order):
    order.status, order.cancel_reason = "cancelled", "guest left"
    order.lines["i1"].status = "voided"
    expected = day_report.expected([order])
    assert (expected["orders cancelled"], expected["cancelled: guest left"]) == (1, 1)
    assert (expected["cancellations"], expected["voids"], expected["net"]) == (2400, 750, 0)


def test_a_missing_report_is_found(order):
    assert day_report.flaws([order], {}, {"2026-11-22": {}}) == ["There is no report of 2026-11-22."]


def test_a_report_that_cannot_be_read_is_a_finding_and_no_traceback(order):
    [flaw] = day_report.flaws([order], {}, {"2026-11-22": {"orders": 7}})
    assert flaw.startswith("The report cannot be read: ")
