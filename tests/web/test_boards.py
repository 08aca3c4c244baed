"""What guests and kitchens see."""

import pytest

from tests.web.test_conventions import assert_problem
from tests.web.test_orders import FULL


async def test_a_guest_follows_an_order_by_its_token(house):
    order = (await house.pos.post("/v1/orders", FULL)).json
    address = f"/v1/track/{order['tracking_token']}"
    seen = await house.guest.get(address)
    assert seen.status_code == 200
    assert seen.headers["etag"] == f'"{order["version"]}"'
    assert seen.headers["poll-after"] == "3"
    assert seen.json["status"] == order["status"]
    assert not {"external_id", "payments", "paid", "tips", "actions"} & seen.json.keys()
    assert "ada@example.com" not in seen.text
    assert (await house.guest.get(address, if_none_match=seen.headers["etag"])).status_code == 304
    await house.kitchen.move(order, "start")
    assert (await house.guest.get(address, if_none_match=seen.headers["etag"])).json["status"] == "preparing"


async def test_a_guest_reads_who_did_it_by_role_only(house):
    order = (await house.pos.post("/v1/orders", FULL)).json
    await house.kitchen.move(order, "start")
    events = (await house.guest.get(f"/v1/track/{order['tracking_token']}/events")).json["data"]
    assert {event["actor"] for event in events} == {"pos", "kitchen"}


async def test_a_token_that_nobody_gave_out_is_not_found(house):
    order = await house.pos.place()
    token = order["tracking_token"]
    for wrong in ("x", order["id"], token[:-2] + ("AA" if token[-2:] != "AA" else "QA"), "%00"):
        answer = await house.guest.get(f"/v1/track/{wrong}")
        assert_problem(answer, 404, "order-not-found")
        assert wrong not in answer.json["detail"]
    assert_problem(await house.guest.get("/v1/track/x/events"), 404, "order-not-found")


async def test_a_kitchen_sees_its_open_tickets(house):
    order = await house.pos.place("MARGHERITA", "HOUSE-SALAD", table="4")
    seen = await house.kitchen.get("/v1/kitchen/tickets")
    assert {ticket["station"] for ticket in seen.json["data"]} == {"pizza", "cold"}
    ticket = (await house.kitchen.get("/v1/kitchen/tickets?station=pizza")).json["data"]
    assert [one["order_id"] for one in ticket] == [order["id"]]
    assert [item["name"] for item in ticket[0]["items"]] == ["Margherita"]
    assert seen.headers["poll-after"] == "3"
    unchanged = await house.kitchen.get("/v1/kitchen/tickets", if_none_match=seen.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    await house.kitchen.move(order, "bump")
    cooked = await house.kitchen.get("/v1/kitchen/tickets", if_none_match=seen.headers["etag"])
    assert cooked.json["data"] == []


@pytest.mark.parametrize("board", ["tickets", "all-day", "stream"])
async def test_the_board_of_a_station_that_is_not_there_is_not_an_empty_one(house, board):
    await house.pos.place("MARGHERITA")
    told = assert_problem(await house.kitchen.get(f"/v1/kitchen/{board}?station=piza"), 404, "station-not-found")
    assert "pizza" in told["stations"]


async def test_all_day_counts_over_all_tickets(house):
    for _ in range(2):
        await house.pos.place("MARGHERITA", "MARGHERITA")
    counted = (await house.kitchen.get("/v1/kitchen/all-day?station=pizza")).json["data"]
    assert counted == [{"sku": "MARGHERITA", "name": "Margherita", "station": "pizza", "open": 4, "preparing": 0}]


async def test_recent_shows_what_can_be_recalled(house):
    order = await house.pos.place()
    await house.kitchen.move(order, "bump")
    assert [one["id"] for one in (await house.kitchen.get("/v1/kitchen/recent")).json["data"]] == [order["id"]]
    house.clock.advance(3600)
    assert (await house.kitchen.get("/v1/kitchen/recent")).json["data"] == []


async def test_stations_say_how_busy_they_are(house):
    await house.pos.place("MARGHERITA", "MARGHERITA")
    stations = {station["id"]: station for station in (await house.pos.get("/v1/stations")).json["data"]}
    assert stations["pizza"]["open_items"] == 2
    assert stations["pizza"]["load_seconds"] > 0
    idle = {"open_items": 0, "load_seconds": 0}
    assert stations["bar"] == {"id": "bar", "name": "Bar", "position": 5, "slots": 2, **idle}
