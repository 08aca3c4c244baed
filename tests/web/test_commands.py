"""The commands as a kitchen sends them."""

import pytest

from tests.web.test_conventions import assert_problem


async def test_an_order_goes_through_the_kitchen(house):
    order = await house.pos.place()
    for action, status in [("start", "preparing"), ("bump", "ready"), ("complete", "completed")]:
        moved = await house.kitchen.move(order, action)
        assert moved.status_code == 200
        assert moved.json["status"] == status
        assert moved.headers["etag"] == f'"{moved.json["version"]}"'


async def test_an_order_with_items_pending_cannot_be_completed(house):
    order = await house.pos.place()
    told = assert_problem(await house.kitchen.move(order, "complete"), 409, "items-pending")
    assert told["items"] == [item["id"] for item in order["items"]]
    assert (told["action"], told["order_status"]) == ("complete", "confirmed")
    assert "start" in told["allowed"]
    assert (await house.pos.get(f"/v1/orders/{order['id']}")).json["version"] == order["version"]


async def test_asking_twice_changes_nothing(house):
    order = await house.pos.place()
    first = (await house.kitchen.move(order, "start")).json
    again = await house.kitchen.move(order, "start")
    assert again.status_code == 200
    assert again.json["version"] == first["version"]


async def test_taking_away_needs_a_reason(house):
    order = await house.pos.place()
    assert_problem(await house.kitchen.move(order, "cancel"), 422, "reason-required")
    assert_problem(await house.kitchen.move(order, "cancel", {"reason": "  "}), 422, "reason-required")
    cancelled = (await house.kitchen.move(order, "cancel", {"reason": "too late"})).json
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "too late")
    assert_problem(await house.kitchen.move(order, "start"), 409, "order-closed")


async def test_an_item_is_moved_by_itself(house):
    order = await house.pos.place()
    first = order["items"][0]["id"]
    moved = (await house.kitchen.move(order, f"items/{first}/bump")).json
    assert [item["status"] for item in moved["items"]] == ["ready", "pending"]
    assert moved["status"] == "preparing"
    refused = await house.kitchen.move(order, f"items/{order['items'][1]['id']}/serve")
    told = assert_problem(refused, 409, "invalid-transition")
    assert (told["action"], told["item_status"]) == ("serve", "pending")


async def test_a_ticket_is_one_stations_share(house):
    order = await house.pos.place("MARGHERITA", "HOUSE-SALAD")
    moved = (await house.kitchen.move(order, "stations/cold/bump")).json
    assert {item["station"]: item["status"] for item in moved["items"]} == {"pizza": "pending", "cold": "ready"}
    assert_problem(await house.kitchen.move(order, "stations/bar/bump"), 404, "ticket-not-found")


async def test_courses_are_held_and_fired(house):
    items = [{"sku": "CAESAR", "quantity": 1}, {"sku": "MARGHERITA", "quantity": 1, "course": 2}]
    order = (await house.pos.post("/v1/orders", {"channel": "dine_in", "items": items})).json
    assert [item["status"] for item in order["items"]] == ["pending", "held"]
    fired = (await house.pos.move(order, "fire", {"course": 2})).json
    assert [item["status"] for item in fired["items"]] == ["pending", "pending"]
    assert_problem(await house.pos.move(order, "fire", {"course": 9}), 409, "unknown-course")


async def test_what_staff_say_among_themselves_is_not_for_the_guest(house):
    order = await house.pos.place()
    await house.pos.move(order, "rush", {"reason": "shouts at us", "notes": "table 4"})
    await house.pos.move(order, "cancel", {"reason": "The oven is cold", "notes": "again"})
    history = (await house.guest.get(f"/v1/track/{order['tracking_token']}/events")).json["data"]
    assert [event["data"].get("reason") for event in history if event["type"] != "order.placed"][-2:] == [
        None,
        "The oven is cold",
    ]
    assert all("notes" not in event["data"] for event in history)
    own = (await house.pos.get(f"/v1/orders/{order['id']}/events")).json["data"]
    assert own[-2]["data"]["reason"] == "shouts at us"


async def test_an_order_can_be_rushed_and_delayed(house):
    order = await house.pos.place()
    assert (await house.pos.move(order, "rush")).json["priority"] is True
    assert (await house.pos.move(order, "unrush")).json["priority"] is False
    assert (await house.pos.move(order, "delay", {"seconds": 300})).status_code == 200
    refused = assert_problem(await house.pos.move(order, "delay"), 422, "seconds-required")
    assert refused["errors"][0]["pointer"] == "/seconds"


@pytest.mark.parametrize("address", ["fly", "release", "items/{item}/fly", "items/{item}/fire", "stations/cold/fly"])
async def test_an_action_that_no_table_has_is_not_found(house, address):
    order = await house.pos.place()
    assert_problem(await house.kitchen.move(order, address.format(item=order["items"][0]["id"])), 404, "not-found")


async def test_an_item_of_another_order_is_not_found(house):
    order, other = await house.pos.place(), await house.pos.place()
    refused = await house.kitchen.move(order, f"items/{other['items'][0]['id']}/bump")
    assert_problem(refused, 404, "item-not-found")
    assert_problem(await house.kitchen.move(order, "items/1/bump"), 404, "item-not-found")


@pytest.mark.parametrize("base", ["", "/v1"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_existing_kitchen_clients_think_in_statuses(house, base, slash):
    order = await house.pos.place()
    address = f"{base}/orders/{order['id']}/update_status{slash}"
    for status in ("preparing", "ready", "preparing", "ready", "completed"):
        moved = await house.kitchen.post(address, {"new_status": status, "notes": "as seen"})
        assert moved.status_code == 200
        assert moved.json["status"] == status
    assert_problem(await house.kitchen.post(address, {"new_status": "eaten"}), 422, "invalid-request")
    assert_problem(await house.kitchen.post(address, {"new_status": "pending"}), 409, "order-closed")


async def test_a_status_is_reached_by_the_same_rules(house):
    order = await house.pos.place()
    address = f"/orders/{order['id']}/update_status/"
    told = assert_problem(await house.kitchen.post(address, {"new_status": "completed"}), 409, "items-pending")
    assert len(told["items"]) == 2
    assert_problem(await house.kitchen.post(address, {"new_status": "cancelled"}), 422, "reason-required")
    cancelled = await house.kitchen.post(address, {"new_status": "cancelled", "notes": "burnt"})
    assert cancelled.json["cancel_reason"] == "burnt"
