"""Menu, locations, keys, workflow, reports, dead letters, health and documentation."""

import re

import pytest
import sqlalchemy as sa

from tests.web.test_conventions import NOBODY, assert_problem
from workflow.heartbeats import beat
from workflow.schema import jobs

DISH = {"sku": "PASTA", "name": "Pasta", "category": "Mains", "price": 900, "station": "grill", "prep_seconds": 300}


async def test_the_menu_is_public_and_has_a_tag(house):
    menu = await house.guest.get("/v1/menu")
    assert menu.json["currency"] == "EUR"
    margherita = next(item for item in menu.json["items"] if item["sku"] == "MARGHERITA")
    assert (margherita["price"], margherita["station"], margherita["available"]) == (1150, "pizza", True)
    assert (await house.guest.get("/v1/menu", if_none_match=menu.headers["etag"])).status_code == 304


async def test_the_menu_is_replaced(house):
    answer = await house.manager.put("/v1/menu", {"items": [DISH]})
    assert [item["sku"] for item in answer.json["items"]] == ["PASTA"]
    assert (await house.guest.get("/v1/menu")).json == answer.json
    bad = {"items": [DISH, {**DISH, "sku": "X", "station": "moon"}]}
    told = assert_problem(await house.manager.put("/v1/menu", bad), 422, "unknown-station")
    assert told["errors"][0]["pointer"] == "/items/1/station"
    assert_problem(await house.manager.put("/v1/menu", {"items": [DISH, DISH]}), 422, "sku-twice")
    assert (await house.guest.get("/v1/menu")).json == answer.json


async def test_only_what_is_on_the_menu_can_be_86(house):
    assert_problem(await house.kitchen.patch("/v1/menu/items/NOPE", {"available": False}), 404, "menu-item-not-found")
    assert_problem(await house.kitchen.patch("/v1/menu/items/CAESAR", {"available": 0}), 422, "invalid-request")


async def test_a_location_is_changed_member_by_member(house):
    changed = (await house.admin.patch("/v1/locations/main", {"auto_confirm": False, "recall_seconds": 60})).json
    assert (changed["auto_confirm"], changed["recall_seconds"], changed["timezone"]) == (False, 60, "Europe/Berlin")
    assert (await house.admin.get("/v1/locations")).json["data"] == [changed]
    assert (await house.admin.get("/v1/locations/main")).json == changed
    assert (await house.pos.place())["status"] == "pending"
    told = await house.admin.patch("/v1/locations/main", {"timezone": "Europe/Atlantis"})
    assert_problem(told, 422, "unknown-timezone")
    assert_problem(await house.admin.patch("/v1/locations/main", {"default_station": "x"}), 422, "unknown-station")
    assert_problem(await house.admin.patch("/v1/locations/moon", {}), 404, "unknown-location")


async def test_null_is_no_change_to_a_location(house):
    for member in ("name", "timezone", "cut_off_minutes", "auto_confirm", "accept_seconds", "default_station"):
        told = assert_problem(await house.admin.patch("/v1/locations/main", {member: None}), 422, "invalid-request")
        assert [error["pointer"] for error in told["errors"]] == [f"/{member}"]


NEW = {
    "id": "harbour",
    "name": "Harbour",
    "timezone": "Europe/London",
    "currency": "GBP",
    "stations": [{"id": "grill", "name": "Grill", "slots": 3}, {"id": "bar", "name": "Bar"}],
}


