"""What holds at every address: problems, ids, keys, quotas, conditions, and bodies that do not fit."""

import asyncio
import json

import pytest
from falcon import testing

from web.app import create_app
from web.quotas import Quota
from web.refusals import RateLimited
from workflow.engine import Engine

TAKEAWAY = {"channel": "takeaway", "items": [{"sku": "MARGHERITA", "quantity": 1}]}
NOBODY = "01a21064-8433-744d-ab10-5d333e1cb97f"


@pytest.fixture
def database(sqlite_database):
    """What holds here is the web's own; both databases are under the tests of the commands."""
    return sqlite_database


def assert_problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json
    assert told["code"] == code
    assert told["type"] == f"/problems/{code}"
    assert told["status"] == status
    assert told["request_id"] == answer.headers["x-request-id"]
    assert told["title"]
    assert told["detail"]
    assert told["instance"].startswith("/")
    return told


async def test_what_falcon_refuses_is_a_problem_too(house):
    assert_problem(await house.guest.get("/nowhere"), 404, "not-found")
    refused = await house.guest.delete("/v1/orders")
    assert_problem(refused, 405, "method-not-allowed")
    assert "POST" in refused.headers["allow"]


async def test_a_head_is_answered_as_a_get(house):
    """Those who watch a server often ask no more than that; the body is left out by the connection."""
    order = await house.pos.place()
    for path in ("/livez", "/menu", f"/v1/orders/{order['id']}"):
        asked, answer = await house.pos.get(path), await house.pos.ask("HEAD", path)
        assert answer.status_code == 200
        assert told(answer) == told(asked)
    assert answer.headers["etag"] == f'"{order["version"]}"'
    assert (await house.pos.ask("HEAD", f"/v1/orders/{NOBODY}")).status_code == 404


def told(answer):
    own = {"x-request-id", "ratelimit", "last-modified"}
    return {name: value for name, value in answer.headers.items() if name not in own}


async def test_a_stream_has_no_head_of_its_own(house):
    refused = await house.manager.ask("HEAD", "/v1/dashboard/stream")
    assert refused.status_code == 405
    assert "GET" in refused.headers["allow"]


async def test_a_failure_is_a_problem_that_tells_nothing_of_our_insides(house):
    class Broken:
        async def on_get(self, req, resp):
            raise RuntimeError("password=hunter2")

    house.app.add_route("/broken", Broken())
    answer = await house.guest.get("/broken", x_request_id="look-me-up")
    told = assert_problem(answer, 500, "internal-error")
    assert "hunter2" not in answer.text
    assert "look-me-up" in told["detail"]


async def test_broken_json_is_400_and_json_that_does_not_fit_is_422_with_all_complaints(house):
    latin = json.dumps(TAKEAWAY | {"notes": "caf\u00e9"}, ensure_ascii=False).encode("latin-1")
    for body in ("{", "[1", "nul", b"\xff", '{"channel": "\\ud800"}', latin):
        assert_problem(await house.pos.post("/v1/orders", body), 400, "malformed-request")
    for body in (None, "[]", "1"):
        assert_problem(await house.pos.post("/v1/orders", body), 422, "invalid-request")
    order = {"channel": "drive_in", "items": [{"sku": "MARGHERITA", "quantity": 1000}, {"sku": "CAESAR", "qty": 1}]}
    told = assert_problem(await house.pos.post("/v1/orders", order), 422, "invalid-request")
    assert [error["pointer"] for error in told["errors"]] == ["/channel", "/items/0/quantity", "/items/1/qty"]
    assert all(error["detail"] for error in told["errors"])


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("quantity", True),
        ("quantity", "2"),
        ("quantity", 1.5),
        ("quantity", 0),
        ("course", False),
        ("notes", "\0"),
        ("sku", ""),
        ("modifiers", [{"name": "x", "price": -1}]),
        ("modifiers", None),
    ],
)
async def test_an_item_that_does_not_fit_is_refused_by_its_pointer(house, member, value):
    item = {"sku": "MARGHERITA", "quantity": 1, member: value}
    told = assert_problem(
        await house.pos.post("/v1/orders", {"channel": "takeaway", "items": [item]}), 422, "invalid-request"
    )
    assert all(error["pointer"].startswith(f"/items/0/{member}") for error in told["errors"])


async def test_a_whole_number_may_be_written_with_a_point(house):
    answer = await house.pos.post("/v1/orders", {"channel": "takeaway", "items": [{"sku": "CAESAR", "quantity": 2.0}]})
    assert answer.json["items"][0]["quantity"] == 2


