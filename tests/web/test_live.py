"""Screens are sent what happens: by this process at once, by others soon, and never less than there is."""

import asyncio

import pytest

from tests.web.screens import screen
from tests.web.test_conventions import assert_problem
from web.contract.models import answers
from workflow.sequencer import number_events
from workflow.state_machine.commands import AdvanceOrder
from workflow.submissions import Submission


def act_elsewhere(house, order, action):
    """As another process does: our engine does not know of it."""
    submission = Submission(AdvanceOrder(action), "main", "kitchen:elsewhere", order["id"])
    return house.store.run([submission])[0].order


async def test_an_orders_stream_begins_with_the_order_and_goes_on_with_what_happens(house):
    order = await house.pos.place()
    async with screen(house.pos, f"/v1/orders/{order['id']}/stream") as seen:
        assert seen.status == 200
        assert seen.headers["content-type"] == "text/event-stream"
        assert seen.headers["cache-control"] == "no-store, no-transform"
        assert seen.headers["x-accel-buffering"] == "no"
        first = await seen.next("snapshot")
        assert [shown["version"] for shown in first.data["data"]] == [order["version"]]
        assert (await seen.next("beat")).data["at"].endswith("Z")
        moved = (await house.kitchen.move(order, "start")).json
        event = await seen.next("order")
        assert event.data["status"] == "preparing"
        assert event.data == {**moved, "estimate": event.data["estimate"]}
        answers.Order.model_validate(event.data)


async def test_a_guest_is_sent_what_a_guest_may_see(house):
    order = await house.pos.place(customer={"name": "Ada", "contact": "mailto:ada@example.com"})
    async with screen(house.guest, f"/v1/track/{order['tracking_token']}/stream") as seen:
        first = (await seen.next("snapshot")).data["data"][0]
        await house.kitchen.move(order, "start")
        event = (await seen.next("order")).data
    for shown in (first, event):
        assert not {"external_id", "payments", "paid", "tips", "actions", "blocked"} & shown.keys()
        assert shown["customer"] == {"name": "Ada"}
    answers.TrackedOrder.model_validate(event)


async def test_what_does_not_exist_has_no_stream(house):
    order = await house.pos.place()
    assert_problem(await house.pos.get(f"/v1/orders/{order['id'][:-4]}0000/stream"), 404, "order-not-found")
    assert_problem(await house.guest.get("/v1/track/x/stream"), 404, "order-not-found")
    assert_problem(await house.pos.get("/v1/kitchen/stream"), 403, "forbidden")
    assert_problem(await house.admin.get("/v1/kitchen/stream?location=moon"), 404, "unknown-location")


async def test_a_kitchen_is_sent_the_orders_of_its_board(house):
    pizza, salad = await house.pos.place("MARGHERITA"), await house.pos.place("HOUSE-SALAD")
    done = await house.pos.place("DIAVOLA")
    await house.kitchen.move(done, "bump")
    async with (
        screen(house.kitchen, "/v1/kitchen/stream?station=pizza") as at_pizza,
        screen(house.kitchen, "/v1/kitchen/stream") as at_all,
    ):
        await at_pizza.next("snapshot")
        await at_all.next("snapshot")
        assert at_pizza.orders.keys() == {pizza["id"]}
        assert at_all.orders.keys() == {pizza["id"], salad["id"]}
        await house.kitchen.move(salad, "bump")
        await house.kitchen.move(pizza, "bump")
        await at_pizza.shows(pizza["id"], status="ready")
        await at_all.shows(salad["id"], status="ready")
        assert salad["id"] not in at_pizza.orders


async def test_a_void_that_nobody_has_acknowledged_is_in_the_snapshot(house):
    order = await house.pos.place("MARGHERITA")
    await house.kitchen.move(order, "start")
    await house.kitchen.move(order, "cancel", {"reason": "guest left"})
    async with screen(house.kitchen, "/v1/kitchen/stream?station=pizza") as seen:
        await seen.next("snapshot")
        assert seen.orders[order["id"]]["status"] == "cancelled"
        await house.kitchen.post(f"/v1/orders/{order['id']}/items/{order['items'][0]['id']}/acknowledge")
        await seen.next("order")
    async with screen(house.kitchen, "/v1/kitchen/stream?station=pizza") as again:
        assert (await again.next("snapshot")).data == {"data": []}


