"""The web process: uvicorn under gunicorn, on uvloop and httptools (docs/adr/0003)."""

from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn_worker import UvicornWorker

from web.live import LEAVING

HEAD_LIMIT_BYTES = 64 * 1024


class Protocol(HttpToolsProtocol):
    """A connection whose requests have a bounded head: nobody makes us remember endless headers.

    When the server stops, its stream ends with it: it would hold up the stop for as long as anybody listens.
    """

    _head: int | None = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD_LIMIT_BYTES and not self.transport.is_closing():
                self.send_400_response(f"A request's line and headers may have {HEAD_LIMIT_BYTES} bytes.")

    def shutdown(self) -> None:
        super().shutdown()
        if end_streams := self.app_state.get(LEAVING):
            end_streams()

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()


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