@pytest.mark.parametrize("count", [0, 201])
async def test_an_order_has_1_to_200_items(house, count):
    order = {"channel": "takeaway", "items": [{"sku": "CAESAR", "quantity": 1}] * count}
    assert_problem(await house.pos.post("/v1/orders", order), 422, "invalid-request")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=1&limit=2", "cursor=x", "statsu=ready", "status=cooking", "active=yes"],
)
async def test_a_query_that_does_not_fit_is_refused_by_its_parameter(house, query):
    told = assert_problem(await house.pos.get(f"/v1/orders?{query}"), 422, "invalid-request")
    assert told["errors"][0]["parameter"] == query.partition("=")[0]


async def test_an_address_without_parameters_takes_none(house):
    assert_problem(await house.guest.get("/livez?verbose=1"), 422, "invalid-request")


async def test_only_json_is_understood(house):
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"):
        answer = await house.pos.ask("POST", "/v1/orders", TAKEAWAY, headers={"Content-Type": content_type})
        assert_problem(answer, 415, "unsupported-media-type")
    answer = await house.pos.ask(
        "POST", "/v1/orders", TAKEAWAY, headers={"Content-Type": "application/json; charset=UTF-8"}
    )
    assert answer.status_code == 201


async def test_a_body_over_256_kib_is_too_large(house):
    order = {**TAKEAWAY, "notes": "x" * 256 * 1024}
    told = assert_problem(await house.pos.post("/v1/orders", order), 413, "content-too-large")
    assert told["limit_bytes"] == 262_144


async def test_request_ids_are_taken_over_or_made(house):
    assert (await house.guest.get("/livez", x_request_id="till-7:42")).headers["x-request-id"] == "till-7:42"
    for odd in ("", "two words", "x" * 129, "lf\\n\x0b"):
        made = (await house.guest.get("/livez", x_request_id=odd)).headers["x-request-id"]
        assert made != odd
        assert len(made) == 36


async def test_a_trace_is_honoured(house):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert (await house.guest.get("/livez", traceparent=trace)).headers["traceparent"] == trace
    assert "traceparent" not in (await house.guest.get("/livez", traceparent="00-none")).headers


async def test_answers_are_guarded_and_not_kept(house):
    headers = (await house.pos.get("/v1/orders")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "no-referrer"


async def test_a_trailing_slash_does_no_harm(house):
    assert (await house.pos.get("/v1/orders/")).status_code == 200


# Keys and quotas


async def test_a_key_that_is_missing_or_wrong_is_401_and_says_how(house):
    for headers in ({}, {"authorization": "Bearer pl_pos_nobody"}, {"authorization": "Basic cG9zOnBvcw=="}):
        answer = await house.guest.get("/v1/orders", **headers)
        assert_problem(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_what_is_left_of_the_quota_is_told(house):
    first, second = [await house.pos.get("/v1/orders") for _ in range(2)]
    assert first.headers["ratelimit-policy"] == '"key";q=600000;w=60'
    assert first.headers["ratelimit"].startswith('"key";r=599999;t=')
    assert second.headers["ratelimit"].startswith('"key";r=599998;t=')
    assert (await house.guest.get("/livez")).headers["ratelimit-policy"] == '"guest";q=60000;w=60'


async def test_beyond_the_quota_is_429(settings, store, house):
    tight = create_app(Engine(store), settings.model_copy(update={"rate_limit": 1}))
    async with testing.ASGIConductor(tight) as conductor:
        pos = type(house.pos)(conductor, house.keys["pos"])
        answers = [await pos.get("/v1/orders") for _ in range(3)]
    told = assert_problem(answers[-1], 429, "rate-limited")
    assert int(answers[-1].headers["retry-after"]) == told["retry_after_seconds"] > 0


def test_a_quota_is_new_every_minute_and_each_caller_has_one():
    now = 0.0
    quota = Quota("key", 2, lambda: now)
    assert quota.take("a") == '"key";r=1;t=60'
    assert quota.take("b") == '"key";r=1;t=60'
    quota.take("a")
    with pytest.raises(RateLimited):
        quota.take("a")
    now = 61.0
    assert quota.take("a") == '"key";r=1;t=59'


# Idempotency


async def test_the_same_key_and_body_have_the_same_answer(house):
    first = await house.pos.post("/v1/orders", TAKEAWAY, idempotency_key='"8e03978e"')
    again = await house.pos.post("/v1/orders", TAKEAWAY, idempotency_key="8e03978e")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers


async def test_the_order_of_members_and_white_space_make_no_other_body(house):
    await house.pos.post("/v1/orders", TAKEAWAY, idempotency_key="k")
    respelt = json.dumps(dict(reversed(TAKEAWAY.items())), indent=3)
    again = await house.pos.post("/v1/orders", respelt, idempotency_key="k")
    assert again.headers["idempotent-replayed"] == "true"


async def test_another_body_or_address_under_the_same_key_is_refused(house):
    order = (await house.pos.post("/v1/orders", TAKEAWAY, idempotency_key="k")).json
    other = await house.pos.post("/v1/orders", {**TAKEAWAY, "notes": "x"}, idempotency_key="k")
    assert_problem(other, 422, "idempotency-key-reused")
    assert_problem(await house.pos.move(order, "start", idempotency_key="k"), 422, "idempotency-key-reused")


async def test_keys_are_scoped_to_the_api_key(house):
    await house.pos.post("/v1/orders", TAKEAWAY, idempotency_key="k")
    assert "idempotent-replayed" not in (await house.manager.post("/v1/orders", TAKEAWAY, idempotency_key="k")).headers


async def test_a_refusal_is_replayed_as_well(house):
    order = await house.pos.place()
    first = await house.kitchen.move(order, "complete", idempotency_key="k")
    await house.kitchen.move(order, "bump")
    again = await house.kitchen.move(order, "complete", idempotency_key="k")
    assert_problem(again, 409, "items-pending")
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json["items"] == first.json["items"]


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "umlaut-\xe4", '"open', '"in"between"'])
async def test_a_key_that_cannot_be_one_is_400(house, key):
    told = assert_problem(await house.pos.post("/v1/orders", TAKEAWAY, idempotency_key=key), 400, "invalid-header")
    assert told["header"] == "Idempotency-Key"


