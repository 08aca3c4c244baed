"""Placing orders, looking at them, adding to them."""

import pytest

from tests.web.test_conventions import assert_problem

FULL = {
    "external_id": "till-7-000123",
    "channel": "dine_in",
    "table": "12",
    "guests": 2,
    "customer": {"name": "Ada", "contact": "mailto:ada@example.com"},
    "scheduled_for": None,
    "notes": "birthday",
    "items": [
        {
            "sku": "MARGHERITA",
            "quantity": 2,
            "modifiers": [{"name": "extra basil", "price": 50}],
            "notes": "well done",
            "course": 1,
        },
        {"name": "Dish of the day", "unit_price": 1450, "quantity": 1, "station": "grill", "prep_seconds": 720},
    ],
    "discounts": [{"name": "happy hour", "amount": 200}],
    "payments": [{"tender": "card", "amount": 3000, "tip": 200}],
}


async def test_an_order_is_placed_with_prices_and_stations_of_the_menu(house):
    answer = await house.pos.post("/v1/orders", FULL)
    order = answer.json
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/orders/{order['id']}"
    assert (order["subtotal"], order["discount"], order["total"]) == (3850, 200, 3650)
    assert (order["paid"], order["tips"], order["currency"]) == (3000, 200, "EUR")
    first, second = order["items"]
    assert (first["name"], first["unit_price"], first["station"], first["prep_seconds"]) == (
        "Margherita",
        1150,
        "pizza",
        480,
    )
    assert (second["sku"], second["name"], second["station"], second["prep_seconds"]) == (
        None,
        "Dish of the day",
        "grill",
        720,
    )
    assert order["tracking_url"] == f"/order-tracking/{order['tracking_token']}"
    assert order["customer"] == FULL["customer"]
    assert order["number"]


async def test_the_order_reads_as_it_was_answered(house):
    placed = (await house.pos.post("/v1/orders", FULL)).json
    assert (await house.kitchen.get(f"/v1/orders/{placed['id']}")).json == placed


async def test_the_same_external_id_and_content_is_the_same_order(house):
    placed = await house.pos.post("/v1/orders", FULL)
    again = await house.pos.post("/v1/orders", FULL)
    assert again.status_code == 200
    assert again.json["id"] == placed.json["id"]
    assert again.headers["location"] == placed.headers["location"]


async def test_the_same_external_id_with_another_content_is_refused(house):
    placed = (await house.pos.post("/v1/orders", FULL)).json
    told = assert_problem(await house.pos.post("/v1/orders", {**FULL, "table": "13"}), 409, "external-id-conflict")
    assert (told["order_id"], told["number"]) == (placed["id"], placed["number"])


@pytest.mark.parametrize(
    ("item", "code", "members"),
    [
        ({"sku": "MARGHERITTA"}, "unknown-item", {"sku": "MARGHERITTA"}),
        ({"sku": "MARGHERITA", "unit_price": 1}, "price-mismatch", {"sku": "MARGHERITA", "unit_price": 1150}),
        ({"name": "Soup", "unit_price": 1, "station": "bakery"}, "unknown-station", {"station": "bakery"}),
        ({"name": "Soup"}, "invalid-request", {}),
    ],
)
async def test_an_item_that_the_house_does_not_know_is_refused(house, item, code, members):
    order = {"channel": "takeaway", "items": [{"sku": "CAESAR", "quantity": 1}, {"quantity": 1, **item}]}
    told = assert_problem(await house.pos.post("/v1/orders", order), 422, code)
    assert told["errors"][0]["pointer"].startswith("/items/1")
    assert told.items() >= members.items()


async def test_what_is_86_cannot_be_ordered(house):
    await house.kitchen.patch("/v1/menu/items/CAESAR", {"available": False})
    order = {"channel": "takeaway", "items": [{"sku": "CAESAR", "quantity": 1}]}
    assert_problem(await house.pos.post("/v1/orders", order), 422, "item-unavailable")
    await house.kitchen.patch("/v1/menu/items/CAESAR", {"available": True})
    assert (await house.pos.post("/v1/orders", order)).status_code == 201


# Guests


