"""What the web process says on a connection, write by write, beside what uvicorn alone would say."""

import asyncio

import pytest
import uvloop
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from web.connection import HEAD_LIMIT_BYTES, Connection
from web.live import LEAVING

ASK = b"GET /livez HTTP/1.1\r\nHost: here\r\n\r\n"
TELL = b"POST /v1/orders HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n0123456789"
IN_PARTS = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n"
BODY = b'{"status":"ok"}'
PLAIN = [
    (b"content-type", b"application/json"),
    (b"content-length", b"15"),
    (b"set-cookie", b"a"),
    (b"set-cookie", b"b"),
]
STREAM = [(b"content-type", b"text/event-stream")]


class Wire(asyncio.Transport):
    """The socket's end of a connection: remembers every write."""

    def __init__(self):
        super().__init__()
        self.writes, self.closed, self.paused = [], False, False

    @property
    def said(self):
        return b"".join(self.writes)

    def write(self, data):
        if data:
            self.writes.append(bytes(data))

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True

    def pause_reading(self):
        self.paused = True

    def resume_reading(self):
        self.paused = False


class Client:
    """Somebody at the other end; *kind* is the protocol at ours."""

    def __init__(self, app, kind=Connection, *, patience=30, **state):
        self.server, self.wire = ServerState(), Wire()
        self.server.default_headers = [(b"date", b"Wed, 25 Nov 2026 08:20:31 GMT")]
        self.connection = kind(configured(app, kind, patience), self.server, state)
        self.connection.connection_made(self.wire)

    async def say(self, *parts):
        for part in parts:
            self.connection.data_received(part)
            await settled()
        return self.wire.said

    def leave(self):
        self.connection.connection_lost(None)


def configured(app, kind=Connection, patience=30):
    config = Config(app, log_config=None, http=kind, ws="none", lifespan="off", timeout_keep_alive=patience)
    config.load()
    return config


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


async def echo(_scope, receive, send):
    told, more = b"", True
    while more:
        message = await receive()
        told, more = told + message["body"], message["more_body"]
    await answering({"body": told}, headers=[(b"content-length", b"%d" % len(told))])(_scope, receive_nothing, send)


async def receive_nothing():
    return None


WHOLE = answering({"body": BODY})
NOTHING = answering({}, status=304, headers=[(b"etag", b'"7"')])


@pytest.mark.parametrize("app", [WHOLE, NOTHING, answering({"body": b""}, headers=[(b"content-length", b"0")])])
async def test_an_answer_is_one_write(app):
    client = Client(app)
    await client.say(ASK, ASK)
    assert len(client.wire.writes) == 2


@pytest.mark.parametrize(
    "app",
    [
        WHOLE,
        NOTHING,
        echo,
        answering({}, status=204, headers=[]),
        answering({"body": BODY[:4], "more_body": True}, {"body": BODY[4:]}),
        answering({"body": BODY[:4], "more_body": True}, {"body": BODY[4:], "more_body": True}, {}),
        answering({"body": BODY, "more_body": True}, {"body": BODY}, headers=[]),
        answering({"body": BODY[:4], "more_body": True}, {}, headers=STREAM),
        answering({"body": BODY}, headers=[*PLAIN, (b"connection", b"close")]),
        answering({"body": BODY[:4], "more_body": True}, OSError("the disk is gone")),
        answering({"body": BODY[:4], "more_body": True}, OSError("the disk is gone"), headers=STREAM),
    ],
)
@pytest.mark.parametrize(
    "parts",
    [
        [ASK],
        [ASK] * 3,
        [ASK * 3],
        [ASK * 3 + ASK.replace(b"Host", b"Connection: close\r\nHost"), ASK],
        [ASK.replace(b"GET", b"HEAD")] * 2,
        [ASK.replace(b"1.1", b"1.0")],
        [ASK.replace(b"1.1", b"1.0").replace(b"Host", b"Connection: keep-alive\r\nHost")],
        [ASK.replace(b"Host", b"Connection: close\r\nHost"), ASK],
        [ASK.replace(b"Host", b"Connection: Upgrade\r\nUpgrade: h2c\r\nHost")],
        [ASK.replace(b"/livez", b"/a%20b/%C3%A4?c=%20d")],
        [ASK.replace(b"/livez", b"http://here/a?b")],
        [ASK[:7], ASK[7:22], ASK[22:]],
        [TELL, ASK],
        [TELL[:-10], TELL[-10:-3], TELL[-3:] + TELL],
        [TELL.replace(b"Host", b"Expect: 100-Continue\r\nHost")[:-10], TELL[-10:]],
        [IN_PARTS, ASK],
        [IN_PARTS[:-10], IN_PARTS[-10:]],
        [b"nonsense\r\n\r\n"],
        [ASK + b"nonsense\r\n\r\n"],
        [b"OPTIONS * HTTP/1.1\r\nHost: here\r\n\r\n"],
        [b"CONNECT here:80 HTTP/1.1\r\nHost: here\r\n\r\n"],
    ],
)
async def test_the_words_are_those_of_uvicorn(app, parts):
    ours, theirs = Client(app), Client(app, HttpToolsProtocol)
    assert await ours.say(*parts) == await theirs.say(*parts)
    assert ours.wire.closed == theirs.wire.closed
    assert ours.wire.paused == theirs.wire.paused
    assert ours.server.total_requests == theirs.server.total_requests
    assert len(ours.wire.writes) <= len(theirs.wire.writes)
    for client in ours, theirs:
        client.leave()
    await settled()
    assert not ours.server.tasks
    assert not ours.server.connections


