"""The statements of the hot path, spelt for each database from the tables' metadata.

Rows travel as JSON: the databases build and read it in C, as msgspec does, so that a row costs a few microseconds of
Python where a typed result set costs fifty (docs/adr/0001).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from workflow.schema import sqlite_moment

TAKE_NUMBERS = (
    "INSERT INTO order_numbers (location_id, business_day, last) VALUES (?, ?, ?)"
    " ON CONFLICT (location_id, business_day) DO UPDATE SET last = order_numbers.last + excluded.last"
    " RETURNING last"
)
Rows = Sequence[dict[str, Any]]
Statement = tuple[str, Any]


class Spelling(Protocol):
    """How one database says it."""

    def ask(self, connection: sa.Connection, statements: Sequence[Statement]) -> list[list[Any]]:
        """The one column that each statement finds: JSON texts, for a `select`."""

    def tell(self, connection: sa.Connection, statements: Sequence[Statement]) -> None:
        """Carry the statements out, in order."""

    def select(
        self, table: sa.Table, wanted: Mapping[str, Sequence[str]], *, order: str = "", lock: bool = False
    ) -> Statement:
        """Rows as JSON objects whose columns have one of the *wanted* values, column by column."""

    def take_numbers(self, location_id: str, day: date, count: int) -> Statement:
        """Count *count* orders more of that day; gives the number of the last one."""

    def insert(self, table: sa.Table, rows: Rows) -> Statement: ...

    def update(self, table: sa.Table, key: Sequence[str], columns: Sequence[str], rows: Rows) -> Statement: ...


class PostgreSQL:
    """`json_populate_recordset` in, `to_json` out; the statements of one call share a round trip."""

    def ask(self, connection: sa.Connection, statements: Sequence[Statement]) -> list[list[Any]]:
        raw: Any = connection.connection.driver_connection
        with raw.pipeline():
            cursors = [raw.execute(text, parameters, prepare=True) for text, parameters in statements]
            return [[row[0] for row in cursor.fetchall()] for cursor in cursors]

    def tell(self, connection: sa.Connection, statements: Sequence[Statement]) -> None:
        raw: Any = connection.connection.driver_connection
        with raw.pipeline():
            for text, parameters in statements:
                raw.execute(text, parameters, prepare=True)

    def select(
        self, table: sa.Table, wanted: Mapping[str, Sequence[str]], *, order: str = "", lock: bool = False
    ) -> Statement:
        text = _postgresql_select(table, tuple(wanted)) + (f" ORDER BY {order}" if order else "")
        return text + (" FOR UPDATE" if lock else ""), tuple(map(list, wanted.values()))

    def take_numbers(self, location_id: str, day: date, count: int) -> Statement:
        return TAKE_NUMBERS.replace("?", "%s"), (location_id, day, count)

    def insert(self, table: sa.Table, rows: Rows) -> Statement:
        return _postgresql_insert(table), (msgspec.json.encode(rows).decode(),)

    def update(self, table: sa.Table, key: Sequence[str], columns: Sequence[str], rows: Rows) -> Statement:
        return _postgresql_update(table, tuple(key), tuple(columns)), (msgspec.json.encode(rows).decode(),)


@cache
def _postgresql_select(table: sa.Table, keys: tuple[str, ...]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    tests = [f'"{key}" = ANY(%s::{table.c[key].type.compile(dialect)}[])' for key in keys]
    return f"SELECT to_json(t)::text FROM {table.name} t WHERE {' AND '.join(tests) or 'true'}"


@cache
def _postgresql_insert(table: sa.Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_recordset(table)}"


@cache
def _postgresql_update(table: sa.Table, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = r."{name}"' for name in columns)
    same = " AND ".join(f't."{name}" = r."{name}"' for name in key)
    return f"UPDATE {table.name} t SET {changes} FROM {_recordset(table)} r WHERE {same}"


def _recordset(table: sa.Table) -> str:
    return f"json_populate_recordset(NULL::{table.name}, %s::json)"


class SQLite:
    """Tuples in (`executemany` beats `json_each` two to one), `json_object` out; one writer, so nothing to lock."""

    def ask(self, connection: sa.Connection, statements: Sequence[Statement]) -> list[list[Any]]:
        raw: Any = connection.connection.driver_connection
        return [[row[0] for row in raw.execute(text, parameters)] for text, parameters in statements]

    def tell(self, connection: sa.Connection, statements: Sequence[Statement]) -> None:
        raw: Any = connection.connection.driver_connection
        for text, rows in statements:
            raw.executemany(text, rows)

    def select(
        self, table: sa.Table, wanted: Mapping[str, Sequence[str]], *, order: str = "", lock: bool = False
    ) -> Statement:
        text = _sqlite_select(table, tuple(wanted)) + (f" ORDER BY {order}" if order else "")
        return text, tuple(msgspec.json.encode(values).decode() for values in wanted.values())

    def take_numbers(self, location_id: str, day: date, count: int) -> Statement:
        return TAKE_NUMBERS, (location_id, day.isoformat(), count)

    def insert(self, table: sa.Table, rows: Rows) -> Statement:
        names = tuple(column.name for column in table.columns)
        return _sqlite_insert(table), _tuples(rows, names)

    def update(self, table: sa.Table, key: Sequence[str], columns: Sequence[str], rows: Rows) -> Statement:
        return _sqlite_update(table, tuple(key), tuple(columns)), _tuples(rows, (*columns, *key))


@cache
def _sqlite_select(table: sa.Table, keys: tuple[str, ...]) -> str:
    tests = [f'"{key}" IN (SELECT value FROM json_each(?))' for key in keys]
    members = ", ".join(map(_sqlite_member, table.columns))
    return f"SELECT json_object({members}) FROM {table.name} t WHERE {' AND '.join(tests) or 'true'}"


def _sqlite_member(column: sa.Column[Any]) -> str:
    value = f'"{column.name}"'
    if isinstance(column.type, sa.JSON):
        value = f"json({value})"
    if isinstance(column.type, sa.Boolean):
        value = f"json(iif({value}, 'true', 'false'))"
    return f"'{column.name}', {value}"


@cache
def _sqlite_insert(table: sa.Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(table.columns))})"


@cache
def _sqlite_update(table: sa.Table, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = ?' for name in columns)
    same = " AND ".join(f'"{name}" = ?' for name in key)
    return f"UPDATE {table.name} SET {changes} WHERE {same}"


def _tuples(rows: Rows, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return [tuple([_sqlite_value(row[name]) for name in names]) for row in rows]


def _sqlite_value(value: Any) -> Any:
    if value is None or value.__class__ in _PLAIN:
        return value
    if isinstance(value, datetime):
        return sqlite_moment(value)
    if isinstance(value, (StrEnum, date)):
        return str(value)
    return msgspec.json.encode(value).decode()


_PLAIN = frozenset({str, int, bool})
SPELLINGS: dict[str, Spelling] = {"postgresql": PostgreSQL(), "sqlite": SQLite()}
