"""Many statements in one round trip, straight through libpq.

psycopg's cursors are made for typed rows; for text in and text out they cost ten times what libpq itself does, which
at a dozen statements a batch is most of a small batch's time (docs/adr/0001). All else goes through SQLAlchemy.
"""

import itertools
import select
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from psycopg import Connection, IsolationLevel
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

from workflow.store.spelling import Statement

NUMBERS = itertools.count(1)
FOUND = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
BEGIN = Statement("BEGIN", ())
BEGIN_SNAPSHOT = Statement("BEGIN ISOLATION LEVEL REPEATABLE READ", ())


def exchange(connection: sa.Connection, statements: Sequence[Statement]) -> list[list[bytes]]:
    """The first column of what each statement finds, as text. Begins the transaction where none is under way.

    Raises the psycopg error of the first statement that fails; those after it are not carried out.
    """
    raw: Any = connection.connection.driver_connection
    begun = raw.autocommit or raw.pgconn.transaction_status != TransactionStatus.IDLE
    begin = BEGIN_SNAPSHOT if raw.isolation_level == IsolationLevel.REPEATABLE_READ else BEGIN
    sent = statements if begun else [begin, *statements]
    return _run(raw, connection.info.setdefault("prepared", {}), sent)[len(sent) - len(statements) :]


def _run(raw: "Connection[Any]", prepared: dict[str, bytes], statements: Sequence[Statement]) -> list[list[bytes]]:
    pgconn = raw.pgconn
    pgconn.enter_pipeline_mode()
    try:
        fresh = [_send(pgconn, prepared, statement) for statement in statements]
        pgconn.pipeline_sync()
        failures: list[Exception] = []
        found = [_answer(pgconn, is_new, failures) for is_new in fresh]
        _next(pgconn)
    finally:
        pgconn.exit_pipeline_mode()
    if failures:
        for statement, is_new in zip(statements, fresh, strict=True):
            if is_new:  # it may have come after the failure, and not have been prepared at all
                prepared.pop(statement.text, None)
        raise failures[0]
    return found


def _send(pgconn: Any, prepared: dict[str, bytes], statement: Statement) -> bool:
    """Whether the statement had to be prepared first."""
    name = prepared.get(statement.text)
    is_new = name is None
    if name is None:
        name = prepared[statement.text] = f"passline_{next(NUMBERS)}".encode()
        pgconn.send_prepare(name, statement.text.encode())
    pgconn.send_query_prepared(name, statement.parameters)
    return is_new


def _wait(pgconn: Any) -> None:
    """Until all is sent and the next result is here, without the GIL: libpq itself would wait with it."""
    socket = select.poll()
    socket.register(pgconn.socket, select.POLLIN | select.POLLOUT)
    while pgconn.flush():
        socket.poll()
        pgconn.consume_input()
    socket.modify(pgconn.socket, select.POLLIN)
    while pgconn.is_busy():
        socket.poll()
        pgconn.consume_input()


def _answer(pgconn: Any, is_new: bool, failures: list[Exception]) -> list[bytes]:
    if is_new:
        _result(pgconn, failures)
    result = _result(pgconn, failures)
    return [result.get_value(row, 0) for row in range(result.ntuples)] if result else []


def _next(pgconn: Any) -> Any:
    if pgconn.is_busy():
        _wait(pgconn)
    return pgconn.get_result()


def _result(pgconn: Any, failures: list[Exception]) -> Any:
    """The result of one message, or None where it failed."""
    result = _next(pgconn)
    _next(pgconn)
    if result is not None and result.status in FOUND:
        return result
    if result is None or result.status != ExecStatus.PIPELINE_ABORTED:
        failures.append(error_from_result(result) if result else ConnectionError("the server is gone"))
    return None
