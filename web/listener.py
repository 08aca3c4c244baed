"""New connections go to the web process that has the fewest.

Processes that listen on one socket race for each connection, and one of them wins most: of 32 tills it had 22, so that
it was busy while the other waited. Here the one that is ahead lets the others go first, for a millisecond.
"""

import asyncio
import errno
import os
import socket
import struct
from collections.abc import Callable
from mmap import mmap
from ssl import SSLContext
from typing import Any

import structlog

PATIENCE_SECONDS = 0.001
# What asyncio, too, takes for a lack of descriptors or memory, which it gives a second to pass.
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
RECOVERY_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Shares:
    """How many connections each process has, in memory that they share from before they were forked."""

    ENTRY = struct.Struct("ii")
    MOST = 64

    def __init__(self) -> None:
        self._memory = mmap(-1, self.ENTRY.size * self.MOST)

    def tell(self, place: int, connections: int) -> None:
        """This process has so many. *place* is its own; should another be given the same one, they race as ever."""
        self.ENTRY.pack_into(self._memory, place % self.MOST * self.ENTRY.size, os.getpid(), connections)

    def fewest(self) -> int:
        """How many the process has that has the fewest."""
        entries = self.ENTRY.iter_unpack(self._memory)
        return min((connections for pid, connections in entries if _lives(pid)), default=0)


class Listener:
    """For one listening socket what a server of the loop is to uvicorn. *ahead*: whether others should go first."""

    def __init__(
        self,
        sock: socket.socket,
        connected: Callable[[], asyncio.Protocol],
        ahead: Callable[[], bool],
        ssl: SSLContext | None = None,
        *,
        recovery_seconds: float = RECOVERY_SECONDS,
    ) -> None:
        self._socket = sock
        self._connected = connected
        self._ahead = ahead
        self._ssl = ssl
        self._recovery_seconds = recovery_seconds
        self._loop = asyncio.get_running_loop()
        self._arriving: set[asyncio.Task[Any]] = set()
        self._pause: asyncio.TimerHandle | None = None
        sock.setblocking(False)
        self._listen()

    def close(self) -> None:
        self._loop.remove_reader(self._socket)
        if self._pause:
            self._pause.cancel()

    async def wait_closed(self) -> None:
        await asyncio.gather(*self._arriving, return_exceptions=True)

    def _listen(self) -> None:
        self._loop.add_reader(self._socket, self._knocked)

    def _knocked(self) -> None:
        if self._ahead():
            self._look_again_after(PATIENCE_SECONDS)
        else:
            self._accept()

    def _look_again_after(self, seconds: float) -> None:
        self._loop.remove_reader(self._socket)
        self._pause = self._loop.call_later(seconds, self._look_again)

    def _look_again(self) -> None:
        """Whoever still waits comes in here: the others are busy."""
        self._listen()
        self._accept()

    def _accept(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another process was quicker, or the client left
            return
        except OSError as failure:
            log.error("connection.not_accepted", error=str(failure))
            if failure.errno in EXHAUSTED:
                self._look_again_after(self._recovery_seconds)
            return
        task = self._loop.create_task(self._loop.connect_accepted_socket(self._connected, connection, ssl=self._ssl))
        self._arriving.add(task)
        task.add_done_callback(self._arrived)

    def _arrived(self, task: asyncio.Task[Any]) -> None:
        self._arriving.discard(task)
        if not task.cancelled() and (failure := task.exception()):
            log.info("connection.failed", error=str(failure))


def _lives(pid: int) -> bool:
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):  # what belongs to another user is none of ours
        return False
    return True
