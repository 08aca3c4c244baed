"""Transactions over the database, and the batch of commands that shares one."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

import psycopg
import sqlalchemy as sa
import structlog

from workflow.clock import Clock, utc_now
from workflow.failpoints import reach
from workflow.refusals import DatabaseUnavailable, IdempotencyKeyInUse
from workflow.schema import events
from workflow.state_machine.model import Order
from workflow.store.batch import Batch, Result
from workflow.store.changes import Changes
from workflow.store.databases import connect
from workflow.store.postgresql import PostgreSQL
from workflow.store.session import Session, Version
from workflow.store.spelling import Spelling
from workflow.store.sqlite import SQLite
from workflow.submissions import Submission

LOST = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, psycopg.OperationalError, sqlite3.Error)
TRIES = 3
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
        self._spelling = SPELLINGS[self.dialect]
        single = {"read_only": True} if self.dialect == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        several = {"read_only": True} if self.dialect == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._readers = engine.execution_options(**single), engine.execution_options(**several)

    def now(self) -> datetime:
        return self._clock()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that commits at the end; on SQLite it is the only one that writes, from its beginning."""
        with self._engine.connect() as connection:
            try:
                with connection.begin():
                    yield connection
                    reach("before_commit")
                reach("after_commit")
            except LOST:
                connection.invalidate()
                raise

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for a query; on PostgreSQL each statement sees its own moment."""
        with self._readers[0].connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """A connection whose queries all see the same moment."""
        with self._readers[1].connect() as connection:
            yield connection

    def run(self, submissions: Sequence[Submission]) -> list[Result]:
        """Decide and commit *submissions* in one transaction; when it fails as a whole, each in its own.

        Never raises: whoever is to blame gets the exception as its result, DatabaseUnavailable when nobody is.
        """
        attempt = _Attempt(self, submissions)
        if attempt.succeeds():
            return attempt.results
        log.warning("a batch failed; its commands run one by one", size=len(submissions), error=repr(attempt.failure))
        if len(submissions) > 1:
            return [self.run([submission])[0] for submission in submissions]
        return [self._run_alone(submissions[0], attempt.failure)]

    def run_in(self, connection: sa.Connection, submissions: Sequence[Submission]) -> list[Result]:
        """The same inside the caller's transaction, which commits or fails as a whole."""
        return self.decide_in(connection, submissions)[0]

    def decide_in(self, connection: sa.Connection, submissions: Sequence[Submission]) -> tuple[list[Result], Changes]:
        session = Session(connection, self._spelling, self._aside)
        batch = Batch(session, submissions, self._clock())
        reach("batch_loaded")
        results = batch.run()
        session.save(batch.changes)
        return results, batch.changes

    def orders(self, connection: sa.Connection, ids: Sequence[str]) -> dict[str, Order]:
        """The orders with these *ids* that exist; one snapshot, so that an order and its items belong together."""
        return Session(connection, self._spelling, self._aside).orders(ids)

    def versions(self, connection: sa.Connection, ids: Sequence[str]) -> dict[str, Version]:
        """Where the orders with these *ids* that exist stand, and whose they are."""
        return Session(connection, self._spelling, self._aside).versions(ids)

    def _aside(self, connection: sa.Connection) -> AbstractContextManager[sa.Connection]:
        """Outside the transaction of *connection*; inside it on SQLite, which has one writer."""
        return nullcontext(connection) if self.dialect == "sqlite" else self.reading()

    def committed(self, changes: Changes) -> bool:
        """Whether a transaction whose commit went unanswered took effect after all: its first event tells."""
        if not changes.events:
            return False
        wanted = changes.events[0][0]
        mine = (events.c.order_id == wanted.order_id) & (events.c.version == wanted.version)
        with self.reading() as connection:
            found = connection.execute(sa.select(events.c.type, events.c.at, events.c.actor).where(mine)).first()
        return found is not None and tuple(found) == (wanted.event.type, wanted.event.at, wanted.event.actor)

    def _run_alone(self, submission: Submission, failure: Exception) -> Result:
        """Again, as others may have been in the way: they hold the key or the number by now, or the server is back."""
        for _ in range(TRIES):
            if isinstance(failure, psycopg.errors.LockNotAvailable):
                return _locked(submission)
            if isinstance(failure, LOST):
                self._engine.dispose()
            attempt = _Attempt(self, [submission])
            if attempt.succeeds():
                return attempt.results[0]
            failure = attempt.failure
        if isinstance(failure, LOST):
            detail = "The database does not answer; send it again with the same Idempotency-Key."
            return DatabaseUnavailable(detail, retry_after_seconds=1)
        return failure


class _Attempt:
    """One transaction for a batch, and what is known of it when its end was not heard."""

    def __init__(self, store: Store, submissions: Sequence[Submission]) -> None:
        self._store = store
        self._submissions = submissions
        self.results: list[Result] = []
        self.failure: Exception = AssertionError("not tried")

    def succeeds(self) -> bool:
        changes = None
        try:
            with self._store.writing() as connection:
                self.results, changes = self._store.decide_in(connection, self._submissions)
        except Exception as failure:  # whatever it is, it must not take the neighbours' commands with it
            self.failure = failure
            return changes is not None and self._found_committed(changes)
        return True

    def _found_committed(self, changes: Changes) -> bool:
        try:
            return self._store.committed(changes)
        except LOST as failure:
            self.failure = failure
            return False


def _locked(submission: Submission) -> Result:
    if submission.idempotency:
        key = submission.idempotency.key
        return IdempotencyKeyInUse(f"A request with the key {key!r} is still running.", retry_after_seconds=1)
    return DatabaseUnavailable("The order is locked by another writer.", retry_after_seconds=1)