async def test_a_second_restaurant_is_opened_and_sells(house):
    opened = await house.admin.post("/v1/locations", NEW, idempotency_key="k")
    assert opened.status_code == 201
    assert (await house.admin.get(opened.headers["location"])).json == opened.json
    assert (opened.json["default_station"], opened.json["cut_off_minutes"]) == ("grill", 240)
    assert (await house.admin.post("/v1/locations", NEW, idempotency_key="k")).json == opened.json
    assert_problem(await house.admin.post("/v1/locations", NEW), 409, "location-exists")
    assert_problem(await house.manager.post("/v1/locations", {**NEW, "id": "x"}), 403, "forbidden")
    key = {"role": "manager", "location": "harbour", "name": "Ann"}
    ann = house.with_key((await house.admin.post("/v1/api-keys", key)).json["key"])
    assert (await ann.put("/v1/menu", {"items": [DISH]})).json["currency"] == "GBP"
    order = await ann.place("PASTA")
    assert (order["location"], order["number"], order["currency"]) == ("harbour", "A-001", "GBP")
    assert (await house.pos.get(f"/v1/orders/{order['id']}")).status_code == 404
    assert [station["id"] for station in (await ann.get("/v1/stations")).json["data"]] == ["grill", "bar"]


@pytest.mark.parametrize(
    ("wrong", "code", "pointer"),
    [
        ({"timezone": "Europe/Atlantis"}, "unknown-timezone", "/timezone"),
        ({"default_station": "moon"}, "unknown-station", "/default_station"),
        ({"stations": NEW["stations"] * 2}, "station-twice", "/stations/0/id"),
        ({"stations": []}, "invalid-request", "/stations"),
        ({"id": "Not an id"}, "invalid-request", "/id"),
        ({"currency": "euro"}, "invalid-request", "/currency"),
    ],
)
async def test_a_restaurant_that_could_not_work_is_not_opened(house, wrong, code, pointer):
    told = assert_problem(await house.admin.post("/v1/locations", {**NEW, **wrong}), 422, code)
    assert told["errors"][0]["pointer"] == pointer
    assert len((await house.admin.get("/v1/locations")).json["data"]) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/v1/stations",
        "/v1/reports/days?from=2026-11-01",
        "/v1/api-keys",
        "/v1/orders/{id}/events",
        "/v1/track/{token}/events",
    ],
)
async def test_every_list_is_read_in_parts_by_who_wants_it_so(house, address):
    order = await house.pos.place()
    await house.manager.move(order, "bump")
    await house.pos.move(order, "complete")
    address = address.format(id=order["id"], token=order["tracking_token"])
    ask = "&" if "?" in address else "?"
    whole = (await house.admin.get(address)).json
    assert whole["next_cursor"] is None
    found, cursor = [], ""
    while cursor is not None:
        part = (await house.admin.get(f"{address}{ask}limit=2{cursor}")).json
        assert 0 < len(part["data"]) <= 2
        found += part["data"]
        cursor = part["next_cursor"] and f"&cursor={part['next_cursor']}"
    assert found == whole["data"]
    assert_problem(await house.admin.get(f"{address}{ask}limit=201"), 422, "invalid-request")


async def test_a_station_is_made_changed_and_removed(house):
    made = await house.manager.put("/v1/stations/tandoor", {"name": "Tandoor", "slots": 2})
    assert (made.status_code, made.headers["location"]) == (201, "/v1/stations/tandoor")
    item = {"name": "Naan", "unit_price": 300, "station": "tandoor", "course": 2}
    order = await house.pos.place(items=[{"sku": "COLA"}, item])
    changed = await house.manager.put("/v1/stations/tandoor", {"name": "Clay oven"})
    assert (changed.status_code, changed.json["position"]) == (200, made.json["position"])
    told = assert_problem(await house.manager.delete("/v1/stations/tandoor"), 409, "station-in-use")
    assert (told["open_items"], told["dishes"]) == (1, [])
    await house.manager.move(order, "cancel", {"reason": "no dough"})
    assert (await house.manager.delete("/v1/stations/tandoor")).status_code == 204
    assert_problem(await house.pos.post("/v1/orders", {"channel": "takeaway", "items": [item]}), 422, "unknown-station")
    assert_problem(await house.manager.delete("/v1/stations/tandoor"), 404, "station-not-found")
    assert "MARGHERITA" in (await house.manager.delete("/v1/stations/pizza")).json["dishes"]


