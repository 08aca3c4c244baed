"""Transactions over the database, and the batch of commands that shares one."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa
import structlog

from workflow.clock import Clock, utc_now
from workflow.failpoints import reach
from workflow.feed import Change, change_of
from workflow.refusals import DatabaseUnavailable, IdempotencyKeyInUse
from workflow.schema import events, idempotency_keys, orders
from workflow.state_machine.model import Order
from workflow.store.batch import Batch, Result, decided
from workflow.store.changes import Changes
from workflow.store.databases import connect
from workflow.store.memory import Memory
from workflow.store.pipeline import Silent
from workflow.store.postgresql import PostgreSQL
from workflow.store.session import Session, Version
from workflow.store.spelling import Conversation, Spelling, Told
from workflow.store.sqlite import SQLite
from workflow.submissions import Submission

LOST = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, psycopg.OperationalError, sqlite3.Error)
TRIES = 3
CHANGED = "passline_changed"
SPELLINGS: dict[str, Spelling] = {"postgresql": PostgreSQL(), "sqlite": SQLite()}
log = structlog.get_logger(__name__)


def open_store(database: str, *, clock: Clock = utc_now, pool_size: int = 4) -> "Store":
    """A store on *database*, a SQLAlchemy URL of SQLite or PostgreSQL."""
    return Store(connect(database, pool_size=pool_size), clock)


class Store:
    """The tables behind one engine. Safe to share between threads, not between processes."""

    def __init__(self, engine: sa.Engine, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self.dialect = engine.dialect.name
        self.spelling = SPELLINGS[self.dialect]
        self._memory = Memory()
        # Is told of the orders that changed in somebody's own transaction, once that is committed.
        self.told: Callable[[Sequence[Change]], None] | None = None
        single = {"read_only": True} if self.dialect == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        several = {"read_only": True} if self.dialect == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._readers = engine.execution_options(**single), engine.execution_options(**several)

    def now(self) -> datetime:
        return self._clock()

    def close(self) -> None:
        self._engine.dispose()

    def connection(self) -> Any:
        """A driver's connection to PostgreSQL of one's own; the caller closes it.

        Its statements are prepared. A plan for the arrays of one batch is as good for the next.
        """
        pooled = self._engine.raw_connection()
        raw: Any = pooled.driver_connection
        pooled.detach()
        raw.execute("SET plan_cache_mode = force_generic_plan")
        raw.commit()
        return raw

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that commits at the end; on SQLite it is the only one that writes, from its beginning."""
        with self._lent(self._engine) as connection:
            try:
                with connection.begin():
                    yield connection
                    reach("before_commit")
                reach("after_commit")
                if self.told:
                    self._tell(connection)
            except LOST:
                connection.invalidate()
                raise

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for a query; on PostgreSQL each statement sees its own moment."""
        with self._lent(self._readers[0]) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """A connection whose queries all see the same moment."""
        with self._lent(self._readers[1]) as connection:
            yield connection

    @contextmanager
    def _lent(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        """A connection of the pool; one whose pool was given up meanwhile is closed, and not left to the garbage."""
        pool = engine.pool
        with engine.connect() as connection:
            try:
                yield connection
            finally:
                if engine.pool is not pool and not connection.invalidated:
                    connection.detach()

    def run(self, submissions: Sequence[Submission]) -> list[Result]:
        """Decide and commit *submissions* in one transaction; when it fails as a whole, each in its own.

        Never raises: whoever is to blame gets the exception as its result, DatabaseUnavailable when nobody is.
        """
        batch = self.batch(submissions)
        try:
            with self.writing() as connection:
                results = self.converse(connection, self.decided(batch))
        except Exception as failure:  # whatever it is, it must not take the neighbours' commands with it
            return self.recover(batch, failure)
        self.committed(batch)
        return results

    def committed(self, batch: Batch) -> None:
        """*batch* is in the books: what it has locked or written of its orders is worth remembering."""
        mine = batch.changes.after.keys() | {submission.order_id for submission in batch.submissions}
        self._memory.orders.keep({id: order for id, order in batch.loaded.orders.items() if id in mine})

    def batch(self, submissions: Sequence[Submission], *, again: bool = False) -> Batch:
        return Batch(submissions, self._clock(), again=again)

    def decided(self, batch: Batch) -> Conversation[list[Result]]:
        """The conversation that decides *batch*, whoever holds it."""
        return decided(self.spelling, batch, self._memory)

    def recover(self, batch: Batch, failure: Exception) -> list[Result]:
        """What became of *batch*, whose transaction ended with *failure*; run again one by one if it had no effect."""
        size = len(batch.submissions)
        if isinstance(failure, Silent):  # the pool's other connections may have gone the same way
            self._engine.dispose()
        try:
            if batch.results and self._committed(batch.changes):
                return batch.results
        except LOST:  # it may have taken effect: to run it again could take a payment twice
            return [_unknown() for _ in range(size)]
        log.warning("a batch failed; its commands run one by one", size=size, error=repr(failure))
        if size == 1:
            return [self._run_alone(batch.submissions[0], failure)]
        results: list[Result] = []
        for submission in batch.submissions:
            lost = results and isinstance(results[-1], DatabaseUnavailable) and not self._answers()
            results.append(_unknown() if lost else self._run_alone(submission))
        return results

    def run_in(self, connection: sa.Connection, submissions: Sequence[Submission]) -> list[Result]:
        """The same inside the caller's transaction, which commits or fails as a whole."""
        batch = self.batch(submissions)
        results = self.converse(connection, self.decided(batch))
        if self.told:
            changes = [*_changed(connection), *map(change_of, batch.changes.after.values())]
            connection.execution_options(**{CHANGED: changes})
        return results

    def _tell(self, connection: sa.Connection) -> None:
        if self.told and (changes := _changed(connection)):
            self.told(changes)

    def orders(self, connection: sa.Connection, ids: Sequence[str]) -> dict[str, Order]:
        """The orders with these *ids* that exist; one snapshot, so that an order and its items belong together."""
        return self.converse(connection, Session(self.spelling).orders(ids))

    def versions(self, connection: sa.Connection, ids: Sequence[str]) -> dict[str, Version]:
        """Where the orders with these *ids* that exist stand, and whose they are."""
        return self.converse(connection, Session(self.spelling).versions(ids))

    def converse(self, connection: sa.Connection, conversation: Conversation[Told]) -> Told:
        """What *conversation* comes to, held over *connection*."""
        try:
            step = next(conversation)
            while True:
                step = conversation.send(self.spelling.exchange(connection, step))
        except StopIteration as end:
            told: Told = end.value
            return told

    def _answers(self) -> bool:
        try:
            with self.reading() as connection:
                connection.execute(sa.select(1))
        except LOST:
            return False
        return True

    def _committed(self, changes: Changes) -> bool:
        """Whether a transaction whose commit went unanswered took effect after all: its first event tells.

        Its commit may still be under way, so its orders are locked first. Those that it places cannot be: they come
        to light when they are placed again, under the same ids.
        """
        if not changes.events:
            return False
        wanted = changes.events[0][0]
        mine = (events.c.order_id == wanted.order_id) & (events.c.version == wanted.version)
        known = sorted(order_id for order_id, before in changes.before.items() if before)
        with self.writing() as connection:
            connection.execute(sa.select(orders.c.id).where(orders.c.id.in_(known)).order_by("id").with_for_update())
            found = connection.execute(sa.select(events.c.type, events.c.at, events.c.actor).where(mine)).first()
        return found is not None and tuple(found) == (wanted.event.type, wanted.event.at, wanted.event.actor)

    def _run_alone(self, submission: Submission, failure: Exception | None = None) -> Result:
        """Again, as others may have been in the way: they hold the key or the number by now, or the server is back."""
        for _ in range(TRIES):
            if isinstance(failure, psycopg.errors.LockNotAvailable):
                return _locked(submission, failure)
            if isinstance(failure, LOST):
                self._engine.dispose()
            batch = self.batch([submission], again=True)
            try:
                with self.writing() as connection:
                    return self.converse(connection, self.decided(batch))[0]
            except Exception as again:
                failure = again
            try:
                if batch.results and self._committed(batch.changes):
                    return batch.results[0]
            except LOST:
                return _unknown()
        return _unknown() if failure is None or isinstance(failure, LOST) else failure


def _changed(connection: sa.Connection) -> Sequence[Change]:
    """The orders that have changed in this transaction so far; they go when it does."""
    found: Sequence[Change] = connection.get_execution_options().get(CHANGED, ())
    return found


def _unknown() -> Result:
    detail = "The database does not answer; send it again with the same Idempotency-Key."
    return DatabaseUnavailable(detail, retry_after_seconds=1)


def _locked(submission: Submission, failure: psycopg.errors.LockNotAvailable) -> Result:
    """By whom tells what PostgreSQL says of the row that it waited for."""
    if submission.idempotency and idempotency_keys.name in (failure.diag.context or ""):
        key = submission.idempotency.key
        return IdempotencyKeyInUse(f"A request with the key {key!r} is still running.", retry_after_seconds=1)
    what = "order" if submission.order_id else "numbering of this day's orders"
    return DatabaseUnavailable(f"Another writer holds the {what}; send it again.", retry_after_seconds=1)
