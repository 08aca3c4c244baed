"""The web process: uvicorn under gunicorn, on uvloop and httptools (docs/adr/0003)."""

import asyncio
import socket
import sys
from typing import Any, ClassVar
from urllib.parse import unquote

import httptools
import msgspec
import uvicorn
from gunicorn.arbiter import Arbiter
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn_worker import UvicornWorker

from web.exchange import Exchange, written
from web.listener import Listener, Shares
from web.live import LEAVING
from web.problems import PROBLEM_JSON, problem
from web.refusals import MalformedRequest
from workflow.ids import new_id

SHARES = Shares()
FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-proto"})
HEAD_LIMIT_BYTES = 64 * 1024


class Protocol(HttpToolsProtocol):
    """A connection whose requests have a bounded head, and come to an end: nobody makes us remember endless headers,
    or keep a connection for a request that never comes.

    When the server stops, its stream ends with it: it would hold up the stop for as long as anybody listens.
    """

    # From a request's first byte, or that of the connection, to its last; orders have a few thousand.
    request_seconds: ClassVar[float] = 60.0

    # Of the request that is coming in: how long its head is by now, and which one it is.
    _head: int | None = None
    _begun = 0
    _patience: asyncio.TimerHandle | None = None
    _deaf = False

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._bare_app = self.app.app if isinstance(self.app, ProxyHeadersMiddleware) else self.app

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_the_rest()

    def connection_lost(self, exc: Exception | None) -> None:
        self._have_it_all()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Who has asked and says no more may still listen, for as long as the answer has not begun."""
        cycle: Any = self.cycle
        waiting: bool = cycle is not None and not cycle.more_body and not cycle.response_started
        if waiting:
            self._end_after_answer()
        return waiting

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        between, begun = self._head is None and not self._in_body(), self._begun
        super().data_received(data)
        if self._head is not None:
            self._await_the_rest()
            if self._begun == begun or (between and self._begun == begun + 1):
                # All of it is of this head; where it begins in the middle, the rest of it counts.
                self._head += len(data)
                if self._head > HEAD_LIMIT_BYTES and not self.transport.is_closing():
                    self.send_400_response(f"A request's line and headers may have {HEAD_LIMIT_BYTES} bytes.")
        elif self._in_body():
            self._await_the_rest()
        elif self._patience is not None:
            self._have_it_all()

    def _in_body(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and cycle.more_body

    def _await_the_rest(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(self.request_seconds, self.transport.close)

    def _have_it_all(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _end_after_answer(self) -> None:
        self._deaf = True
        self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:
        """What is no request at all is told so as everything is, and the connection ends.

        It ends without a word where an answer is still to come: that one would be taken for the other.
        """
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete and not cycle.more_body:
            self._end_after_answer()
            return
        request_id = new_id()
        told = problem(MalformedRequest(msg), instance="/", request_id=request_id)
        body = msgspec.json.encode(told)
        headers = [
            *self.server_state.default_headers,
            (b"x-request-id", request_id.encode()),
            (b"content-type", PROBLEM_JSON.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        self.transport.write(b"%b%b\r\n\r\n%b" % (STATUS_LINE[400], written(headers), body))
        self.transport.close()

    def shutdown(self) -> None:
        super().shutdown()
        if end_streams := self.app_state.get(LEAVING):
            end_streams()

    def on_message_begin(self) -> None:
        self._head = 0
        self._begun += 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """As uvicorn does it for requests that are neither WebSockets nor below a root path, but with an Exchange."""
        self._head = None
        self._complete_scope()
        # Whom a proxy speaks for is asked only where one says so: the question takes longer than finding the route.
        app = self._bare_app if FORWARDED.isdisjoint(dict(self.headers)) else self.app
        before = self.cycle
        self.cycle = Exchange(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=self.scope["http_version"] != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:  # type: ignore[redundant-expr]
            self._start_asgi_task(self.cycle, app)
        else:
            # It was sent before the last one was answered, and waits for its turn.
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, app))

    def _complete_scope(self) -> None:
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        self.scope["method"] = self.parser.get_method().decode("ascii")
        self.scope["http_version"] = self.parser.get_http_version()
        self.scope["path"] = unquote(path) if "%" in path else path
        self.scope["raw_path"] = url.path
        self.scope["query_string"] = url.query or b""


class Server(uvicorn.Server):
    """uvicorn's, but that its connections are shared out. *place*: its own among the processes."""

    def __init__(self, config: uvicorn.Config, place: int) -> None:
        super().__init__(config)
        self._place = place

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        SHARES.tell(self._place, 0)
        for sock in sockets or ():
            listener: Any = Listener(sock, self._connected, self._ahead, self.config.ssl)
            self.servers.append(listener)

    def _connected(self) -> Protocol:
        return Protocol(self.config, self.server_state, self.lifespan.state)

    def _ahead(self) -> bool:
        connections = len(self.server_state.connections)
        SHARES.tell(self._place, connections)
        return connections > SHARES.fewest()


class Worker(UvicornWorker):  # type: ignore[misc]
    """One web process. The address of a client behind a proxy on this machine is the one that the proxy names."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",
        "http": Protocol,
        "ws": "none",
        "lifespan": "on",
        "access_log": False,
        "server_header": False,
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        # Before gunicorn's own patience ends, which would kill us with commands on the way.
        self.config.timeout_graceful_shutdown = max(1, self.cfg.graceful_timeout - 2)

    async def _serve(self) -> None:
        """As uvicorn's, with a Server."""
        self.config.app = self.wsgi
        server = Server(self.config, self.age)
        self._install_sigquit_handler()
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)
