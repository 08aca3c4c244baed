"""One request on a connection and its answer, as ASGI has it: `receive` and `send`."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

CLOSE = (b"connection", b"close")
CHUNKED = (b"transfer-encoding", b"chunked")
FAILED = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"21"), CLOSE]
BODILESS = frozenset({204, 304})
# All that could end a header, or be taken for its end (RFC 9110 §5.5); a tab may stand in a value.
CONTROLS = bytes({*range(32), 127} - {ord("\t")})

_log = logging.getLogger("uvicorn.error")


class Exchange:
    """The head of an answer waits for the body whose length it says: both are one write, and wake the client once.

    A stream cannot say its length, so its head leaves at once.
    """

    #: Whether the client has its answer, or has left without it.
    answered = lost = False
    #: Whether it waits to be told that its body is welcome.
    hesitates = False
    task: "asyncio.Task[None] | None" = None

    # Of the request: what `receive` has not told yet, and what it waits for when it has told all.
    _body, _more, _news = b"", True, False
    _wake: asyncio.Event | None = None
    # Of the answer: whether it has begun and how much of it is due (None: whatever comes), the head that waits, and
    # whether anything has been written.
    _begun, _written = False, False
    _due: int | None = 0
    _head = b""

    def __init__(
        self,
        scope: dict[str, Any],
        transport: asyncio.Transport,
        flow: FlowControl,
        *,
        state: ServerState,
        keep_alive: bool,
        then: Callable[["Exchange"], None],
    ) -> None:
        """*then* is called when it is answered."""
        self.transport = transport
        self.keep_alive = keep_alive
        self._scope = scope
        self._flow = flow
        self._state = state
        self._then = then

    async def run(self, app: Any) -> None:
        """Let *app* answer. Where it does not, the client gets a 500, or sees the answer break off."""
        try:
            await app(self._scope, self.receive, self.send)
        except BaseException as failure:
            _log.error("The application failed.", exc_info=failure)
        finally:
            self._state.tasks.discard(self.task)
        if not self.answered and not self.lost:
            await self._break_off()

    def feed(self, body: bytes) -> None:
        """A part of the request's body has come."""
        if not self.answered:
            self._body += body
            if len(self._body) > HIGH_WATER_LIMIT:
                self._flow.pause_reading()
            self._tell()

    def fed(self) -> None:
        """All of it has come."""
        self._more = False
        self._tell()

    def lose(self) -> None:
        """The client has left."""
        self.lost = not self.answered
        self._tell()

    async def receive(self) -> dict[str, Any]:
        if self.hesitates and not self.transport.is_closing():
            self.hesitates = False
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._flow.resume_reading()
        while not self._news:
            self._wake = self._wake or asyncio.Event()
            self._wake.clear()
            await self._wake.wait()
        if self.lost or self.answered:
            return {"type": "http.disconnect"}
        body, self._body, self._news = self._body, b"", False
        return {"type": "http.request", "body": body, "more_body": self._more}

    async def send(self, message: Any) -> None:
        """Raises RuntimeError for a message out of turn, a body of another length, or a header that may be two."""
        if self._flow.write_paused and not self.lost:
            await self._flow.drain()
        if self.lost:
            return
        begins = message["type"] == "http.response.start"
        if self.answered or begins is self._begun:
            raise RuntimeError(f"{message['type']} is out of turn.")
        if begins:
            self._begin(message["status"], [*self._state.default_headers, *message["headers"]])
        else:
            self._go_on(message.get("body", b""), more=message.get("more_body", False))

    def _begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        said = dict(headers)
        if b"close" in said.get(b"connection", b""):
            self.keep_alive = False
        elif not self.keep_alive:
            headers.append(CLOSE)
        if status in BODILESS or self._scope["method"] == "HEAD":
            self._due = 0
        elif b"content-length" in said:
            self._due = int(said[b"content-length"])
        else:
            self._due = None
            headers.append(CHUNKED)
        self._head = b"%b%b\r\n\r\n" % (STATUS_LINE[status], lines(headers))
        self._begun, self.hesitates = True, False
        if self._due is None:
            self._write(b"")

    def _go_on(self, body: bytes, *, more: bool) -> None:
        if self._scope["method"] == "HEAD":
            body = b""
        if self._due is None:
            self._write(_chunk(body) if more else _chunk(body) + b"0\r\n\r\n")
        else:
            self._due -= len(body)
            if self._due < 0 or (self._due and not more):
                raise RuntimeError("The body is not as long as its head says.")
            self._write(body)
        if not more:
            self.answered = True
            self._tell()
            self._then(self)

    def _write(self, body: bytes) -> None:
        head, self._head = self._head, b""
        self._written = True
        self.transport.write(head + body)

    async def _break_off(self) -> None:
        _log.error("%s %s was not answered.", self._scope["method"], self._scope["path"])
        if self._written:
            self.transport.close()
            return
        self._begun = False
        await self.send({"type": "http.response.start", "status": 500, "headers": FAILED})
        await self.send({"type": "http.response.body", "body": b"Internal Server Error"})

    def _tell(self) -> None:
        self._news = True
        if self._wake is not None:
            self._wake.set()


def lines(headers: list[tuple[bytes, bytes]]) -> bytes:
    """*headers* as they are sent. Raises RuntimeError where a name or a value could end its line."""
    written = b"\r\n".join(map(b": ".join, headers))
    # One look at all of them, where a look at each costs more than the rest: no control characters but our line ends.
    if len(written) - len(written.translate(None, CONTROLS)) != 2 * (len(headers) - 1):
        raise RuntimeError("A header has a control character in it.")
    return written


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body) if body else b""
