"""A lean load generator over HTTP/1.1 with keep-alive, in a process of its own."""

import asyncio
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
import uvloop

from benchmarks.figures import percentile

APART_SECONDS = 0.005
MARK = "@" * 16


class Load(msgspec.Struct, frozen=True):
    """What to send: chains of requests, each chain by one client, one request after the answer to the one before.

    Without *rate* every client sends as soon as it has its answer. With it requests fall due at random, *rate* a
    second on average, and wait where no client is free: their time counts from when they were due.
    *marked* sends the first chain again and again, with something new of the same length for each MARK in it;
    *again* starts over when the chains are through. Only answers with the status *expected* count. *keep* is how many
    orders from answers to give back.
    """

    port: int
    chains: list[list[str]]
    expected: int
    clients: int = 32
    seconds: float = 5.0
    rate: float | None = None
    marked: bool = False
    again: bool = False
    keep: int = 0


class Line(msgspec.Struct, frozen=True):
    id: str


class Placed(msgspec.Struct, frozen=True):
    """As much of an order as the next commands need."""

    id: str
    version: int
    items: list[Line]


class Outcome(msgspec.Struct, frozen=True):
    """What came of it. Times are milliseconds.

    *short*: the chains did not last. *unanswered*: due at the end, and not even sent. *refusal*: the first one's body.
    """

    seconds: float
    count: int
    failed: int
    p50: float
    p99: float
    statuses: dict[str, int]
    cpu: float
    short: bool = False
    lost_connections: int = 0
    unanswered: int = 0
    refusal: str | None = None
    orders: list[Placed] = []

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def request(method: str, path: str, key: str, body: str = "", **headers: str) -> str:
    """The text of a request with the API key *key*, or without one."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"Authorization: Bearer {key}"] if key else []
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def run(load: Load) -> Outcome:
    """Does *load* in a new process and comes back with what came of it."""
    with tempfile.TemporaryDirectory() as directory:
        # Files, not pipes: nobody shall be busy with reading while the load runs.
        plan, outcome = Path(directory, "load.json"), Path(directory, "outcome.json")
        plan.write_bytes(msgspec.json.encode(load))
        command = [sys.executable, "-m", "benchmarks.load", str(plan), str(outcome)]
        subprocess.run(command, check=True, cwd=Path(__file__).parent.parent)
        return msgspec.json.decode(outcome.read_bytes(), type=Outcome)


def main(plan: str, outcome: str) -> None:
    load = msgspec.json.decode(Path(plan).read_bytes(), type=Load)
    Path(outcome).write_bytes(msgspec.json.encode(uvloop.run(_outcome(load))))


async def _outcome(load: Load) -> Outcome:
    return await Run(load).outcome()


class Run:
    """One load while it runs: hands requests to clients and takes down what they bring back."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.running = True
        self._loop = asyncio.get_running_loop()
        self._over = self._loop.create_future()
        self._chains = _marked(load) if load.marked else _plain(load)
        self._expected = b"%d" % load.expected
        self._took: list[float] = []
        self._statuses: Counter[bytes] = Counter()
        self._kept: list[bytes] = []
        self._refusal: bytes | None = None
        self._due: deque[float] = deque()
        self._idle: deque[Client] = deque()
        self._lost = 0
        self._short = False
        self._replacing: set[asyncio.Task[None]] = set()

    async def outcome(self) -> Outcome:
        clients = [await self._arriving() for _ in range(self.load.clients)]
        cpu, began = time.process_time(), time.perf_counter()
        timer = self._loop.call_later(self.load.seconds, self.stop)
        if self.load.rate is None:
            for client in clients:
                client.begin(time.perf_counter())
        else:
            self._idle.extend(clients)
            self._pace(random.Random(1), began)
        await self._over
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        timer.cancel()
        return self._told(seconds, cpu)

    async def _arriving(self) -> "Client":
        """Tills are not switched on within a millisecond of each other; then one web process would take them all."""
        await asyncio.sleep(APART_SECONDS)
        return await self._connect()

    async def _connect(self) -> "Client":
        _, client = await self._loop.create_connection(lambda: Client(self), "127.0.0.1", self.load.port)
        return client

    def stop(self) -> None:
        self.running = False
        if not self._over.done():
            self._over.set_result(None)

    def next_chain(self) -> Iterator[bytes] | None:
        """The next chain, or None: then the run is over."""
        chain = next(self._chains, None)
        if chain is None:
            self._short = True
            self.stop()
        return chain

    def _pace(self, chance: random.Random, due: float) -> None:
        """Lets every request fall due whose moment has come, and sleeps until the next one's."""
        now = time.perf_counter()
        while due <= now:
            if self._idle:
                self._idle.popleft().begin(due)
            else:
                self._due.append(due)
            due += chance.expovariate(self.load.rate or 1)
        if self.running:
            # uvloop rounds to milliseconds, and rounded to nothing it would spin.
            self._loop.call_later(max(due - now, 0.001), self._pace, chance, due)

    def answered(self, client: "Client", status: bytes, body: bytes, since: float) -> None:
        """Takes down one answer and gives *client* its next request."""
        if not self.running:
            return
        now = time.perf_counter()
        self._took.append(now - since)
        self._statuses[status] += 1
        if status != self._expected:
            self._refusal = self._refusal or body
        elif len(self._kept) < self.load.keep:
            self._kept.append(body)
        if self.load.rate is None:
            client.begin(now)
        elif self._due:
            client.begin(self._due.popleft())
        else:
            self._idle.append(client)

    def lost(self) -> None:
        """A connection went while the run was on: counted, and replaced where clients send without pause."""
        if self.running:
            self._lost += 1
            task = self._loop.create_task(self._replace())
            self._replacing.add(task)
            task.add_done_callback(self._replacing.discard)

    async def _replace(self) -> None:
        client = await self._connect()
        if self.load.rate is None:
            client.begin(time.perf_counter())
        else:
            self._idle.append(client)

    def _told(self, seconds: float, cpu: float) -> Outcome:
        took = sorted(self._took) or [0.0]
        return Outcome(
            seconds=seconds,
            count=self._statuses[self._expected],
            failed=self._statuses.total() - self._statuses[self._expected],
            p50=percentile(took, 0.5) * 1000,
            p99=percentile(took, 0.99) * 1000,
            statuses={status.decode(): count for status, count in self._statuses.items()},
            cpu=cpu,
            short=self._short,
            lost_connections=self._lost,
            unanswered=len(self._due),
            refusal=self._refusal.decode(errors="replace") if self._refusal else None,
            orders=[msgspec.json.decode(body, type=Placed) for body in self._kept],
        )


