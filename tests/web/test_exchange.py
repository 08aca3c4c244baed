"""What the web process says on a connection, write by write, beside what uvicorn alone would say."""

import asyncio
import json

import pytest
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from web.worker import HEAD_LIMIT_BYTES, Protocol

ASK = b"GET /livez HTTP/1.1\r\nHost: here\r\n\r\n"
BODY = b'{"status":"ok"}'
PLAIN = [
    (b"content-type", b"application/json"),
    (b"content-length", b"15"),
    (b"set-cookie", b"a"),
    (b"set-cookie", b"b"),
]


class Wire(asyncio.Transport):
    """The socket's end of a connection: remembers every write."""

    def __init__(self, peer):
        super().__init__({"peername": (peer, 40_000)})
        self.writes, self.closed, self.paused = [], False, False
        self.hung_up = asyncio.Event()

    @property
    def said(self):
        return b"".join(self.writes)

    def write(self, data):
        self.writes.append(bytes(data))

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True
        self.hung_up.set()

    def pause_reading(self):
        self.paused = True

    def resume_reading(self):
        self.paused = False


class Connection:
    def __init__(self, app, protocol=Protocol, peer="127.0.0.1"):
        config = Config(app, log_config=None, http=protocol, ws="none", lifespan="off", access_log=False)
        config.load()
        state = ServerState()
        state.default_headers = [(b"date", b"Wed, 25 Nov 2026 08:20:31 GMT")]
        self.wire, self.protocol = Wire(peer), protocol(config, state, {})
        self.protocol.connection_made(self.wire)

    async def ask(self, request=ASK):
        self.protocol.data_received(request)
        await settled()
        return self.wire.said


async def settled():
    for _ in range(20):
        await asyncio.sleep(0)


def answering(*messages, status=200, headers=PLAIN):
    async def app(_scope, receive, send):
        await receive()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for message in messages:
            if isinstance(message, Exception):
                raise message
            await send({"type": "http.response.body", **message})

    return app


WHOLE = answering({"body": BODY})
NOTHING = answering({}, status=304, headers=[(b"etag", b'"7"')])


@pytest.mark.parametrize("app", [WHOLE, NOTHING, answering({"body": b""}, headers=[(b"content-length", b"0")])])
async def test_an_answer_is_one_write(app):
    connection = Connection(app)
    await connection.ask()
    await connection.ask()
    assert len(connection.wire.writes) == 2


@pytest.mark.parametrize(
    "app",
    [
        WHOLE,
        NOTHING,
        answering({}, status=204, headers=[]),
        answering({"body": BODY[:4], "more_body": True}, {"body": BODY[4:]}),
        answering({"body": BODY[:4], "more_body": True}, {"body": BODY[4:], "more_body": True}, {}),
        answering({"body": BODY, "more_body": True}, {"body": BODY}, headers=[]),
        answering({"body": BODY + b"!"}),
        answering({"body": BODY[1:]}),
        answering({"body": BODY}, status=304, headers=[]),
        answering({"body": BODY}, headers=[*PLAIN, (b"connection", b"close")]),
        answering({"body": BODY[:4], "more_body": True}, OSError("the disk is gone")),
    ],
)
@pytest.mark.parametrize(
    "asking",
    [
        ASK,
        ASK.replace(b"GET", b"HEAD"),
        ASK.replace(b"1.1", b"1.0"),
        ASK.replace(b"Host", b"Connection: close\r\nHost"),
        ASK.replace(b"livez", b"a%20b?c=%20d"),
        ASK * 3,
    ],
)
async def test_the_words_are_those_of_uvicorn(app, asking):
    ours, theirs = Connection(app), Connection(app, HttpToolsProtocol)
    assert await ours.ask(asking) == await theirs.ask(asking)
    assert ours.wire.closed == theirs.wire.closed
    assert ours.wire.paused == theirs.wire.paused
    assert len(ours.wire.writes) <= len(theirs.wire.writes)


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.7"])
@pytest.mark.parametrize(
    "asking",
    [
        ASK,
        ASK.replace(b"livez", b"a%20b?c=%20d").replace(b"1.1", b"1.0"),
        ASK.replace(b"Host", b"X-Forwarded-For: 198.51.100.1, 127.0.0.1\r\nHost"),
        ASK.replace(b"Host", b"X-FORWARDED-PROTO: https\r\nHost"),
        ASK.replace(b"Host", b"X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Proto: https\r\nHost") + ASK,
    ],
)
async def test_an_application_is_told_what_uvicorn_would_tell(asking, peer):
    told = []

    async def app(scope, receive, send):
        told.append((scope, await receive()))
        await WHOLE(scope, receive, send)

    for protocol in Protocol, HttpToolsProtocol:
        await Connection(app, protocol, peer).ask(asking)
    half = len(told) // 2
    assert told[:half] == told[half:]


async def test_the_head_of_a_stream_leaves_before_its_first_part():
    first = asyncio.Event()

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        await first.wait()
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})

    connection = Connection(app)
    assert (await connection.ask()).endswith(b"transfer-encoding: chunked\r\n\r\n")
    first.set()
    await settled()
    assert connection.wire.writes[1:] == [b"9\r\ndata: 1\n\n\r\n"]
    connection.protocol.connection_lost(None)


