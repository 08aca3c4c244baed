"""The connection under a stream, as far as the server lets us at it: what a client that stalls may hold, and an end."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

Receive = Callable[[], Awaitable[Any]]

# The kernel doubles it. By itself it would let a stalled client have 4 MB.
SEND_BUFFER_BYTES = 64 * 1024
# On, for no time: what waits in the kernel goes as well, which would otherwise keep it for minutes.
NO_LINGERING = struct.pack("ii", 1, 0)


class Connection:
    """Of the request that is being answered by the current task.

    uvicorn's `receive` leads to its transport. Where another server's does not, the task's end has to do.
    """

    def __init__(self, receive: Receive) -> None:
        self._task = asyncio.current_task()
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        self._transport: Any = transport if hasattr(transport, "abort") else None

    def bound(self) -> None:
        """Let the kernel hold no more than SEND_BUFFER_BYTES, doubled, for this client."""
        self._set(socket.SO_SNDBUF, SEND_BUFFER_BYTES)

    def abort(self) -> None:
        """End it at once, with whatever waits to be sent."""
        if self._transport is not None:
            self._set(socket.SO_LINGER, NO_LINGERING)
            # Whoever waits for the client to take something is told that it has gone.
            self._transport.abort()
        elif self._task is not None:
            self._task.cancel()

    def _set(self, option: int, value: int | bytes) -> None:
        if self._transport is None:
            return
        with suppress(OSError, AttributeError):
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, option, value)
