"""The body of an answer that does not end: what its watcher is sent, until either side leaves."""

import asyncio

from web.live.hub import Hub
from web.live.sockets import Receive
from web.live.watcher import Watcher


class Stream:
    """Falcon iterates over it. It notices at once that its client has left."""

    __slots__ = ("_first", "_hub", "_leaving", "_watcher")

    def __init__(self, hub: Hub, watcher: Watcher, first: bytes, receive: Receive) -> None:
        self._hub = hub
        self._watcher = watcher
        self._first: bytes | None = first
        self._leaving = asyncio.create_task(_left(receive))
        self._leaving.add_done_callback(self._end)

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return await self._watcher.taken()

    async def close(self) -> None:
        """Nothing of it is kept."""
        self._hub.leave(self._watcher)
        self._leaving.cancel()

    def _end(self, _leaving: "asyncio.Task[None]") -> None:
        """What waits is of no use, and nothing more is to come."""
        self._hub.leave(self._watcher)
        self._watcher.end()


async def _left(receive: Receive) -> None:
    """Returns when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
