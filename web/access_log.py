"""One line a request, written some at a time: a system call each would cost more than the line itself."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec

from web.context import Request, Response

HELD_BACK_SECONDS = 0.2
SECRET_IN_PATH = "{token}"
SERVED = "request.served"


class Lines:
    """Gathers lines, and writes them HELD_BACK_SECONDS later at the latest."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: list[str] = []

    def add(self, line: str) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(HELD_BACK_SECONDS, self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            self._stream.write("\n".join(lines) + "\n")
            self._stream.flush()


class AccessLog:
    """What was asked, by whom, and how it was answered; never a key, a token or a query string.

    The lines are those of the other logs, written by hand: structlog's way to them takes four times as long.
    """

    def __init__(self, *, as_json: bool, wanted: bool = True, stream: TextIO = sys.stderr) -> None:
        self._wanted = wanted
        self._lines = Lines(stream)
        self._written = _json if as_json else _words

    def served(self, req: Request, resp: Response, seconds: float) -> None:
        if not self._wanted:
            return
        context = req.context
        told = {
            "method": req.method,
            "path": shown_path(req),
            "status": resp.status_code,
            "ms": round(seconds * 1000, 2),
            "request_id": context.request_id,
        }
        if context.principal:
            told["key"] = context.principal.key_id
        if context.traceparent:
            told["traceparent"] = context.traceparent
        self._lines.add(self._written(told, datetime.now(UTC).isoformat()[: -len("+00:00")] + "Z"))

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


def _json(told: dict[str, Any], at: str) -> str:
    return msgspec.json.encode({**told, "event": SERVED, "timestamp": at}).decode()


def _words(told: dict[str, Any], at: str) -> str:
    return " ".join([at, SERVED, *[f"{name}={value}" for name, value in told.items()]])