async def test_the_kitchens_snapshot_has_the_orders_of_its_tickets(house):
    for skus in (["MARGHERITA"], ["CALAMARI", "BURGER"], ["COLA"], ["HOUSE-SALAD"]):
        order = await house.pos.place(*skus)
    await house.kitchen.move(order, "bump")
    for station in ("", "?station=grill"):
        tickets = (await house.kitchen.get(f"/v1/kitchen/tickets{station}")).json["data"]
        async with screen(house.kitchen, f"/v1/kitchen/stream{station}") as seen:
            await seen.next("snapshot")
        assert {ticket["order_id"] for ticket in tickets} == seen.orders.keys()


async def test_a_dashboard_sees_every_order_and_how_it_goes(house):
    pending = await house.pos.place(scheduled_for="2026-11-25T18:00:00Z")
    async with screen(house.manager, "/v1/dashboard/stream") as seen:
        assert (await seen.next("snapshot")).data["data"][0]["id"] == pending["id"]
        health = (await seen.next("health")).data
        assert {lane["lane"] for lane in health["lanes"]} >= {"estimates", "timers"}
        assert (health["dead_letters"], health["broker"], health["dispatcher"], health["workers"]) == (
            0,
            None,
            False,
            [],
        )
        order = await house.pos.place()
        await seen.shows(order["id"], version=order["version"])


async def test_screens_hear_at_once_that_a_dish_is_out(house):
    async with screen(house.kitchen, "/v1/kitchen/stream") as seen:
        await seen.next("snapshot")
        await house.kitchen.patch("/v1/menu/items/CAESAR", {"available": False})
        assert (await seen.next("menu")).data == {"sku": "CAESAR", "available": False}


async def test_what_another_process_does_is_seen_in_the_feed(house):
    """Whether a dispatcher has numbered it, or none lives."""
    order = await house.pos.place()
    async with (
        screen(house.pos, f"/v1/orders/{order['id']}/stream") as one,
        screen(house.kitchen, "/v1/kitchen/stream") as board,
    ):
        await one.next("snapshot")
        act_elsewhere(house, order, "start")
        await one.shows(order["id"], status="preparing")
        await board.shows(order["id"], status="preparing")
        act_elsewhere(house, order, "bump")
        number_events(house.store)
        await one.shows(order["id"], status="ready")
        await board.shows(order["id"], status="ready")


async def test_whoever_comes_back_is_sent_what_they_missed(house):
    first, second = await house.pos.place("MARGHERITA"), await house.pos.place("COLA")
    number_events(house.store)
    async with screen(house.kitchen, "/v1/kitchen/stream") as seen:
        last = await seen.next("beat")
    await house.kitchen.move(first, "bump")
    number_events(house.store)
    third = await house.pos.place("FRIES")
    async with screen(house.kitchen, "/v1/kitchen/stream", last_event_id=last.id) as again:
        await again.next("beat")
        assert [event.name for event in again.events] == ["order", "order", "beat"]
        assert again.orders.keys() == {first["id"], third["id"]}
        assert again.orders[first["id"]]["status"] == "ready"
        assert second["id"] not in again.orders


@pytest.mark.parametrize("came", ["1000000", "-5", "x", "", "9" * 40])
async def test_whoever_was_somewhere_else_is_sent_all_there_is(house, came):
    order = await house.pos.place()
    number_events(house.store)
    async with screen(house.kitchen, "/v1/kitchen/stream", last_event_id=came) as seen:
        await seen.next("snapshot")
        assert seen.orders.keys() == {order["id"]}


async def test_whoever_has_missed_too_much_is_sent_all_there_is(house, monkeypatch):
    monkeypatch.setattr("web.live.snapshots.MOST_MISSED", 2)
    orders = [await house.pos.place("COLA") for _ in range(3)]
    async with screen(house.kitchen, "/v1/kitchen/stream", last_event_id="0") as seen:
        await seen.next("snapshot")
        assert seen.orders.keys() == {order["id"] for order in orders}


