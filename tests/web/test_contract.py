"""The document: valid, in agreement with what was promised to clients, and true of the real answers."""

import re

import pytest
from pydantic import BaseModel

from tests.web.test_access import MAY
from tests.web.test_orders import FULL
from web.contract.models import access, answers, menu, reports, service
from web.contract.models import house as house_shapes
from web.problems import STATUS

# What clients were promised, a second time and in plain words: address, the successes, the codes that matter there.
PROMISED = {
    "POST /v1/orders": (
        "201 200",
        "invalid-request malformed-request price-mismatch item-unavailable unknown-item unknown-station "
        "external-id-conflict idempotency-key-reused idempotency-key-in-use content-too-large rate-limited overloaded",
    ),
    "GET /v1/orders/{order_id}": ("200 304", "order-not-found unauthorized forbidden"),
    "POST /v1/orders/{order_id}/items": ("200", "order-closed stale-version unknown-item"),
    "POST /v1/orders/{order_id}/payments": ("200", "order-not-found"),
    "POST /v1/orders/{order_id}/{action}": (
        "200",
        "invalid-transition items-pending reason-required recall-window-passed order-closed stale-version",
    ),
    "POST /v1/orders/{order_id}/items/{item_id}/{action}": ("200", "invalid-transition item-not-found"),
    "POST /v1/orders/{order_id}/stations/{station}/{action}": ("200", "invalid-transition"),
    "POST /orders/{order_id}/update_status/": ("200", "invalid-transition items-pending"),
    "POST /v1/orders/{order_id}/update_status/": ("200", "invalid-transition items-pending"),
    "GET /v1/track/{token}": ("200 304", "order-not-found"),
    "GET /v1/kitchen/tickets": ("200 304", "forbidden"),
    "POST /v1/reports/days/{business_day}/close": ("202", ""),
    "POST /v1/api-keys": ("201", ""),
}


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
async def document(house):
    return (await house.guest.get("/openapi.json")).json


async def test_every_address_is_documented_and_nothing_else(document):
    told = {f"{method.upper()} {address}" for address, methods in document["paths"].items() for method in methods}
    assert told == set(MAY)


async def test_the_document_agrees_with_what_was_promised(document):
    for line, (statuses, codes) in PROMISED.items():
        method, address = line.split()
        responses = document["paths"][address][method.lower()]["responses"]
        assert {status for status in responses if status < "400"} == set(statuses.split()), line
        described = " ".join(response["description"] for response in responses.values())
        assert {code for code in codes.split() if not re.search(rf"\b{code}\b", described)} == set(), line


async def test_conventions_are_documented_wherever_they_hold(document):
    for address, methods in document["paths"].items():
        for method, told in methods.items():
            taken = {parameter["name"] for parameter in told["parameters"] if parameter["in"] == "header"}
            assert ("Idempotency-Key" in taken) == (method == "post"), address
            for status, response in told["responses"].items():
                assert {"X-Request-Id", "RateLimit", "RateLimit-Policy"} <= response["headers"].keys()
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"]
            assert told["operationId"]
    ids = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    assert len(ids) == len(set(ids))


async def test_every_reference_leads_somewhere(document):
    for reference in set(re.findall(r'"\$ref":"#/([^"]+)"', str(document).replace("'", '"').replace(": ", ":"))):
        found = document
        for part in reference.split("/"):
            found = found[part]


async def test_real_answers_have_the_documented_shape(house):
    order = (await house.pos.post("/v1/orders", FULL)).json
    await house.kitchen.move(order, "start")
    address = f"/v1/orders/{order['id']}"
    tracking = f"/v1/track/{order['tracking_token']}"
    for caller, path, shape in [
        (house.pos, address, answers.Order),
        (house.pos, "/v1/orders", answers.Orders),
        (house.pos, f"{address}/events", answers.Events),
        (house.pos, f"{address}/nothing", answers.Problem),
        (house.guest, tracking, answers.TrackedOrder),
        (house.guest, f"{tracking}/events", answers.Events),
        (house.kitchen, "/v1/kitchen/tickets", answers.Tickets),
        (house.kitchen, "/v1/kitchen/all-day", answers.AllDay),
        (house.pos, "/v1/stations", house_shapes.Stations),
        (house.guest, "/v1/menu", menu.Menu),
        (house.admin, "/v1/locations", house_shapes.Locations),
        (house.admin, "/v1/api-keys", access.ApiKeys),
        (house.guest, "/v1/workflow", service.Workflow),
        (house.manager, "/v1/reports/days/2026-11-25", reports.Report),
        (house.manager, "/v1/reports/days", reports.ReportDays),
        (house.guest, "/problems/not-found", service.ProblemType),
    ]:
        shape.model_validate_json((await caller.get(path)).content)


async def test_the_order_has_every_member_that_was_promised_and_no_other(house):
    order = (await house.pos.post("/v1/orders", FULL)).json
    assert order.keys() == answers.Order.model_fields.keys()
    assert order["items"][0].keys() == answers.Item.model_fields.keys()


def test_shapes_have_names_of_their_own():
    models = [
        model
        for module in (access, answers, house_shapes, menu, reports, service)
        for model in vars(module).values()
        if _is_shape(model)
    ]
    names = {model.__name__: model for model in models}
    assert all(names[model.__name__] is model for model in models)


def test_statuses_are_ordinary():
    assert set(STATUS.values()) <= {400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429, 500, 503}


def _is_shape(value):
    return isinstance(value, type) and issubclass(value, BaseModel)
