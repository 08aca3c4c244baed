"""HTTP/1.1 on one connection, on httptools, inside uvicorn's server."""

import asyncio
import logging
from collections import deque
from typing import Any, cast
from urllib.parse import unquote

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from web.exchange import CLOSE, Exchange, lines
from web.live import LEAVING

HEAD_LIMIT_BYTES = 64 * 1024

_log = logging.getLogger("uvicorn.error")


class Connection(asyncio.Protocol):
    """What uvicorn's own protocol does, less what we do not use, such as WebSockets, at less cost (docs/adr/0003).

    A request's head is bounded: nobody makes us remember endless headers. When the server stops, its streams end: they
    would hold up the stop for as long as anybody listens.
    """

    transport: asyncio.Transport

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._app = config.loaded_app
        self._state = server_state
        self._app_state = app_state
        self._loop = _loop or asyncio.get_running_loop()
        self._patience = config.timeout_keep_alive
        self._resting_since: float | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._parser: Any = httptools.HttpRequestParser(self)
        # What follows a request that is the last one is no reason to leave that one without its answer.
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        # What is being answered, what was asked meanwhile and waits for its turn, and the last that was asked.
        self._current: Exchange | None = None
        self._waiting: deque[Exchange] = deque()
        self._latest: Exchange | None = None
        self._head: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are no asyncio.Transport by name.
        self.transport = cast(asyncio.Transport, transport)
        self._flow = FlowControl(self.transport)
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "server": get_local_addr(self.transport),
            "client": get_remote_addr(self.transport),
            "scheme": "https" if is_ssl(self.transport) else "http",
            "root_path": "",
        }
        self._state.connections.add(self)  # type: ignore[arg-type]

    def connection_lost(self, exc: Exception | None) -> None:
        self._state.connections.discard(self)
        for exchange in (self._current, *self._waiting):
            if exchange is not None:
                exchange.lose()
        self._flow.resume_writing()
        if self._rest is not None:
            self._rest.cancel()
        # They know us; nobody shall have to wait for the collector.
        self._parser = self._current = self._latest = None
        self._waiting.clear()

    def pause_writing(self) -> None:
        self._flow.pause_writing()

    def resume_writing(self) -> None:
        self._flow.resume_writing()

    def data_received(self, data: bytes) -> None:
        self._resting_since = None
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # We know of nothing better than HTTP/1.1, and answer in it.
        except httptools.HttpParserError:
            self._refuse("Invalid HTTP request received.")
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD_LIMIT_BYTES and not self.transport.is_closing():
                self._refuse(f"A request's line and headers may have {HEAD_LIMIT_BYTES} bytes.")

    def shutdown(self) -> None:
        """The server stops: what has begun is answered first."""
        if self._latest is None or self._latest.answered:
            self.transport.close()
        else:
            self._latest.keep_alive = False
        if end_streams := self._app_state.get(LEAVING):
            end_streams()

    def on_message_begin(self) -> None:
        self._head = 0
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._hesitates = False

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self._hesitates = True
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._head = None
        url, version = httptools.parse_url(self._url), self._parser.get_http_version()
        path = url.path.decode("ascii")
        scope = {
            **self._scope,
            "method": self._parser.get_method().decode("ascii"),
            "http_version": version,
            "path": unquote(path) if "%" in path else path,
            "raw_path": url.path,
            "query_string": url.query or b"",
            "headers": self._headers,
            "state": self._app_state.copy(),
        }
        keep_alive = version != "1.0" and self._parser.should_keep_alive()
        exchange = Exchange(
            scope, self.transport, self._flow, state=self._state, keep_alive=keep_alive, then=self._answered
        )
        exchange.hesitates = self._hesitates
        self._latest = exchange
        if self._current is None:
            self._begin(exchange)
        else:
            self._flow.pause_reading()
            self._waiting.append(exchange)

    def on_body(self, body: bytes) -> None:
        if self._latest is not None:
            self._latest.feed(body)

    def on_message_complete(self) -> None:
        if self._latest is not None:
            self._latest.fed()

    def _begin(self, exchange: Exchange) -> None:
        self._current = exchange
        exchange.task = self._loop.create_task(exchange.run(self._app))
        self._state.tasks.add(exchange.task)

    def _answered(self, exchange: Exchange) -> None:
        self._state.total_requests += 1
        self._current = None
        if not exchange.keep_alive:
            self.transport.close()
        if self.transport.is_closing():
            return
        self._flow.resume_reading()
        if self._waiting:
            self._begin(self._waiting.popleft())
            return
        self._resting_since = self._loop.time()
        if self._rest is None:
            # One timer a connection looks now and then: to set one for each request costs more than to read the clock.
            self._rest = self._loop.call_later(self._patience, self._look)

    def _look(self) -> None:
        """Close the connection if it has rested for long enough, and look again when it may have."""
        rested = 0.0 if self._resting_since is None else self._loop.time() - self._resting_since
        if rested >= self._patience:
            self.transport.close()
        else:
            self._rest = self._loop.call_later(self._patience - rested, self._look)

    def _refuse(self, why: str) -> None:
        _log.warning(why)
        headers = [
            *self._state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(why)),
            CLOSE,
        ]
        self.transport.write(b"%b%b\r\n\r\n%b" % (STATUS_LINE[400], lines(headers), why.encode()))
        self.transport.close()