async def test_nothing_is_kept_of_a_screen_that_has_left(house):
    order = await house.pos.place()
    addresses = [f"/v1/orders/{order['id']}/stream", "/v1/kitchen/stream", "/v1/kitchen/stream?station=grill"]
    for address in addresses:
        async with screen(house.kitchen, address) as seen:
            await seen.next("snapshot")
            assert len(house.live.hub) == 1
        assert len(house.live.hub) == 0
    assert not house.live.hub._of_order
    assert not house.live.hub._of_location


async def test_many_screens_are_sent_the_same_bytes(house):
    order = await house.pos.place()
    async with (
        screen(house.pos, f"/v1/orders/{order['id']}/stream") as one,
        screen(house.kitchen, "/v1/kitchen/stream") as two,
        screen(house.manager, "/v1/dashboard/stream") as three,
    ):
        for seen in (one, two, three):
            await seen.next("snapshot")
        await asyncio.gather(*(house.kitchen.move(order, "start") for _ in range(3)))
        events = [(await seen.next("order")) for seen in (one, two, three)]
        assert events[0] == events[1] == events[2]
        for seen in (one, two, three):
            await seen.read()
            assert sum(event.name == "order" for event in seen.events) == 1


async def test_there_are_only_so_many_places(house):
    house.live.hub._limit = 2
    order = await house.pos.place()
    async with screen(house.kitchen, "/v1/kitchen/stream"), screen(house.kitchen, "/v1/kitchen/stream"):
        answer = await house.kitchen.get("/v1/kitchen/stream")
        assert_problem(answer, 503, "too-many-streams")
        assert answer.headers["retry-after"] == "5"
    async with screen(house.kitchen, "/v1/kitchen/stream"):
        guest = await house.guest.get(f"/v1/track/{order['tracking_token']}/stream")
        assert guest.status_code == 503 or house.live.hub._limit * 0.9 > 1


async def test_streams_end_when_the_server_does(house):
    order = await house.pos.place()
    async with screen(house.pos, f"/v1/orders/{order['id']}/stream") as seen:
        await seen.next("snapshot")
        house.live.hub.end()
        await asyncio.wait_for(asyncio.shield(seen.answer._task), 5)
        assert_problem(await house.pos.get(f"/v1/orders/{order['id']}/stream"), 503, "not-ready")


async def test_a_stream_ends_when_its_key_is_revoked(house):
    asked = {"role": "manager", "location": "main", "name": "Bob"}
    key = (await house.admin.post("/v1/api-keys", asked)).json
    bob, address = house.with_key(key["key"]), "/v1/dashboard/stream"
    async with screen(bob, address) as bobs, screen(house.manager, address) as others:
        await bobs.next("snapshot")
        await others.next("snapshot")
        watchers = house.live.hub.staff()
        await house.live.pulse.look_again()
        assert [watcher.ended for watcher in watchers] == [False, False]

        await house.admin.delete(f"/v1/api-keys/{key['id']}")
        await house.live.pulse.look_again()

        assert sorted(watcher.ended for watcher in watchers) == [False, True]
        order = await house.pos.place()
        await others.shows(order["id"], status="confirmed")
    assert order["id"] not in bobs.orders


async def test_a_screens_stream_ends_when_its_pin_is_changed(house):
    await house.manager.patch("/v1/stations/grill", {"pin": "2580"})
    signed_in = await house.guest.post("/v1/session", {"location": "main", "station": "grill", "pin": "2580"})
    cookie = signed_in.headers["set-cookie"].partition(";")[0]
    async with screen(house.guest, "/v1/kitchen/stream", cookie=cookie) as wall:
        await wall.next("snapshot")
        (watcher,) = house.live.hub.staff()
        await house.live.pulse.look_again()
        assert not watcher.ended
        await house.manager.patch("/v1/stations/grill", {"pin": "1470"})
        await house.live.pulse.look_again()
        assert watcher.ended


async def test_a_guests_stream_asks_nobody(house):
    order = await house.pos.place()
    async with screen(house.guest, f"/v1/track/{order['tracking_token']}/stream") as seen:
        await seen.next("snapshot")
        assert house.live.hub.staff() == []