@pytest.mark.parametrize("asking", [ASK, TELL, ASK.replace(b"livez", b"a%20b?c=%20d").replace(b"1.1", b"1.0")])
async def test_an_application_is_told_what_uvicorn_would_tell(asking):
    told = []

    async def app(scope, receive, _send):
        told.append((scope, await receive()))

    for kind in Connection, HttpToolsProtocol:
        await Client(app, kind, shared=True).say(asking)
    assert told[0] == told[1]


async def test_the_head_of_a_stream_leaves_before_its_first_part():
    first = asyncio.Event()

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": STREAM})
        await first.wait()
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        await asyncio.Event().wait()

    client = Client(app)
    assert (await client.say(ASK)).endswith(b"transfer-encoding: chunked\r\n\r\n")
    first.set()
    await settled()
    assert client.wire.writes[1:] == [b"9\r\ndata: 1\n\n\r\n"]


@pytest.mark.parametrize(
    "messages", [(), (OSError("the disk is gone"),), ({"body": BODY + b"!"},), ({"body": BODY[1:]},)]
)
async def test_an_answer_that_cannot_be_sent_whole_is_a_500_and_nothing_else(messages):
    client = Client(answering(*messages))
    said = await client.say(ASK)
    assert said.startswith(b"HTTP/1.1 500 ")
    assert said.count(b"HTTP/1.1") == 1
    assert client.wire.closed
    assert not client.server.tasks


async def test_an_answer_that_turns_out_too_short_visibly_breaks_off():
    client = Client(answering({"body": BODY[:4], "more_body": True}, {"body": BODY[:4]}))
    assert (await client.say(ASK)).endswith(b"\r\n\r\n" + BODY[:4])
    assert client.wire.closed


@pytest.mark.parametrize("evil", [b"x\r\nset-cookie: stolen", b"x\n", b"x\r", b"\0", b"\x7f", b"\x0b", b"\x1f"])
@pytest.mark.parametrize("header", [lambda evil: (b"location", evil), lambda evil: (evil, b"/")])
@pytest.mark.parametrize("at", [0, 4])
async def test_no_value_can_become_a_header(evil, header, at):
    said = await Client(answering({"body": BODY}, headers=[*PLAIN[:at], header(evil), *PLAIN[at:]])).say(ASK)
    assert said.startswith(b"HTTP/1.1 500 ")
    assert evil not in said.replace(b"\r\n", b"")


async def test_a_value_may_hold_what_is_no_control_character():
    value = b"\t !\"'(),/:;<=>?@[]{}\x80\xff"
    said = await Client(answering({"body": BODY}, headers=[(b"x-any", value), *PLAIN])).say(ASK)
    assert b"x-any: " + value + b"\r\n" in said


async def test_a_message_out_of_turn_is_refused():
    start, end = {"type": "http.response.start", "status": 200, "headers": PLAIN}, {"type": "http.response.body"}
    refused = []

    async def app(_scope, _receive, send):
        for message in end, start, start, {**end, "body": BODY}, end, start:
            try:
                await send(message)
            except RuntimeError:
                refused.append(message)

    assert (await Client(app).say(ASK)).count(b"HTTP/1.1 200") == 1
    assert refused == [end, start, end, start]