async def test_two_at_once_under_one_key_make_one_order(house):
    answers = await asyncio.gather(*(house.pos.post("/v1/orders", TAKEAWAY, idempotency_key="k") for _ in range(5)))
    assert {answer.json["id"] for answer in answers} == {answers[0].json["id"]}
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 4


# Conditions


async def test_every_order_answer_has_its_version_as_etag(house):
    placed = await house.pos.post("/v1/orders", TAKEAWAY)
    assert placed.headers["etag"] == f'"{placed.json["version"]}"'
    read = await house.pos.get(placed.headers["location"])
    assert read.headers["etag"] == placed.headers["etag"]
    assert read.headers["poll-after"] == "3"


async def test_a_stale_command_is_412(house):
    order = await house.pos.place()
    seen = f'"{order["version"]}"'
    assert (await house.kitchen.move(order, "start", if_match=seen)).status_code == 200
    refused = await house.kitchen.move(order, "bump", if_match=seen)
    told = assert_problem(refused, 412, "stale-version")
    assert told["current_version"] > order["version"]
    assert told["order_status"] == "preparing"
    assert refused.headers["etag"] == f'"{told["current_version"]}"'
    assert (await house.kitchen.move(order, "bump", if_match="*")).status_code == 200


async def test_a_tag_that_is_not_ours_or_weak_never_matches(house):
    order = await house.pos.place()
    for strange in ('"abc"', f'W/"{order["version"]}"', '"99999999999999999999"'):
        assert_problem(await house.kitchen.move(order, "start", if_match=strange), 412, "stale-version")
    assert_problem(await house.kitchen.move(order, "start", if_match="abc"), 400, "invalid-header")


async def test_what_has_not_changed_is_304_and_empty(house):
    order = await house.pos.place()
    known = f'"{order["version"]}"'
    for spelling in (known, f"W/{known}", f'"1", {known}', "*"):
        answer = await house.pos.get(f"/v1/orders/{order['id']}", if_none_match=spelling)
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer.headers["etag"] == known
        assert answer.headers["poll-after"] == "3"
    assert (await house.pos.get(f"/v1/orders/{order['id']}", if_none_match='"1"')).status_code == 200


# Lists and identifiers


async def test_pages_follow_each_other_without_a_gap(house):
    placed = [(await house.pos.place())["id"] for _ in range(5)]
    found, cursor = [], ""
    for _ in range(3):
        page = (await house.pos.get(f"/v1/orders?limit=2{cursor}")).json
        found += [order["id"] for order in page["data"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert found == placed[::-1]
    assert page["next_cursor"] is None


@pytest.mark.parametrize("order_id", ["1", "x" * 36, NOBODY, NOBODY[:-1], "%00"])
async def test_what_is_no_order_is_not_found(house, order_id):
    assert_problem(await house.pos.get(f"/v1/orders/{order_id}"), 404, "order-not-found")
    assert_problem(await house.pos.post(f"/v1/orders/{order_id}/start"), 404, "order-not-found")
    assert_problem(await house.pos.get(f"/v1/orders/{order_id}/events"), 404, "order-not-found")