async def test_a_guest_orders_from_the_menu_without_a_key(house):
    order = {"channel": "takeaway", "items": [{"sku": "MARGHERITA", "quantity": 1}]}
    assert (await house.guest.post("/v1/orders", order)).status_code == 201
    assert (await house.guest.post("/v1/orders?location=main", order)).status_code == 201
    assert_problem(await house.guest.post("/v1/orders?location=moon", order), 404, "unknown-location")


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "dine_in"},
        {"external_id": "till-7-000124"},
        {"payments": [{"tender": "card", "amount": 1}]},
        {"discounts": [{"name": "friend", "amount": 1}]},
        {"items": [{"name": "Steak", "unit_price": 1, "quantity": 1}]},
        {"items": [{"sku": "MARGHERITA", "quantity": 1, "station": "bar"}]},
        {"items": [{"sku": "MARGHERITA", "quantity": 1, "prep_seconds": 1}]},
    ],
)
async def test_prices_places_payments_and_receipts_numbers_are_not_for_guests(house, change):
    order = {"channel": "takeaway", "items": [{"sku": "MARGHERITA", "quantity": 1}], **change}
    assert_problem(await house.guest.post("/v1/orders", order), 401, "unauthorized")
    assert (await house.pos.post("/v1/orders", order)).status_code == 201


async def test_a_guest_pays_for_a_modifier_what_the_menu_says(house):
    item = {"sku": "MARGHERITA", "quantity": 1, "modifiers": [{"name": "extra cheese", "price": 0}]}
    order = (await house.guest.post("/v1/orders", {"channel": "delivery", "items": [item]})).json
    assert order["total"] == 1150 + 120


# Looking


async def test_orders_are_found_by_what_they_are(house):
    first = (await house.pos.post("/v1/orders", FULL)).json
    second = await house.pos.place("HOUSE-SALAD", channel="delivery")
    await house.pos.move(second, "cancel", {"reason": "changed their mind"})
    day = first["business_day"]
    for query, wanted in [
        ("", [second, first]),
        ("status=cancelled", [second]),
        ("channel=dine_in", [first]),
        ("station=cold", [second]),
        ("station=pizza", [first]),
        ("external_id=till-7-000123", [first]),
        ("active=true", [first]),
        ("active=false", [second]),
        (f"business_day={day}", [second, first]),
        ("business_day=2020-01-01", []),
        (f"placed_after={first['placed_at']}", [second]),
    ]:
        found = (await house.pos.get(f"/v1/orders?{query}")).json["data"]
        assert [order["id"] for order in found] == [order["id"] for order in wanted], query


async def test_the_history_tells_every_version_with_from_and_to(house):
    order = await house.pos.place()
    await house.kitchen.move(order, "start")
    await house.kitchen.move(order, "bump")
    events = (await house.pos.get(f"/v1/orders/{order['id']}/events")).json
    assert events["next_cursor"] is None
    assert [event["seq"] for event in events["data"]] == list(range(1, len(events["data"]) + 1))
    types = [event["type"] for event in events["data"]]
    assert types[0] == "order.placed"
    assert {"order.confirmed", "order.started", "order.bumped"} <= set(types)
    started = next(event for event in events["data"] if event["type"] == "order.started")
    assert (started["data"]["from"], started["data"]["to"]) == ("confirmed", "preparing")
    assert started["actor"].startswith("kitchen:")


# Adding


async def test_items_are_added_until_the_order_is_closed(house):
    order = await house.pos.place("MARGHERITA")
    more = {"items": [{"sku": "TIRAMISU", "quantity": 1}, {"sku": "CAESAR", "quantity": 2}]}
    more["items"] = more["items"][1:]
    grown = await house.pos.move(order, "items", more)
    assert grown.status_code == 200
    assert [item["line"] for item in grown.json["items"]] == [1, 2]
    await house.pos.move(order, "cancel", {"reason": "no"})
    assert_problem(await house.pos.move(order, "items", more), 409, "order-closed")
    assert_problem(await house.pos.move(order, "items", {"items": []}), 422, "invalid-request")


async def test_a_payment_counts(house):
    order = await house.pos.place("MARGHERITA")
    paid = (await house.pos.move(order, "payments", {"tender": "cash", "amount": 1150, "tip": 100})).json
    assert (paid["paid"], paid["tips"]) == (1150, 100)
    assert_problem(await house.pos.move(order, "payments", {"tender": "cash"}), 422, "invalid-request")
