"""What is written down of the traffic, and what happens when there is too much of it or the database is gone."""

import asyncio
import io
import json

import pytest
import sqlalchemy as sa
from falcon import testing

from tests.web.conftest import Caller
from tests.web.test_conventions import TAKEAWAY, assert_problem
from web.access_log import AccessLog, shown_path
from web.app import create_app
from web.context import Request, Response
from web.figures import Figures
from workflow.api_keys import Principal
from workflow.engine import Engine


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


def asked(path, template, **context):
    req = Request(testing.create_scope(path=path), None)
    req.uri_template = template
    for name, value in context.items():
        setattr(req.context, name, value)
    return req


async def test_a_line_says_what_was_asked_and_how_it_was_answered():
    stream = io.StringIO()
    log = AccessLog(as_json=True, stream=stream)
    log.served(asked("/v1/orders", "/v1/orders", request_id="r-1"), Response(), 0.0042)
    log.flush()
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request.served",
        "method": "GET",
        "path": "/v1/orders",
        "status": 200,
        "ms": 4.2,
        "request_id": "r-1",
    }


async def test_a_line_for_people_says_the_same_in_words():
    stream = io.StringIO()
    log = AccessLog(as_json=False, stream=stream)
    till = Principal("till-7", "pos", "main")
    for traceparent in None, "00-1-2-03":
        log.served(asked("/a", "/a", request_id="r-1", principal=till, traceparent=traceparent), Response(), 0.0042)
    log.flush()
    lines = [line.partition(" ") for line in stream.getvalue().splitlines()]
    assert all(at.endswith("Z") for at, _, _ in lines)
    said = "request.served method=GET path=/a status=200 ms=4.2 request_id=r-1 key=till-7"
    assert [line for _, _, line in lines] == [said, f"{said} traceparent=00-1-2-03"]


def test_no_secret_and_no_trick_gets_into_a_line():
    assert shown_path(asked("/v1/track/s3cret", "/v1/track/{token}")) == "/v1/track/{token}"
    assert shown_path(asked("/track/s3cret", None)) == "(unknown)"
    assert shown_path(asked("/problems/x status=200", "/problems/{code}")) == "/problems/{code}"
    assert shown_path(asked("/problems/x\n", "/problems/{code}")) == "/problems/{code}"
    assert shown_path(asked("/problems/x", "/problems/{code}")) == "/problems/x"


def test_figures_add_up():
    figures = Figures()
    for seconds in (0.0005, 0.003, 9.0):
        figures.count("GET", "/livez", 200, seconds)
    requests, durations = figures.collect()
    assert [sample.value for sample in requests.samples] == [3]
    buckets = {sample.labels["le"]: sample.value for sample in durations.samples if sample.name.endswith("_bucket")}
    assert (buckets["0.001"], buckets["0.005"], buckets["5.0"], buckets["+Inf"]) == (1, 2, 2, 3)


async def test_too_many_waiting_commands_are_503_and_say_when_to_come_back(settings, store, house):
    app = create_app(Engine(store, queue_limit=1, batch_limit=1), settings)
    async with testing.ASGIConductor(app) as conductor:
        pos = Caller(conductor, house.keys["pos"])
        await pos.get("/v1/orders")
        answers = await asyncio.gather(*(pos.post("/v1/orders", TAKEAWAY) for _ in range(20)))
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert {answer.status_code for answer in answers} == {201, 503}
    assert_problem(refused[0], 503, "overloaded")
    assert refused[0].headers["retry-after"] == "1"


async def test_what_was_accepted_is_answered_before_the_server_stops(settings, store, house):
    app = create_app(Engine(store), settings)
    async with testing.ASGIConductor(app) as conductor:
        pos = Caller(conductor, house.keys["pos"])
        placing = [asyncio.ensure_future(pos.post("/v1/orders", TAKEAWAY)) for _ in range(20)]
        await asyncio.sleep(0.02)
    assert {(await answer).status_code for answer in placing} == {201}


async def test_without_its_database_the_server_lives_and_says_so(house, settings):
    order = await house.pos.place()
    with house.store.writing() as connection:
        connection.execute(sa.text("alter table orders rename to orders_elsewhere"))
    answers = [
        await house.pos.get(f"/v1/orders/{order['id']}"),
        await house.pos.get(f"/v1/orders/{order['id']}", if_none_match='"1"'),
        await house.pos.get("/v1/orders"),
        await house.pos.post("/v1/orders", TAKEAWAY),
    ]
    for answer in answers:
        assert_problem(answer, 503, "database-unavailable")
        assert answer.headers["retry-after"] == "1"
    assert (await house.guest.get("/livez")).status_code == 200
