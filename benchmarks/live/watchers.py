"""Open streams, in a process of its own that does nothing but read them."""

import gc
import multiprocessing
import select
import socket
import time
from collections.abc import Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.load import request

PATIENCE = 60.0
AT_ONCE = 100
CHANGED = b"event: order\n"
BEGUN = b"event: beat\n"


class Watchers:
    """So many streams that are open, each at one of the addresses."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def seen(self, wanted: int, seconds: float = 10.0) -> list[tuple[int, float]]:
        """Which streams had an order, and when by the monotonic clock, once *wanted* have; fewer if it takes longer."""
        end = time.monotonic() + seconds
        found: list[tuple[int, float]] = []
        while len(found) < wanted and self._pipe.poll(max(0, end - time.monotonic())):
            found += self._pipe.recv()
        return found

    def forget(self) -> None:
        """Whatever was seen up to now."""
        while self._pipe.poll(0.2):
            self._pipe.recv()


@contextmanager
def watching(port: int, streams: Sequence[tuple[str, str]]) -> Any:
    """`Watchers` of *streams*, addresses with a key, once each of them has had all that it begins with."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_watch, args=(port, [request("GET", *stream) for stream in streams], theirs))
    process.start()
    theirs.close()
    try:
        if not ours.poll(PATIENCE) or ours.recv() != len(streams):
            raise RuntimeError("The streams could not all be opened.")
        yield Watchers(ours)
    finally:
        process.terminate()
        process.join()
        process.close()
        ours.close()


def _watch(port: int, requests: Sequence[str], pipe: Connection) -> None:
    gc.disable()
    epoll, sockets = select.epoll(), {}
    begun: set[int] = set()
    for first in range(0, len(requests), AT_ONCE):
        for number, text in enumerate(requests[first : first + AT_ONCE], start=first):
            one = socket.create_connection(("127.0.0.1", port))
            one.sendall(text.encode())
            one.setblocking(False)
            sockets[one.fileno()] = number, one
            epoll.register(one.fileno(), select.EPOLLIN)
        while len(begun) < min(first + AT_ONCE, len(requests)):
            begun |= {number for number, text in _arrived(epoll, sockets) if BEGUN in text}
    pipe.send(len(begun))
    while True:
        seen = [
            (number, at) for number, text in _arrived(epoll, sockets) for at in [time.monotonic()] if CHANGED in text
        ]
        if seen:
            pipe.send(seen)


def _arrived(epoll: select.epoll, sockets: dict[int, tuple[int, socket.socket]]) -> Any:
    """What each stream has, with its number, as soon as it is read."""
    for descriptor, _ in epoll.poll(PATIENCE):
        number, one = sockets[descriptor]
        text = one.recv(65536)
        if not text:
            raise RuntimeError(f"Stream {number} has ended.")
        yield number, text
