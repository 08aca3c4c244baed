"""The web process: uvicorn under gunicorn, on uvloop and httptools (docs/adr/0003)."""

from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker

from web.connection import Connection


class Worker(UvicornWorker):  # type: ignore[misc]
    """One web process. The address of a client behind a proxy on this machine is the one that the proxy names."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",
        "http": Connection,
        "ws": "none",
        "lifespan": "on",
        "access_log": False,
        "server_header": False,
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        # Before gunicorn's own patience ends, which would kill us with commands on the way.
        self.config.timeout_graceful_shutdown = max(1, self.cfg.graceful_timeout - 2)
