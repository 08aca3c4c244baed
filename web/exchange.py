"""One request on a connection and its answer: uvicorn's, but that an answer which is ready leaves in one piece."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

BODILESS = frozenset({204, 304})
# All that could end a header, or be taken for its end (RFC 9110 §5.5); a tab may stand in a value.
CONTROLS = bytes({*range(32), 127} - {ord("\t")})


class Exchange(RequestResponseCycle):
    """The head of an answer waits for its body where it says how long that is: both are one write, and one segment.

    A stream cannot say, so its head leaves at once; uvicorn does that, and all that is not plain.
    """

    _head: Any = None
    _length: int | None = None

    async def send(self, message: Any) -> None:
        """Raises RuntimeError for a message out of turn, a body of another length, or a header that may be two."""
        head, self._head = self._head, None
        if message["type"] == "http.response.start" and not self.response_started:
            self._length = self._promised(message)
            if self._length is not None:
                self._head = message
                return
        elif head is not None:
            body = message.get("body", b"")
            if len(body) == self._length and not message.get("more_body", False):
                await self._answer(head, body)
                return
            await super().send(head)
        await super().send(message)

    def _promised(self, head: Any) -> int | None:
        """How many bytes of a body *head* announces; None where it does not tell, or tells more than uvicorn knows."""
        if head["status"] in BODILESS or self.scope["method"] == "HEAD":
            return 0
        said = dict(head["headers"])
        return int(said[b"content-length"]) if b"content-length" in said and b"connection" not in said else None

    async def _answer(self, head: Any, body: bytes) -> None:
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        headers = [*self.default_headers, *head["headers"]]
        if not self.keep_alive:
            headers.append((b"connection", b"close"))
        self.transport.write(b"%b%b\r\n\r\n%b" % (STATUS_LINE[head["status"]], written(headers), body))
        self.response_started = self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def written(headers: list[tuple[bytes, bytes]]) -> bytes:
    """*headers* as lines. Raises RuntimeError where a name or a value could end its line."""
    lines = b"\r\n".join(map(b": ".join, headers))
    # One look at all of them, where a look at each costs more than the rest: no control characters but our line ends.
    if len(lines) - len(lines.translate(None, CONTROLS)) != 2 * (len(headers) - 1):
        raise RuntimeError("Invalid HTTP header.")
    return lines
