"""The asyncio face of the store: commands that arrive together are committed together."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import sqlalchemy as sa

from workflow.failpoints import reach
from workflow.refusals import DatabaseUnavailable, Overloaded
from workflow.state_machine.model import Order
from workflow.store.batch import Foreseen, Result
from workflow.store.in_threads import InThreads
from workflow.store.on_loop import OnLoop
from workflow.store.session import Version
from workflow.store.store import LOST, Store
from workflow.submissions import Outcome, Submission

Asked = TypeVar("Asked")
Told = TypeVar("Told")
Returned = TypeVar("Returned")
P = ParamSpec("P")

READERS = 4
PASSES = 10


@contextmanager
def _reached() -> Iterator[None]:
    """Raises DatabaseUnavailable where the database was lost meanwhile."""
    try:
        yield
    except LOST as failure:
        raise DatabaseUnavailable("The database does not answer.", retry_after_seconds=1) from failure


Work = Callable[[Sequence[Asked]], Awaitable[Sequence[Told | Exception]]]


class Gathering(Generic[Asked, Told]):
    """Hands what waits to its *work*, one batch at a time.

    No timer: at rest a batch is one; under load it grows by what arrives while the previous one is at work.
    """

    def __init__(self, work: Work[Asked, Told], *, limit: int, batch: int) -> None:
        self._work = work
        self._limit = limit
        self._batch = batch
        self._waiting: list[tuple[Asked, asyncio.Future[Told]]] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        """Finish what waits, then end."""
        self._stopping = True
        self._wake.set()
        if self._task:
            await self._task

    def ask(self, asked: Asked) -> asyncio.Future[Told]:
        """Raises Overloaded when too much waits already."""
        if len(self._waiting) >= self._limit:
            detail = f"{len(self._waiting)} commands are waiting already; try again shortly."
            raise Overloaded(detail, retry_after_seconds=1)
        future: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if not self._wake.is_set():
            self._wake.set()
        return future

    async def _serve(self) -> None:
        while self._waiting or not self._stopping:
            await self._wake.wait()
            await self._let_arrive()
            batch, self._waiting = self._waiting[: self._batch], self._waiting[self._batch :]
            if not self._waiting and not self._stopping:
                self._wake.clear()
            if batch:
                await self._answer(batch)

    async def _let_arrive(self) -> None:
        """Let those in whose requests are here already, but take the loop some passes to read; it costs one 50 µs."""
        quiet = 0
        while quiet < PASSES and len(self._waiting) < self._batch:
            seen = len(self._waiting)
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(self._waiting) == seen else 0

    async def _answer(self, batch: list[tuple[Asked, asyncio.Future[Told]]]) -> None:
        try:
            results = await self._work([asked for asked, _ in batch])
        except Exception as failure:  # each of them hears of it; the gathering goes on
            results = [failure] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)


class Engine:
    """Takes commands and questions on an event loop; what blocks works in threads behind it."""

    def __init__(self, store: Store, *, queue_limit: int = 2000, batch_limit: int = 64) -> None:
        self.store = store
        self._back = OnLoop(store) if store.dialect == "postgresql" else InThreads(store)
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._long_reads = ThreadPoolExecutor(1, thread_name_prefix="long reader")
        # Is told, on the loop, what each batch came to before those who asked for it are.
        self.told: Callable[[Sequence[Result]], None] | None = None
        self._writer = Gathering[Submission, Outcome](self._write, limit=queue_limit, batch=batch_limit)
        self._orders = Gathering[str, Order | None](self._read_orders, limit=queue_limit * 10, batch=256)
        self._versions = Gathering[str, Version | None](self._read_versions, limit=queue_limit * 10, batch=256)

    def foresee(self, foreseen: Foreseen) -> None:
        """Tell *foreseen* what a batch will have come to, while it is being committed and nobody needs the time."""
        if isinstance(self._back, OnLoop):
            self._back.writer.foreseen = foreseen

    async def start(self) -> None:
        for gathering in (self._writer, self._orders, self._versions):
            gathering.start()

    async def stop(self) -> None:
        """Commit and answer what was accepted, then let go of the database."""
        for gathering in (self._writer, self._orders, self._versions):
            await gathering.stop()
        self._back.close()
        self._pool.shutdown(wait=True)
        self._long_reads.shutdown(wait=True)
        self.store.close()

    async def execute(self, submission: Submission) -> Outcome:
        """Carry it out durably. Raises the Refusal that it met; Overloaded when too many wait."""
        outcome = await self._writer.ask(submission)
        reach("before_answer")
        return outcome

    async def order(self, order_id: str) -> Order | None:
        return await self._orders.ask(order_id)

    async def version(self, order_id: str) -> Version | None:
        return await self._versions.ask(order_id)

    async def read(
        self,
        function: Callable[Concatenate[sa.Connection, P], Returned],
        *args: P.args,
        **named: P.kwargs,
    ) -> Returned:
        """What *function* of a connection returns, run in the read pool, all of it at one moment."""
        return await self._in_pool(lambda: self._with(self.store.snapshot, function, args, named))

    async def read_long(
        self,
        function: Callable[Concatenate[sa.Connection, P], Returned],
        *args: P.args,
        **named: P.kwargs,
    ) -> Returned:
        """The same for what takes seconds, one at a time: short questions must not wait for it."""
        work = partial(self._with, self.store.snapshot, function, args, named)
        return await asyncio.get_running_loop().run_in_executor(self._long_reads, work)

    async def write(
        self,
        function: Callable[Concatenate[sa.Connection, P], Returned],
        *args: P.args,
        **named: P.kwargs,
    ) -> Returned:
        """The same in a transaction of its own; for set-up data, not for orders."""
        return await self._in_pool(lambda: self._with(self.store.writing, function, args, named))

    async def _in_pool(self, work: Callable[[], Returned]) -> Returned:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _with(self, opening: Any, function: Callable[..., Returned], args: Any, named: Any) -> Returned:
        with _reached(), opening() as connection:
            return function(connection, *args, **named)

    async def _write(self, submissions: Sequence[Submission]) -> list[Result]:
        results = await self._back.run(submissions)
        if self.told is not None:
            self.told(results)
        return results

    async def _read_orders(self, ids: Sequence[str]) -> list[Order | Exception | None]:
        with _reached():
            found = await self._back.orders(ids)
        return [found.get(order_id) for order_id in ids]

    async def _read_versions(self, ids: Sequence[str]) -> list[Version | Exception | None]:
        with _reached():
            found = await self._back.versions(ids)
        return [found.get(order_id) for order_id in ids]
