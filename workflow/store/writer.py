"""Batches on PostgreSQL from an event loop, without a thread: nobody waits for the GIL, and the commit rides along."""

import asyncio
from collections.abc import Sequence

from workflow.failpoints import reach
from workflow.store.batch import Batch, Result, decided
from workflow.store.pipeline import COMMIT, Awaiting
from workflow.store.spelling import Found, Step
from workflow.store.store import Store
from workflow.submissions import Submission


class Writer:
    """Runs one batch at a time over connections of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._inside: Awaiting | None = None
        self._aside: Awaiting | None = None

    async def run(self, submissions: Sequence[Submission]) -> list[Result]:
        """As Store.run, which takes over, in a thread, whatever fails here."""
        batch = self._store.batch(submissions)
        try:
            return await self._converse(batch)
        except (
            Exception
        ) as failure:  # whatever it is: the store finds out what became of the batch, and who is to blame
            self.close()
            return await asyncio.to_thread(self._store.recover, batch, failure)

    def close(self) -> None:
        for connection in (self._inside, self._aside):
            if connection:
                connection.close()
        self._inside = self._aside = None

    async def _converse(self, batch: Batch) -> list[Result]:
        conversation = decided(self._store.spelling, batch)
        committed = False
        try:
            step = next(conversation)
            while True:
                found = await self._carry_out(step)
                committed = step.last
                step = conversation.send(found)
        except StopIteration as end:
            if not committed:
                await (await self._main()).exchange([COMMIT])
            results: list[Result] = end.value
            return results

    async def _carry_out(self, step: Step) -> Found:
        if step.aside:
            return await (await self._side()).exchange(step.statements)
        if not step.last:
            return await (await self._main()).exchange(step.statements)
        reach("before_commit")
        found = await (await self._main()).exchange([*step.statements, COMMIT])
        reach("after_commit")
        return found[:-1]

    async def _main(self) -> Awaiting:
        if self._inside is None:
            self._inside = Awaiting(await asyncio.to_thread(self._store.connection))
        return self._inside

    async def _side(self) -> Awaiting:
        if self._aside is None:
            raw = await asyncio.to_thread(self._store.connection)
            raw.autocommit = True
            self._aside = Awaiting(raw)
        return self._aside
