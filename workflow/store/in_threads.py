"""SQLite from an event loop: its calls block, so each kind of them has a thread of its own."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from workflow.state_machine.model import Order
from workflow.store.batch import Result
from workflow.store.session import Version
from workflow.store.store import Store
from workflow.submissions import Submission

Returned = TypeVar("Returned")


class InThreads:
    """A store as the engine uses it, over SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = {
            name: ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("writer", "orders", "versions")
        }

    async def run(self, submissions: Sequence[Submission]) -> list[Result]:
        return await self._in("writer", self._store.run, submissions)

    async def orders(self, ids: Sequence[str]) -> dict[str, Order]:
        return await self._in("orders", self._read, self._store.orders, ids)

    async def versions(self, ids: Sequence[str]) -> dict[str, Version]:
        return await self._in("versions", self._read, self._store.versions, ids)

    def close(self) -> None:
        for threads in self._threads.values():
            threads.shutdown(wait=True)

    def _read(self, query: Callable[..., Returned], ids: Sequence[str]) -> Returned:
        with self._store.snapshot() as connection:
            return query(connection, ids)

    async def _in(self, name: str, work: Callable[..., Returned], *args: Any) -> Returned:
        return await asyncio.get_running_loop().run_in_executor(self._threads[name], work, *args)