async def test_a_station_that_is_removed_takes_its_pin_along(house):
    await house.manager.put("/v1/stations/tandoor", {"name": "Tandoor"})
    await house.manager.patch("/v1/stations/tandoor", {"pin": "2580"})
    signing_in = {"location": "main", "station": "tandoor", "pin": "2580"}
    assert (await house.guest.post("/v1/session", signing_in)).status_code == 200
    await house.manager.delete("/v1/stations/tandoor")
    await house.manager.put("/v1/stations/tandoor", {"name": "Tandoor"})
    assert (await house.guest.post("/v1/session", signing_in)).status_code == 401


async def test_a_keys_secret_is_shown_once(house):
    asked = {"role": "kitchen", "location": "main", "name": "wall screen"}
    issued = await house.admin.post("/v1/api-keys", asked, idempotency_key="k")
    assert issued.status_code == 201
    assert (await house.with_key(issued.json["key"]).get("/v1/kitchen/tickets")).status_code == 200
    again = await house.admin.post("/v1/api-keys", asked, idempotency_key="k")
    assert (again.json["id"], again.json["key"]) == (issued.json["id"], None)
    assert again.headers["idempotent-replayed"] == "true"
    listed = await house.admin.get("/v1/api-keys")
    assert issued.json["key"] not in listed.text
    assert "wall screen" in listed.text
    other = await house.admin.post("/v1/api-keys", {**asked, "name": "x"}, idempotency_key="k")
    assert_problem(other, 422, "idempotency-key-reused")


@pytest.mark.parametrize(
    "asked", [{"role": "admin", "location": "main", "name": "x"}, {"role": "pos", "name": "x"}, {"role": "chef"}]
)
async def test_a_key_has_a_location_unless_it_is_an_admins(house, asked):
    assert_problem(await house.admin.post("/v1/api-keys", asked), 422, "invalid-request")


async def test_a_key_of_nowhere_is_refused(house):
    asked = {"role": "pos", "location": "moon", "name": "x"}
    assert_problem(await house.admin.post("/v1/api-keys", asked), 404, "unknown-location")
    assert_problem(await house.admin.delete("/v1/api-keys/nobody"), 404, "key-not-found")


async def test_the_machines_are_told_as_data_and_as_a_picture(house):
    machines = {machine["name"]: machine for machine in (await house.guest.get("/v1/workflow")).json["machines"]}
    complete = next(row for row in machines["order"]["transitions"] if row["action"] == "complete")
    assert (complete["from"], complete["to"]) == (["ready"], "completed")
    assert complete["guards"][0]["code"] == "items-pending"
    assert "void" in machines["item"]["actions"]
    diagram = await house.guest.get("/v1/workflow/diagram")
    assert diagram.headers["content-type"].startswith("text/vnd.mermaid")
    assert diagram.text.startswith("stateDiagram-v2")
    assert "void" in (await house.guest.get("/v1/workflow/diagram?machine=item")).text


# Reports


async def test_the_day_is_reported_in_the_format_that_is_asked_for(house):
    await house.pos.place()
    day = "/v1/reports/days/2026-11-25"
    report = await house.manager.get(day)
    assert report.json["business_day"] == "2026-11-25"
    for address, accept in [(f"{day}.csv", "*/*"), (day, "text/csv")]:
        answer = await house.manager.get(address, accept=accept)
        assert answer.headers["content-type"].startswith("text/csv")
    assert (await house.manager.get(f"{day}.json", accept="text/csv")).headers["content-type"] == "application/json"
    told = assert_problem(await house.manager.get(day, accept="image/png"), 406, "not-acceptable")
    assert "text/csv" in told["available"]


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "20261125", "2026-11-25.xml"])
async def test_what_is_no_day_has_no_report(house, day):
    assert_problem(await house.manager.get(f"/v1/reports/days/{day}"), 404, "not-found")


async def test_a_day_that_has_not_begun_has_no_report(house):
    assert_problem(await house.manager.get("/v1/reports/days/2027-01-01"), 404, "day-not-begun")


