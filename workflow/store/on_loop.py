"""PostgreSQL from an event loop, without a thread: nobody waits for the GIL, and the commit rides along."""

import asyncio
from collections.abc import Callable, Sequence

from psycopg import IsolationLevel

from workflow.failpoints import reach
from workflow.state_machine.model import Order
from workflow.store.batch import Batch, Foreseen, Result
from workflow.store.pipeline import COMMIT, Awaiting
from workflow.store.session import Session, Version
from workflow.store.spelling import Conversation, Found, Step, Told
from workflow.store.store import LOST, Store
from workflow.submissions import Submission


class Reader:
    """Carries out conversations that only read, one at a time, each step at one moment, on its own connection."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Awaiting | None = None

    async def converse(self, conversation: Callable[[], Conversation[Told]]) -> Told:
        """What *conversation* comes to. A connection that was lost meanwhile is replaced, once."""
        try:
            return await self._converse(conversation())
        except LOST:
            self.close()
            return await self._converse(conversation())

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    async def _converse(self, conversation: Conversation[Told]) -> Told:
        if self._connection is None:
            raw = await asyncio.to_thread(self._store.connection)
            raw.isolation_level = IsolationLevel.REPEATABLE_READ
            self._connection = Awaiting(raw)
        try:
            step = next(conversation)
            while True:
                found = await self._connection.exchange(step._replace(statements=[*step.statements, COMMIT]))
                step = conversation.send(found[:-1])
        except StopIteration as end:
            told: Told = end.value
            return told


class Writer:
    """Runs one batch at a time over a connection of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Awaiting | None = None
        self.foreseen: Foreseen | None = None

    async def run(self, submissions: Sequence[Submission]) -> list[Result]:
        """As Store.run, which takes over, in a thread, whatever fails here."""
        batch = self._store.batch(submissions)
        batch.foreseen = self.foreseen
        try:
            results = await self._converse(batch)
        except Exception as failure:  # the store finds out what became of the batch, and who is to blame
            self.close()
            return await asyncio.to_thread(self._store.recover, batch, failure)
        self._store.committed(batch)
        return results

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    async def _converse(self, batch: Batch) -> list[Result]:
        conversation = self._store.decided(batch)
        committed = False
        try:
            step = next(conversation)
            while True:
                found = await self._carry_out(step)
                committed = step.last
                step = conversation.send(found)
        except StopIteration as end:
            if not committed:
                await (await self._connected()).exchange(Step([COMMIT]))
            results: list[Result] = end.value
            return results

    async def _carry_out(self, step: Step) -> Found:
        connection = await self._connected()
        if not step.last:
            return await connection.exchange(step)
        reach("before_commit")
        found = await connection.exchange(step._replace(statements=[*step.statements, COMMIT]))
        reach("after_commit")
        return found[:-1]

    async def _connected(self) -> Awaiting:
        if self._connection is None:
            self._connection = Awaiting(await asyncio.to_thread(self._store.connection))
        return self._connection


class OnLoop:
    """A store as the engine uses it, over PostgreSQL."""

    def __init__(self, store: Store) -> None:
        self._session = Session(store.spelling)
        self.writer = Writer(store)
        self._readers = Reader(store), Reader(store)
        self.run = self.writer.run

    async def orders(self, ids: Sequence[str]) -> dict[str, Order]:
        return await self._readers[0].converse(lambda: self._session.orders(ids))

    async def versions(self, ids: Sequence[str]) -> dict[str, Version]:
        return await self._readers[1].converse(lambda: self._session.versions(ids))

    def close(self) -> None:
        self.writer.close()
        for reader in self._readers:
            reader.close()
