"""Connections are shared out between web processes, and none is left waiting."""

import asyncio
import contextlib
import itertools
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from http.client import HTTPConnection

import pytest
import structlog
import uvloop

from web.listener import Listener, Shares
from workflow.embedded.server import free_port

SECONDS = 20


class Guest(asyncio.Protocol):
    """A connection that was let in at a *door*, which is told in *arrivals*."""

    def __init__(self, door, arrivals):
        self._door, self._arrivals = door, arrivals

    def connection_made(self, transport):
        self._door.append(transport)
        self._arrivals.put_nowait(self)


class House:
    """One socket with several listeners, each with the connections that it has let in; the *busy* never look up."""

    def __init__(self, count, busy=()):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._doors = [[] for _ in range(count)]
        self.arrivals = asyncio.Queue()
        # What a fork would leave each with: a file descriptor of its own for the same socket.
        self._others = [self._socket.dup() for _ in range(count)]
        self._listeners = [self._listener(place) for place in range(count) if place not in busy]

    @property
    def inside(self):
        return list(map(len, self._doors))

    def arrive(self):
        self._others.append(socket.create_connection(self._socket.getsockname()))

    def close(self):
        for each in (*self._listeners, *itertools.chain(*self._doors), *self._others, self._socket):
            each.close()

    def _listener(self, place):
        door = self._doors[place]
        ahead = partial(self._ahead, door)
        return Listener(self._others[place], partial(Guest, door, self.arrivals), ahead, recovery_seconds=0.01)

    def _ahead(self, door):
        return len(door) > min(self.inside)


def taken(count, visitors, *, busy=(), one_by_one=True):
    """How many of the *visitors* each of *count* listeners lets in."""

    async def play():
        async with asyncio.timeout(SECONDS):
            with contextlib.closing(House(count, busy)) as house:
                for _ in range(visitors):
                    house.arrive()
                    if one_by_one:
                        await house.arrivals.get()
                if not one_by_one:
                    for _ in range(visitors):
                        await house.arrivals.get()
                return house.inside

    return uvloop.run(play())


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_takes_its_share(count):
    assert taken(count, 30) == [30 // count] * count


def test_a_crowd_is_let_in_by_all():
    assert min(taken(2, 90, one_by_one=False)) > 20


def test_nobody_waits_for_a_process_that_does_not_look_up():
    assert taken(2, 20, busy=[0]) == [0, 20]


def test_a_listener_without_file_descriptors_recovers():
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def starve():
        with contextlib.closing(House(1)) as house, structlog.testing.capture_logs() as said:
            house.arrive()
            os.close(first_free := os.dup(0))
            resource.setrlimit(resource.RLIMIT_NOFILE, (first_free, limits[1]))
            try:
                async with asyncio.timeout(SECONDS):
                    while not said:
                        await asyncio.sleep(0)
                assert house.inside == [0]
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            async with asyncio.timeout(SECONDS):
                await house.arrivals.get()
            assert said[0]["event"] == "connection.not_accepted"

    uvloop.run(starve())


def test_a_process_that_is_gone_has_no_share():
    shares = Shares()
    told, telling = os.pipe()
    child = os.fork()
    if not child:
        shares.tell(1, 3)
        os.write(telling, b"!")
        signal.pause()
    os.read(told, 1)
    shares.tell(2, 5)
    assert shares.fewest() == 3

    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    assert shares.fewest() == 5


@pytest.fixture
def two_processes(tmp_path):
    port = free_port()
    words = ["--worker-class=web.worker.Worker", "--workers=2", f"--bind=127.0.0.1:{port}", "--no-control-socket"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "gunicorn", *words, "tests.web.who:app"], stderr=log)
    yield port
    server.terminate()
    assert server.wait(SECONDS) == 0


def test_two_web_processes_share_their_clients(two_processes):
    deadline, both = time.monotonic() + SECONDS, set()
    while len(both) < 2:
        assert time.monotonic() < deadline
        with contextlib.suppress(OSError), client(two_processes) as early:
            both.add(asked(early))

    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(client(two_processes)) for _ in range(30)]
        for each in clients:
            each.connect()
        # Not quite half each where one of them had to wait for a processor.
        assert min(Counter(map(asked, clients)).values()) >= 12


def client(port):
    return contextlib.closing(HTTPConnection("127.0.0.1", port))


def asked(client):
    client.request("GET", "/")
    return client.getresponse().read()