async def test_closing_a_day_is_accepted_and_can_be_followed(house):
    asked = await house.manager.post("/v1/reports/days/2026-11-25/close")
    assert asked.status_code == 202
    run = await house.manager.get(asked.headers["location"])
    assert run.json == asked.json
    assert 0 <= run.json["progress"] <= 100
    again = await house.manager.post("/v1/reports/days/2026-11-25/close")
    assert (again.status_code, again.json["id"]) == (202, run.json["id"])
    assert_problem(await house.manager.get(f"/v1/reports/runs/{NOBODY}"), 404, "report-run-not-found")
    days = (await house.manager.get("/v1/reports/days?from=2026-11-24&to=2026-11-26")).json["data"]
    assert days[0]["business_day"] == "2026-11-25"


# Dead letters


def buried(house, order):
    """The id of one of the order's jobs, which was given up."""
    with house.store.writing() as connection:
        job_id = connection.execute(sa.select(jobs.c.id).where(jobs.c.subject == order["id"])).scalars().first()
        change = sa.update(jobs).where(jobs.c.id == job_id)
        connection.execute(change.values(state="dead", attempts=9, last_error="no", done_at=house.clock()))
    return job_id


async def test_dead_letters_are_listed_retried_and_discarded(house):
    retried, discarded = [buried(house, await house.pos.place()) for _ in range(2)]
    listed = (await house.manager.get("/v1/dead-letters?limit=1")).json
    rest = (await house.manager.get(f"/v1/dead-letters?cursor={listed['next_cursor']}")).json
    assert {job["id"] for job in listed["data"] + rest["data"]} == {retried, discarded}
    assert rest["next_cursor"] is None
    again = await house.manager.post(f"/v1/dead-letters/{retried}/retry")
    assert (again.status_code, again.json["state"]) == (200, "pending")
    gone = await house.manager.post(f"/v1/dead-letters/{discarded}/discard", {"reason": "guest left"})
    assert (gone.status_code, gone.json["state"]) == (200, "cancelled")
    assert_problem(await house.manager.post(f"/v1/dead-letters/{discarded}/retry"), 404, "dead-letter-not-found")
    assert_problem(await house.manager.post(f"/v1/dead-letters/{retried}/discard"), 422, "invalid-request")


# Health and documentation


async def test_the_server_says_how_it_is(house):
    assert (await house.guest.get("/livez")).json == {"status": "ok"}
    assert (await house.guest.get("/readyz")).json == {"status": "ok"}
    with house.store.writing() as connection:
        beat(connection, "dispatcher", house.clock())
    house.clock.advance(30)
    metrics = await house.guest.get("/metrics")
    assert 'passline_silent_seconds{process="dispatcher"} 30.0' in metrics.text
    assert 'passline_requests_total{method="GET",route="/livez",status="200"} 1.0' in metrics.text
    assert 'passline_jobs_pending{lane="estimates"}' in metrics.text


async def test_a_database_without_this_versions_schema_is_not_ready(house):
    with house.store.writing() as connection:
        connection.execute(sa.text("delete from alembic_version"))
    answer = await house.guest.get("/readyz")
    told = assert_problem(answer, 503, "not-ready")
    assert "migrate" in told["detail"]
    assert answer.headers["retry-after"]
    assert (await house.guest.get("/livez")).status_code == 200


async def test_the_page_loads_nothing_from_outside(house):
    page = await house.guest.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http" not in page.text
    for asset in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        part = await house.guest.get(asset)
        assert part.status_code == 200
        assert "max-age" in part.headers["cache-control"]
    assert_problem(await house.guest.get("/docs/redoc.js"), 404, "not-found")


async def test_the_document_has_a_tag(house):
    document = await house.guest.get("/openapi.json")
    assert document.json["openapi"].startswith("3.1")
    assert (await house.guest.get("/openapi.json", if_none_match=document.headers["etag"])).status_code == 304