class Client(asyncio.Protocol):
    """One keep-alive connection with one request under way at a time."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._chain: Iterator[bytes] = iter(())
        self._since = 0.0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are transports by behaviour only

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.lost()

    def begin(self, since: float) -> None:
        """Sends the next request of the chain, or the first of the next one."""
        request = next(self._chain, None)
        while request is None:
            chain = self._run.next_chain()
            if chain is None:
                return
            self._chain = chain
            request = next(chain, None)
        self._since = since
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        end = data.find(b"\r\n\r\n") + 4
        if end < 4 or len(data) < end + _length(data[:end]):
            self._buffer = data
            return
        self._buffer = b""
        self._run.answered(self, data[9:12], data[end:], self._since)


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    if found:
        return int(rest[: rest.index(b"\r")])
    if head[9:12] in (b"304", b"204"):
        return 0
    raise ValueError(f"an answer without Content-Length: {head!r}")


def _plain(load: Load) -> Iterator[Iterator[bytes]]:
    """Encoded before the first is due: thousands of requests take a while."""
    chains = [[text.encode() for text in chain] for chain in load.chains]
    times = itertools.count() if load.again else range(1)
    return (iter(chain) for _ in times for chain in chains)


def _marked(load: Load) -> Iterator[Iterator[bytes]]:
    parts = load.chains[0][0].encode().split(MARK.encode())
    # Another run with the same marks would only be answered what the first one was.
    prefix = os.urandom(4).hex().encode()
    width = len(MARK) - len(prefix)
    for number in itertools.count(1):
        yield iter(((b"%b%0*d" % (prefix, width, number)).join(parts),))


if __name__ == "__main__":
    main(*sys.argv[1:])
