"""One line a request, written some at a time: a system call each would cost more than the line itself."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

import msgspec
from msgspec import UNSET, UnsetType

from web.context import Request, Response
from workflow import logs

HELD_BACK_SECONDS = 0.2
SECRET_IN_PATH = "{token}"


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A request that was served. The lines are those of the other logs, which structlog takes ten times as long for."""

    method: str
    path: str
    status: int
    ms: float
    request_id: str
    key: str | UnsetType = UNSET
    traceparent: str | UnsetType = UNSET
    event: str = "request.served"
    timestamp: datetime


class Lines:
    """Gathers lines, and writes them HELD_BACK_SECONDS later at the latest: together they are spelt faster as well."""

    def __init__(self, stream: TextIO, spelt: Callable[[list[Line]], str]) -> None:
        self._stream = stream
        self._spelt = spelt
        self._lines: list[Line] = []

    def add(self, line: Line) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(HELD_BACK_SECONDS, self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            self._stream.write(self._spelt(lines))
            self._stream.flush()


class AccessLog:
    """What was asked, by whom, and how it was answered; never a key, a token or a query string."""

    def __init__(self, *, as_json: bool, wanted: bool = True, stream: TextIO = logs.STDERR) -> None:
        self._wanted = wanted
        self._lines = Lines(stream, _json if as_json else _words)

    def served(self, req: Request, resp: Response, seconds: float) -> None:
        if not self._wanted:
            return
        context = req.context
        line = Line(
            method=req.scope["method"],
            path=shown_path(req),
            status=resp.status_code,
            ms=round(seconds * 1000, 2),
            request_id=context.request_id,
            key=context.principal.key_id if context.principal else UNSET,
            traceparent=context.traceparent or UNSET,
            timestamp=datetime.now(UTC),
        )
        self._lines.add(line)

    def flush(self) -> None:
        self._lines.flush()


def shown_path(req: Request) -> str:
    """The path, but for one that carries a secret, of which only the template is shown; so for what has none."""
    template = req.uri_template
    if template is None:
        return "(unknown)"
    # A space or a control character could make one line look like two.
    plain = req.path.isprintable() and " " not in req.path
    return req.path if plain and SECRET_IN_PATH not in template else template


def _json(lines: list[Line]) -> str:
    return msgspec.json.Encoder().encode_lines(lines).decode()


def _words(lines: list[Line]) -> str:
    return "".join(map(_in_words, lines))


def _in_words(line: Line) -> str:
    at = msgspec.to_builtins(line.timestamp)
    key = f" key={line.key}" if line.key else ""
    trace = f" traceparent={line.traceparent}" if line.traceparent else ""
    return (
        f"{at} {line.event} method={line.method} path={line.path} status={line.status} ms={line.ms} "
        f"request_id={line.request_id}{key}{trace}\n"
    )
