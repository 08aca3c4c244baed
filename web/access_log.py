"""One line a request, written some at a time: a system call each would cost more than the line itself."""

import asyncio
import sys
from typing import Any, TextIO

import msgspec
import structlog

from web.context import Request, Response

HELD_BACK_SECONDS = 0.2
SECRET_IN_PATH = "{token}"


class Lines:
    """A structlog logger that gathers lines, and writes them HELD_BACK_SECONDS later at the latest."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: list[str] = []

    def info(self, line: str) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(HELD_BACK_SECONDS, self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            self._stream.write("\n".join(lines) + "\n")
            self._stream.flush()


class AccessLog:
    """What was asked, by whom, and how it was answered; never a key, a token or a query string."""

    def __init__(self, *, as_json: bool, wanted: bool = True, stream: TextIO = sys.stderr) -> None:
        self._wanted = wanted
        self._lines = Lines(stream)
        self._log = structlog.wrap_logger(
            self._lines,
            processors=[structlog.processors.TimeStamper(fmt="iso"), _json if as_json else _words],
            wrapper_class=structlog.BoundLoggerBase,
        )

    def served(self, req: Request, resp: Response, seconds: float) -> None:
        if not self._wanted:
            return
        told: dict[str, Any] = {
            "method": req.method,
            "path": shown_path(req),
            "status": resp.status_code,
            "ms": round(seconds * 1000, 2),
            "request_id": req.context.request_id,
        }
        if req.context.principal:
            told["key"] = req.context.principal.key_id
        if req.context.traceparent:
            told["traceparent"] = req.context.traceparent
        self._log._proxy_to_logger("info", "request.served", **told)

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


def _json(_logger: Any, _name: str, event: Any) -> str:
    return msgspec.json.encode(event).decode()


def _words(_logger: Any, _name: str, event: Any) -> str:
    return " ".join((event.pop("timestamp"), event.pop("event"), *(f"{name}={value}" for name, value in event.items())))