@pytest.mark.parametrize("messages", [(), (OSError("the disk is gone"),)])
async def test_an_answer_that_breaks_off_before_its_body_is_a_500_and_nothing_else(messages):
    connection = Connection(answering(*messages))
    said = await connection.ask()
    assert said.startswith(b"HTTP/1.1 500 ")
    assert said.count(b"HTTP/1.1") == 1
    assert connection.wire.closed


@pytest.mark.parametrize("evil", [b"x\r\nset-cookie: stolen", b"x\n", b"x\r", b"\0", b"\x7f", b"\x0b", b"\x1f"])
@pytest.mark.parametrize("header", [lambda evil: (b"location", evil), lambda evil: (evil, b"/")])
@pytest.mark.parametrize("at", [0, 4])
async def test_no_value_can_become_a_header(evil, header, at):
    headers = [*PLAIN[:at], header(evil), *PLAIN[at:]]
    said = await Connection(answering({"body": BODY}, headers=headers)).ask()
    assert said.startswith(b"HTTP/1.1 500 ")
    assert evil not in said.replace(b"\r\n", b"")


async def test_a_value_may_hold_what_is_no_control_character():
    value = b"\t !\"'(),/:;<=>?@[]{}\x80\xff"
    assert (
        b"x-any: " + value + b"\r\n"
        in await Connection(answering({"body": BODY}, headers=[(b"x-any", value), *PLAIN])).ask()
    )


async def test_a_client_that_takes_nothing_is_waited_for():
    connection = Connection(WHOLE)
    connection.protocol.pause_writing()
    assert await connection.ask() == b""
    connection.protocol.resume_writing()
    await settled()
    assert len(connection.wire.writes) == 1


async def test_a_client_that_has_left_is_told_nothing():
    connection = Connection(WHOLE)
    connection.protocol.data_received(ASK)
    connection.protocol.connection_lost(None)
    await settled()
    assert connection.wire.said == b""


@pytest.mark.parametrize("asking", [b"NO SUCH REQUEST\r\n\r\n", ASK.replace(b"GET", b"FRY"), b"\x16\x03\x01\x02\x00"])
async def test_what_is_no_request_is_told_so_as_everything_is(asking):
    connection = Connection(WHOLE)
    head, body = (await connection.ask(asking)).split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    told = json.loads(body)
    assert (told["code"], told["status"]) == ("malformed-request", 400)
    assert f"x-request-id: {told['request_id']}".encode() in head
    assert connection.wire.closed


async def test_a_head_has_its_limit():
    connection = Connection(WHOLE)
    said = await connection.ask(ASK[:-2] + b"x: " + b"y" * HEAD_LIMIT_BYTES)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert connection.wire.closed


POST = b"POST /v1/orders HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n%b"


async def test_the_body_of_one_request_is_not_of_the_next_ones_head():
    """Of a till that sends them in one go."""
    large = b"x" * (HEAD_LIMIT_BYTES + 1)
    connection = Connection(WHOLE)
    first = await connection.ask(POST % (len(large), large) + ASK[:20])
    assert first.startswith(b"HTTP/1.1 200 ")
    await connection.ask(ASK[20:])
    assert connection.wire.said.count(b"HTTP/1.1 200 ") == 2
    assert not connection.wire.closed


async def test_what_is_no_request_is_not_taken_for_the_answer_to_the_one_before():
    may_answer = asyncio.Event()

    async def app(scope, receive, send):
        await may_answer.wait()
        await WHOLE(scope, receive, send)

    connection = Connection(app)
    assert await connection.ask(ASK + b"NO SUCH REQUEST\r\n\r\n") == b""
    may_answer.set()
    await settled()
    assert connection.wire.said.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in connection.wire.said
    assert connection.wire.said.count(b"HTTP/1.1 ") == 1
    assert connection.wire.closed


async def test_who_says_no_more_is_answered_all_the_same():
    connection = Connection(WHOLE)
    connection.protocol.data_received(ASK)
    assert connection.protocol.eof_received()
    await settled()
    assert connection.wire.said.startswith(b"HTTP/1.1 200 ")
    assert connection.wire.closed
    assert not Connection(WHOLE).protocol.eof_received()
    broken_off = Connection(WHOLE)
    broken_off.protocol.data_received(POST % (100, b"x" * 50))
    assert not broken_off.protocol.eof_received()


class Impatient(Protocol):
    request_seconds = 0.02


@pytest.mark.parametrize("part", [b"", ASK[:20], POST % (100, b"x" * 50)])
async def test_a_request_that_never_comes_keeps_no_connection(part):
    connection = Connection(WHOLE, Impatient)
    if part:
        await connection.ask(part)
    async with asyncio.timeout(5):
        await connection.wire.hung_up.wait()


async def test_a_request_that_has_come_is_given_the_time_it_takes():
    connection = Connection(WHOLE)
    for end in range(1, len(ASK)):
        connection.protocol.data_received(ASK[end - 1 : end])
    assert connection.protocol._patience is not None
    await connection.ask(ASK[-1:])
    assert connection.wire.said.startswith(b"HTTP/1.1 200 ")
    assert connection.protocol._patience is None
