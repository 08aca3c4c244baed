"""Who may do what: every role at every address."""

import re

import pytest
from falcon.inspect import inspect_routes

from tests.restaurant import house as location
from tests.web.screens import screen
from tests.web.test_conventions import assert_problem
from web.access import ACCESS
from web.contract.addresses import documented
from workflow import api_keys
from workflow.demo import STATIONS
from workflow.menu import replace_stations, save_location

# The table once more, in plain words: who may, beyond the admin. A guest needs no key.
MAY = {
    "GET /v1/orders": "pos kitchen manager",
    "POST /v1/orders": "pos manager guest",
    "GET /v1/orders/{order_id}": "pos kitchen manager",
    "GET /v1/orders/{order_id}/events": "pos kitchen manager",
    "GET /v1/orders/{order_id}/stream": "pos kitchen manager",
    "POST /v1/orders/{order_id}/items": "pos manager",
    "POST /v1/orders/{order_id}/payments": "pos manager",
    "POST /v1/orders/{order_id}/update_status/": "pos kitchen manager",
    "POST /orders/{order_id}/update_status/": "pos kitchen manager",
    "POST /v1/orders/{order_id}/{action}": "pos kitchen manager",
    "POST /v1/orders/{order_id}/items/{item_id}/{action}": "pos kitchen manager",
    "POST /v1/orders/{order_id}/stations/{station}/{action}": "pos kitchen manager",
    "GET /v1/track/{token}": "pos kitchen manager guest",
    "GET /v1/track/{token}/events": "pos kitchen manager guest",
    "GET /v1/track/{token}/stream": "pos kitchen manager guest",
    "GET /v1/kitchen/tickets": "kitchen manager",
    "GET /v1/kitchen/stream": "kitchen manager",
    "GET /v1/dashboard/stream": "manager",
    "GET /v1/kitchen/all-day": "kitchen manager",
    "GET /v1/kitchen/recent": "kitchen manager",
    "GET /v1/menu": "pos kitchen manager guest",
    "PUT /v1/menu": "kitchen manager",
    "PATCH /v1/menu/items/{sku}": "kitchen manager",
    "GET /v1/stations": "pos kitchen manager",
    "PUT /v1/stations/{station}": "manager",
    "PATCH /v1/stations/{station}": "manager",
    "DELETE /v1/stations/{station}": "manager",
    "GET /v1/session": "pos kitchen manager",
    "POST /v1/session": "pos kitchen manager guest",
    "DELETE /v1/session": "pos kitchen manager guest",
    "GET /v1/locations": "",
    "POST /v1/locations": "",
    "GET /v1/locations/{location}": "",
    "PATCH /v1/locations/{location}": "",
    "GET /v1/api-keys": "",
    "POST /v1/api-keys": "",
    "DELETE /v1/api-keys/{key_id}": "",
    "GET /v1/workflow": "pos kitchen manager guest",
    "GET /v1/workflow/diagram": "pos kitchen manager guest",
    "GET /v1/reports/days": "manager",
    "GET /v1/reports/days/{business_day}": "manager",
    "GET /v1/reports/days/{business_day}.json": "manager",
    "GET /v1/reports/days/{business_day}.csv": "manager",
    "POST /v1/reports/days/{business_day}/close": "manager",
    "GET /v1/reports/runs/{run_id}": "manager",
    "GET /v1/dead-letters": "manager",
    "POST /v1/dead-letters/{job_id}/retry": "manager",
    "POST /v1/dead-letters/{job_id}/discard": "manager",
    "GET /problems/{code}": "pos kitchen manager guest",
    "GET /livez": "pos kitchen manager guest",
    "GET /readyz": "pos kitchen manager guest",
    "GET /metrics": "pos kitchen manager guest",
    "GET /openapi.json": "pos kitchen manager guest",
    "GET /docs": "pos kitchen manager guest",
    "GET /docs/{asset}": "pos kitchen manager guest",
    "GET /menu": "pos kitchen manager guest",
    "GET /order-tracking/{token}": "pos kitchen manager guest",
    "GET /kitchen": "pos kitchen manager guest",
    "GET /dashboard": "pos kitchen manager guest",
    "GET /ui/{file}": "pos kitchen manager guest",
    "GET /ui/assets/{file}": "pos kitchen manager guest",
    "GET /sw.js": "pos kitchen manager guest",
}
# Answered for as long as somebody listens.
ENDLESS = ("/v1/kitchen/stream", "/v1/dashboard/stream")
ROLES = ("pos", "kitchen", "manager", "admin", "guest")
SOMETHING = "01a21064-8433-744d-ab10-5d333e1cb97f"
EXAMPLES = {"business_day": "2026-11-25", "action": "start", "order_id": SOMETHING, "item_id": SOMETHING}


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


