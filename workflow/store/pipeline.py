"""Many statements in one round trip, straight through libpq.

psycopg's cursors are made for typed rows; for text in and text out they cost ten times what libpq itself does, which
at a dozen statements a batch is most of a small batch's time (docs/adr/0001). All else goes through SQLAlchemy.
"""

import asyncio
import itertools
import os
import select
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import Any, Literal

from psycopg import IsolationLevel, OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

from workflow.store.spelling import Found, Statement, Step, idle

NUMBERS = itertools.count(1)
# Longer than the server takes to give up a statement by itself (statement_timeout): the way to it has gone silent.
ANSWER_SECONDS = 40.0
FOUND = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
BEGIN = Statement("BEGIN", ())
BEGIN_SNAPSHOT = Statement("BEGIN ISOLATION LEVEL REPEATABLE READ", ())
COMMIT = Statement("COMMIT", ())
# What is committed ahead of a transaction need not wait for the disk: the commit that comes later in the log takes it
# along.
NOT_WAITING_FOR_DISK = Statement("SET LOCAL synchronous_commit = off", ())


class Silent(OperationalError):
    """Nothing came back from the server for *seconds*."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the server has been silent for {seconds:g} s")


# What the exchange waits for: that the socket takes more, or that it has something.
Wait = Literal["write", "read"]
Exchanging = Generator[Wait, None, Found]


def exchange(raw: Any, info: dict[Any, Any], step: Step, *, patience: float = ANSWER_SECONDS) -> Found:
    """The first column of what each statement finds, as text. Begins the transaction where none is under way.

    *raw* is a psycopg connection, *info* what is remembered of it. Waits without the GIL, unlike libpq itself.
    Raises the psycopg error of the first statement that fails; those after it are not carried out.
    """
    exchanging = _exchanging(raw, info.setdefault("prepared", {}), step)
    socket = select.poll()
    try:
        while True:
            wait = next(exchanging)
            socket.register(raw.pgconn.socket, select.POLLIN | (select.POLLOUT if wait == "write" else 0))
            if not socket.poll(patience * 1000):
                raise Silent(patience)
            raw.pgconn.consume_input()
    except StopIteration as end:
        found: Found = end.value
        return found


class Awaiting:
    """The same for an event loop, over a psycopg connection that nobody else uses."""

    def __init__(self, raw: Any, *, patience: float = ANSWER_SECONDS) -> None:
        self.raw = raw
        self._patience = patience
        self._prepared: dict[str, bytes] = {}
        self._loop = asyncio.get_running_loop()
        # libpq closes its socket when the server is lost, and a client's may get the same number at once; ours stays.
        self._socket = os.dup(raw.pgconn.socket)
        self._arrived: asyncio.Future[None] | None = None
        self._lost: Exception | None = None
        self._more = select.poll()
        self._more.register(self._socket, select.POLLIN)
        self._loop.add_reader(self._socket, self._read)
        # Since when an answer is waited for, and until when the server takes no more of the question.
        self._asked_at: float | None = None
        self._taken: asyncio.Future[None] | None = None
        self._watch()

    def close(self) -> None:
        self._watching.cancel()
        self._loop.remove_reader(self._socket)
        self.raw.close()
        os.close(self._socket)

    async def exchange(self, step: Step) -> Found:
        """Raises Silent; the connection is of no use then."""
        exchanging = _exchanging(self.raw, self._prepared, step)
        self._asked_at = self._loop.time()
        try:
            while True:
                wait = next(exchanging)
                await (self._writable() if wait == "write" else self._readable())
        except StopIteration as end:
            found: Found = end.value
            return found
        finally:
            self._asked_at = None

    def _watch(self) -> None:
        """Every now and then, as a timer for each exchange would cost more than all else here."""
        self._watching = self._loop.call_later(self._patience / 10, self._watch)
        waiting, asked_at = self._arrived or self._taken, self._asked_at
        if waiting and asked_at is not None and self._loop.time() - asked_at > self._patience and not waiting.done():
            waiting.set_exception(Silent(self._patience))

    async def _readable(self) -> None:
        if self._lost:
            raise self._lost
        self._arrived = self._loop.create_future()
        await self._arrived

    async def _writable(self) -> None:
        ready = self._taken = self._loop.create_future()
        self._loop.add_writer(self._socket, _set, ready)
        try:
            await ready
        finally:
            self._taken = None
            self._loop.remove_writer(self._socket)

    def _read(self) -> None:
        waiting, self._arrived = self._arrived, None
        try:
            self._consume()
        except Exception as failure:  # whoever waits hears of it, or whoever will; there is no more to come
            self._lost = failure
            self._loop.remove_reader(self._socket)
            if waiting and not waiting.done():
                waiting.set_exception(failure)
            return
        if waiting:
            _set(waiting)

    def _consume(self) -> None:
        """All that there is, down to the end: of a connection that was reset, uvloop tells once and never again."""
        self.raw.pgconn.consume_input()
        while self._more.poll(0):
            self.raw.pgconn.consume_input()


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _exchanging(raw: Any, prepared: dict[str, bytes], step: Step) -> Exchanging:
    """Yields what to wait for; the waiter reads what has come before it goes on."""
    statements, ahead, piped = step.statements, step.ahead, partial(_piped, raw.pgconn, prepared, step.meanwhile)
    if raw.autocommit or raw.pgconn.transaction_status != TransactionStatus.IDLE:
        return (yield from piped([*ahead, *statements]))
    begin = BEGIN_SNAPSHOT if raw.isolation_level == IsolationLevel.REPEATABLE_READ else BEGIN
    if not ahead:
        return (yield from piped([begin, *statements]))[1:]
    first = [BEGIN, NOT_WAITING_FOR_DISK, *ahead, COMMIT, begin]
    found = yield from piped([*first, *statements])
    return found[2 : 2 + len(ahead)] + found[len(first) :]


def _piped(
    pgconn: Any, prepared: dict[str, bytes], meanwhile: Callable[[], object], statements: Sequence[Statement]
) -> Exchanging:
    pgconn.enter_pipeline_mode()
    *earlier, last = statements
    fresh = [_send(pgconn, prepared, statement) for statement in earlier]
    if meanwhile is not idle:
        pgconn.send_flush_request()  # so that we hear when the last one begins
    fresh.append(_send(pgconn, prepared, last))
    pgconn.pipeline_sync()
    while pgconn.flush():
        yield "write"
    failures: list[Exception] = []
    found = yield from _results(pgconn, fresh[:-1], failures)
    unfit = None if failures else _failure(meanwhile)
    found += yield from _results(pgconn, fresh[-1:], failures)
    while pgconn.is_busy():
        yield "read"
    pgconn.get_result()  # the end of all
    pgconn.exit_pipeline_mode()
    if failures:
        for statement, is_new in zip(statements, fresh, strict=True):
            if is_new:  # it may have come after the failure, and not have been prepared at all
                prepared.pop(statement.text, None)
        raise failures[0]
    if unfit:
        raise unfit
    return found


def _results(pgconn: Any, fresh: Sequence[bool], failures: list[Exception]) -> Exchanging:
    """What each statement found, whether it was *fresh* or not."""
    found = []
    for is_new in fresh:
        for _ in range(1 + is_new):  # what was prepared first has a result of its own
            while pgconn.is_busy():
                yield "read"
            told = _told(pgconn.get_result(), failures)
            while pgconn.is_busy():
                yield "read"
            pgconn.get_result()  # the end of this one
        found.append(told)
    return found


def _failure(work: Callable[[], object]) -> Exception | None:
    """The failure that *work* ends with: what was sent is answered all the same, and must be read first."""
    try:
        work()
    except Exception as failure:  # raised by whoever asked, once all is read
        return failure
    return None


def _send(pgconn: Any, prepared: dict[str, bytes], statement: Statement) -> bool:
    """Whether the statement had to be prepared first."""
    name = prepared.get(statement.text)
    is_new = name is None
    if name is None:
        name = prepared[statement.text] = f"passline_{next(NUMBERS)}".encode()
        pgconn.send_prepare(name, statement.text.encode())
    pgconn.send_query_prepared(name, statement.parameters, statement.formats)
    return is_new


def _told(result: Any, failures: list[Exception]) -> list[bytes]:
    """What one message found; a failure is added to *failures*, unless it only follows from one before it."""
    if result is not None and result.status in FOUND:
        return [result.get_value(row, 0) for row in range(result.ntuples)]
    if result is None or result.status != ExecStatus.PIPELINE_ABORTED:
        failures.append(error_from_result(result) if result else OperationalError("the server is gone"))
    return []
