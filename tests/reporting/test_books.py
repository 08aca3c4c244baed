"""The books add up: within each report, and over all of them, whatever is committed or closed late."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reporting.scenes import DAY, MINUTE, Scene, item
from workflow.reporting.figures import day_figures

ORDER_ACTIONS = ["confirm", "reject", "start", "bump", "complete", "cancel", "recall"]
ITEM_ACTIONS = ["start", "bump", "serve", "void", "recall"]
RUNGS = ["voids", "cancellations", "rejections", "discounts"]

prices = st.integers(0, 2000)
items = st.builds(
    item,
    price=prices,
    quantity=st.integers(1, 3),
    station=st.sampled_from(["grill", "bar", "gone"]),
    sku=st.sampled_from(["BURGER", None]),
)
late = st.sampled_from([False, False, True])
which = st.integers(0, 50)
steps = st.one_of(
    st.tuples(
        st.just("place"),
        st.lists(items, min_size=1, max_size=3),
        late,
        st.booleans(),
        st.lists(st.tuples(st.sampled_from(["happy hour", "staff"]), prices), max_size=2),
        st.lists(st.tuples(st.sampled_from(["card", "cash"]), prices, st.integers(0, 200)), max_size=2),
        st.sampled_from([None, None, 1, 2]),
    ),
    st.tuples(st.just("do"), which, st.sampled_from(ORDER_ACTIONS), late),
    st.tuples(st.just("item"), which, st.integers(1, 3), st.sampled_from(ITEM_ACTIONS), late),
    st.tuples(st.just("pay"), which, prices, late),
    st.tuples(st.just("wait"), st.sampled_from([5, 60, 700, 1500])),
    st.just(("close",)),
    st.just(("close early",)),
    st.just(("commit",)),
)


def play(scene, step):
    """One step of a made-up history; what the core refuses does not happen."""
    kind, *told = step
    scene.now += MINUTE
    if kind == "place":
        things, is_late, confirm, discounts, payments, ahead = told
        when = scene.now + ahead * DAY if ahead else None
        scene.place(
            *things, late=is_late, confirm=confirm, discounts=discounts, payments=payments, guests=2, scheduled_for=when
        )
    elif kind == "wait":
        scene.now += told[0] * MINUTE
    elif kind == "commit":
        scene.commit()
    elif kind.startswith("close"):
        until = scene.day_of(scene.now) + (DAY if kind == "close early" else 0 * DAY)
        while scene.next_to_close() < until:
            scene.close(scene.next_to_close())
    elif scene.orders:
        order_id = list(scene.orders)[told[0] % len(scene.orders)]
        if kind == "item":
            told[1] = (told[1] - 1) % len(scene.orders[order_id].items) + 1
        scene.attempt(getattr(scene, kind), order_id, *told[1:-1], late=told[-1])


def closed_to_the_end(scene):
    scene.commit()
    scene.now += 4 * DAY
    while scene.next_to_close() <= scene.day_of(scene.now):
        scene.close(scene.next_to_close())
    return scene.reports


def adds_up(report):
    assert report["gross"] - sum(report[rung]["amount"] for rung in RUNGS) == report["net"]
    changed = report["adjustments"]
    assert changed["gross"] - sum(changed[rung] for rung in RUNGS) == changed["net"]
    assert report["net_total"] == report["net"] + changed["net"]
    paid = report["payments"]["amount"]
    assert report["settlement"] == {"net": report["net_total"], "paid": paid, "difference": paid - report["net_total"]}
    for rung in ["gross", *RUNGS, "net"]:
        assert sum(order[rung] for order in changed["orders"]) == changed[rung]


def breakdowns_add_up(report):
    for table in (report["by_hour"], report["orders"]["by_channel"]):
        assert sum(row["net"] for row in table) == report["net"]
        assert sum(row["orders"] for row in table) == report["orders"]["placed"]
    for table in (report["by_item"], report["by_station"]):
        assert sum(row["gross"] for row in table) == report["gross"]
        assert sum(row["sales"] for row in table) == report["net"] + report["discounts"]["amount"]
        assert sum(row["sold"] for row in table) == report["items"]["sold"]
    assert report["items"]["ordered"] == sum(report["items"][fate] for fate in ("voided", "cancelled", "sold"))
    states = ("completed", "cancelled", "rejected", "open")
    assert report["orders"]["placed"] == sum(report["orders"][state] for state in states)
    for rung in ("voids", "cancellations", "rejections"):
        parts = [report[rung]["before_start"], report[rung]["after_start"]]
        assert sum(part["amount"] for part in parts) == report[rung]["amount"]
        assert sum(row["amount"] for row in report[rung]["by_reason"]) == report[rung]["amount"]
    assert sum(row["amount"] for row in report["discounts"]["by_name"]) == report["discounts"]["amount"]
    assert sum(row["amount"] for row in report["payments"]["by_tender"]) == report["payments"]["amount"]
    assert sum(report["payments"]["for_orders_of"].values()) == report["payments"]["amount"]


@settings(deadline=None, max_examples=300)
@given(st.lists(steps, max_size=40))
def test_nothing_is_counted_twice_or_never(history):
    scene = Scene()
    for step in history:
        play(scene, step)
    reports = closed_to_the_end(scene)
    orders = scene.orders.values()
    for report in reports:
        adds_up(report)
        breakdowns_add_up(report)
    assert sum(report["net_total"] for report in reports) == sum(order.total for order in orders)
    assert reports[-1]["grand_total"] == sum(order.total for order in orders)
    assert sum(report["payments"]["amount"] for report in reports) == sum(order.paid for order in orders)
    assert sum(report["payments"]["tips"] for report in reports) == sum(order.tips for order in orders)
    gross = sum(report["gross"] + report["adjustments"]["gross"] for report in reports)
    assert gross == sum(item.total for order in orders for item in order.items)
    assert [report["number"] for report in reports] == list(range(1, len(reports) + 1))
    still_open = {order.id for order in orders if not order.closed}
    assert {row["order_id"] for row in reports[-1]["exceptions"]["open_orders"]} == still_open


@settings(deadline=None, max_examples=100)
@given(st.lists(steps, max_size=30))
def test_a_report_shows_the_same_before_and_when_its_day_is_closed(history):
    scene = Scene()
    for step in history:
        play(scene, step)
    scene.commit()
    day = scene.day_of(scene.now)
    if scene.next_to_close() > day:
        return
    live = scene.x_report(day)
    while scene.next_to_close() <= day:
        closed = scene.close(scene.next_to_close())
    of_the_heading = {"kind", "number", "status", "as_of", "last_position", "complete_to", "exceptions"}
    assert {k: v for k, v in live.items() if k not in of_the_heading} == {
        k: v for k, v in closed.items() if k not in of_the_heading
    }


@settings(deadline=None, max_examples=50)
@given(st.lists(steps, max_size=30))
def test_the_same_events_give_the_same_bytes_however_they_are_found(history):
    scene = Scene()
    for step in history:
        play(scene, step)
    backwards = dict(reversed(scene.log.items()))
    heading = scene.heading(max(scene.next_to_close(), scene.day_of(scene.now)))
    told = [msgspec.json.encode(day_figures(heading, scene.previous, found)) for found in (scene.log, backwards)]
    assert told[0] == told[1]