async def test_a_client_that_takes_nothing_is_waited_for():
    client = Client(WHOLE)
    client.connection.pause_writing()
    assert await client.say(ASK) == b""
    client.connection.resume_writing()
    await settled()
    assert len(client.wire.writes) == 1


async def test_a_client_that_has_left_is_told_nothing_and_its_request_is_seen_through():
    go, done = asyncio.Event(), []

    async def app(scope, receive, send):
        await go.wait()
        await WHOLE(scope, receive, send)
        done.append((await receive())["type"])

    client = Client(app)
    await client.say(ASK * 2)
    client.leave()
    assert len(client.server.tasks) == 1
    go.set()
    await settled()
    assert done == ["http.disconnect"]
    assert client.wire.said == b""
    assert not client.server.tasks


async def test_a_stream_is_told_that_its_client_has_left():
    heard = []

    async def app(_scope, receive, send):
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": STREAM})
        heard.append(await receive())
        heard.append(await receive())

    client = Client(app)
    await client.say(ASK)
    assert heard == []
    client.leave()
    await settled()
    assert heard == [{"type": "http.disconnect"}] * 2


async def test_a_body_that_nobody_reads_is_not_taken_in():
    go = asyncio.Event()

    async def app(scope, receive, send):
        await go.wait()
        await echo(scope, receive, send)

    size = 200_000
    client = Client(app)
    await client.say(TELL[:-10].replace(b"10", b"%d" % size), b"x" * 100_000)
    assert client.wire.paused
    go.set()
    await settled()
    assert not client.wire.paused
    assert (await client.say(b"x" * 100_000)).endswith(b"\r\n\r\n" + b"x" * size)


async def test_a_connection_rests_for_so_long_and_is_closed():
    client = Client(WHOLE, patience=0.2)
    await client.say(ASK)
    await asyncio.sleep(0.12)
    await client.say(ASK)
    await asyncio.sleep(0.12)
    assert not client.wire.closed
    await asyncio.sleep(0.2)
    assert client.wire.closed


async def test_a_connection_with_a_request_does_not_rest():
    go = asyncio.Event()

    async def app(scope, receive, send):
        await go.wait()
        await WHOLE(scope, receive, send)

    client = Client(app, patience=0.05)
    go.set()
    await client.say(ASK)
    go.clear()
    await client.say(ASK)
    await asyncio.sleep(0.15)
    assert not client.wire.closed
    client.leave()
    go.set()
    await settled()


async def test_a_server_that_stops_answers_what_has_begun():
    go, ended = asyncio.Event(), []

    async def app(scope, receive, send):
        await go.wait()
        await WHOLE(scope, receive, send)

    idle = Client(app)
    busy = Client(app, **{LEAVING: lambda: ended.append(True)})
    await busy.say(ASK)
    for client in idle, busy:
        client.connection.shutdown()
    assert (idle.wire.closed, busy.wire.closed, ended) == (True, False, [True])
    go.set()
    await settled()
    assert b"connection: close" in busy.wire.said
    assert busy.wire.closed


async def test_a_task_that_is_cancelled_answers_500():
    async def app(_scope, _receive, _send):
        await asyncio.Event().wait()

    client = Client(app)
    await client.say(ASK)
    (task,) = client.server.tasks
    task.cancel()
    await settled()
    assert client.wire.said.startswith(b"HTTP/1.1 500 ")


async def test_a_head_has_its_limit():
    client = Client(WHOLE)
    said = await client.say(ASK[:-2] + b"x: " + b"y" * HEAD_LIMIT_BYTES)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert client.wire.closed


def test_an_answer_arrives_in_one_piece_over_uvloop_and_a_real_socket():
    async def exchange():
        config, state = configured(WHOLE), ServerState()
        server = await asyncio.get_running_loop().create_server(lambda: Connection(config, state, {}), "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            pieces = []
            for _ in range(3):
                writer.write(ASK)
                pieces.append(await reader.read(65536))
            writer.close()
            await writer.wait_closed()
        return pieces

    for piece in uvloop.run(exchange()):
        assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
        assert piece.endswith(b"\r\n\r\n" + BODY)