def example(address):
    return re.sub(r"{(\w+)}", lambda name: EXAMPLES.get(name[1], SOMETHING), address)


def test_the_table_says_what_was_agreed():
    table = {f"{method} {address}": access for address, methods in ACCESS.items() for method, access in methods.items()}
    told = {
        line: " ".join([*(role for role in ROLES[:3] if role in access.roles), *(["guest"] if access.guests else [])])
        for line, access in table.items()
    }
    assert told == MAY
    assert all("admin" in access.roles for access in table.values())


async def test_every_address_has_its_line(house):
    served = {
        f"{method.method} {documented(route.path)}"
        for route in inspect_routes(house.app)
        for method in route.methods
        if not method.internal
    }
    assert served == set(MAY)


@pytest.mark.parametrize("role", ROLES)
async def test_every_role_at_every_address(house, role):
    caller = getattr(house, role)
    for line, may in MAY.items():
        method, address = line.split()
        body = {"channel": "dine_in", "items": []} if method != "GET" else None
        if address in ENDLESS:
            async with screen(caller, example(address)) as seen:
                status = seen.status
        else:
            status = (await caller.ask(method, example(address), body)).status_code
        if role == "guest":
            assert (status == 401) == ("guest" not in may), line
        else:
            assert (status == 403) == (role != "admin" and role not in may.split()), line
            assert status != 401, line


async def test_a_role_that_may_not_is_told_which_may(house):
    told = assert_problem(await house.pos.get("/v1/kitchen/tickets"), 403, "forbidden")
    assert told["role"] == "pos"
    assert told["allowed"] == ["admin", "kitchen", "manager"]


async def test_another_locations_orders_are_not_there(house):
    other = other_location(house)
    order = await house.pos.place()
    assert_problem(await other.get(f"/v1/orders/{order['id']}"), 404, "order-not-found")
    unchanged = await other.get(f"/v1/orders/{order['id']}", if_none_match=f'"{order["version"]}"')
    assert_problem(unchanged, 404, "order-not-found")
    assert_problem(await other.get(f"/v1/orders/{order['id']}/events"), 404, "order-not-found")
    assert_problem(await other.move(order, "start"), 404, "order-not-found")
    assert (await other.get("/v1/orders")).json["data"] == []
    assert_problem(await other.get("/v1/orders?location=main"), 404, "unknown-location")
    assert (await other.get("/v1/kitchen/tickets")).json["data"] == []


async def test_an_admin_says_which_location_where_there_are_several(house):
    other_location(house)
    assert_problem(await house.admin.get("/v1/kitchen/tickets"), 422, "location-needed")
    assert (await house.admin.get("/v1/kitchen/tickets?location=main")).status_code == 200
    assert_problem(await house.admin.get("/v1/kitchen/tickets?location=moon"), 404, "unknown-location")
    order = {"channel": "takeaway", "items": [{"sku": "MARGHERITA", "quantity": 1}]}
    assert_problem(await house.guest.post("/v1/orders", order), 422, "location-needed")
    assert (await house.guest.post("/v1/orders?location=main", order)).status_code == 201


async def test_a_revoked_key_opens_nothing(house):
    issued = (await house.admin.post("/v1/api-keys", {"role": "pos", "location": "main", "name": "till 2"})).json
    till = house.with_key(issued["key"])
    assert (await till.get("/v1/orders")).status_code == 200
    assert (await house.admin.delete(f"/v1/api-keys/{issued['id']}")).status_code == 204
    assert_problem(await till.get("/v1/orders"), 401, "unauthorized")


def other_location(house):
    with house.store.writing() as connection:
        save_location(connection, location(id="annex", name="Annex"))
        replace_stations(connection, "annex", STATIONS)
        _, key = api_keys.issue(connection, "manager", "annex", "test", house.clock())
    return house.with_key(key)
