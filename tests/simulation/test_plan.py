from itertools import pairwise

import pytest

from workflow.simulation import basket, menu, plan

DISHES = [
    menu.Dish("MARGHERITA", "Margherita", 1150, "pizza", 480),
    menu.Dish("HOUSE-SALAD", "House salad", 750, "cold", 180),
    menu.Dish("RIBEYE", "Ribeye", 2890, "grill", 900),
]
MANY = plan.evening(DISHES, orders=400, seed=7)


def test_the_same_seed_plans_the_same_evening():
    assert plan.evening(DISHES, orders=400, seed=7) == MANY
    assert plan.evening(DISHES, orders=400, seed=8) != MANY


def test_guests_come_one_after_the_other():
    arrivals = [each.arrives for each in MANY]
    assert arrivals == sorted(arrivals)
    assert arrivals[0] > 0
    assert len({each.number for each in MANY}) == 400


def test_now_and_then_a_crowd_comes_at_once():
    gaps = [later.arrives - sooner.arrives for sooner, later in pairwise(MANY)]
    assert sum(gap < 3 for gap in gaps) > 40
    assert max(gaps) > 60


@pytest.mark.parametrize("orders", [1, 5, 60])
def test_everything_that_can_go_wrong_does(orders):
    seen = frozenset().union(*(each.quirks for each in plan.evening(DISHES, orders=orders, seed=1)))
    assert seen == plan.QUIRKS.keys()


def test_every_order_fits_the_contract():
    for each in MANY:
        check(each.body, each.extra)


def check(body, extra):
    assert body.keys() <= {"channel", "table", "guests", "customer", "notes", "items", "discounts", "payments"}
    assert body["channel"] in ("dine_in", "takeaway", "delivery")
    assert 1 <= len(body["items"]) <= 200
    for item in [*body["items"], *extra]:
        assert ("sku" in item) != ("name" in item and "unit_price" in item)
        assert 1 <= item["quantity"] <= 999
        assert all(modifier["price"] >= 0 for modifier in item.get("modifiers", []))
    courses = [item.get("course", 1) for item in body["items"]]
    assert courses == sorted(courses)
    assert set(courses) in ({1}, {1, 2})
    for payment in body.get("payments", []):
        assert payment["amount"] == basket.due(body, DISHES)
        assert payment["tip"] >= 0
    if "customer" in body:
        assert body["customer"]["contact"].startswith("mailto:")


def test_discounts_leave_something_to_pay():
    discounted = [each.body for each in MANY if "discounts" in each.body]
    assert discounted
    assert all(basket.due(body, DISHES) > 0 for body in discounted)


def test_a_line_costs_its_pieces_with_their_modifiers():
    line = {"sku": "MARGHERITA", "quantity": 2, "modifiers": [{"name": "extra basil", "price": 50}]}
    assert basket.item_total(line, DISHES) == 2400


def test_a_menu_is_read_without_what_is_sold_out():
    entry = {"sku": "MARGHERITA", "name": "Margherita", "price": 1150, "station": "pizza", "prep_seconds": 480}
    read = menu.read({"data": [entry, {**entry, "sku": "GONE", "available": False}]})
    assert read == [DISHES[0]]
    assert menu.stations(DISHES) == ["cold", "grill", "pizza"]


@pytest.mark.parametrize("body", [None, {}, {"data": []}, {"data": [{"sku": "X"}]}, {"data": ["X"]}, []])
def test_a_menu_that_cannot_be_cooked_from_is_refused(body):
    with pytest.raises(menu.UnreadableMenu):
        menu.read(body)
