"""The hot path on SQLite."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from workflow.schema import Moment, sqlite_moment
from workflow.store.spelling import Columns, Found, Row, Statement, Step

Conversion = Callable[[Any], Any]
TAKE_NUMBERS = (
    "INSERT INTO order_numbers (location_id, business_day, last) VALUES (?, ?, ?)"
    " ON CONFLICT (location_id, business_day) DO UPDATE SET last = last + excluded.last"
    " RETURNING CAST(last AS BLOB)"
)

GIVE_BACK = "UPDATE order_numbers SET last = last - ? WHERE location_id = ? AND business_day = ? AND last = ?"


class SQLite:
    """Tuples in (`executemany` beats `json_each` two to one), `json_object` out; one writer, so nothing to lock."""

    def exchange(self, connection: sa.Connection, step: Step) -> Found:
        raw: Any = connection.connection.driver_connection
        found = [_carry_out(raw, statement) for statement in (*step.ahead, *step.statements)]
        step.meanwhile()
        return found

    def select(
        self,
        table: sa.Table,
        wanted: Mapping[str, Sequence[str]],
        *,
        columns: Sequence[str] = (),
        order: str = "",
        lock: bool = False,
    ) -> Statement:
        text = _select(table, tuple(wanted), tuple(columns)) + (f" ORDER BY {order}" if order else "")
        return Statement(text, tuple(msgspec.json.encode(values).decode() for values in wanted.values()))

    def take_numbers(self, location_id: str, day: date, count: int) -> Statement:
        return Statement(TAKE_NUMBERS, (location_id, day.isoformat(), count))

    def give_back(self, location_id: str, day: date, count: int, last: int) -> Statement:
        return Statement(GIVE_BACK, (count, location_id, day.isoformat(), last))

    def write(self, columns: Columns, rows: Sequence[Row]) -> Statement:
        return Statement(_written(columns), _converted(rows, _conversions(columns)), many=True)


def _carry_out(raw: Any, statement: Statement) -> list[bytes]:
    if statement.many:
        raw.executemany(statement.text, statement.parameters)
        return []
    return [row[0] for row in raw.execute(statement.text, statement.parameters)]


@cache
def _select(table: sa.Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    tests = [f'"{key}" IN (SELECT value FROM json_each(?))' for key in keys]
    members = ", ".join(_member(table.c[name]) for name in columns or table.columns.keys())
    return f"SELECT CAST(json_object({members}) AS BLOB) FROM {table.name} t WHERE {' AND '.join(tests) or 'true'}"


def _member(column: sa.Column[Any]) -> str:
    value = f'"{column.name}"'
    if isinstance(column.type, sa.JSON):
        value = f"json({value})"
    if isinstance(column.type, sa.Boolean):
        value = f"json(iif({value}, 'true', 'false'))"
    return f"'{column.name}', {value}"


@cache
def _written(columns: Columns) -> str:
    table, quoted = columns.table, [f'"{column.name}"' for column in columns.all]
    if not columns.key:
        return f"INSERT INTO {table.name} ({', '.join(quoted)}) VALUES ({', '.join('?' * len(quoted))})"
    values = [f"{name} = ?{place}" for place, name in enumerate(quoted, start=1)]
    same, changes = values[: len(columns.key)], values[len(columns.key) :]
    return f"UPDATE {table.name} SET {', '.join(changes)} WHERE {' AND '.join(same)}"


def _converted(rows: Sequence[Row], conversions: Sequence[tuple[int, Conversion]]) -> list[list[Any]]:
    """*rows* as sqlite3 takes them."""
    converted = [list(row) for row in rows]
    for row in converted:
        for place, convert in conversions:
            if row[place] is not None:
                row[place] = convert(row[place])
    return converted


@cache
def _conversions(columns: Columns) -> list[tuple[int, Conversion]]:
    """The columns whose values sqlite3 does not take as they are, and what makes them so."""
    wanted = [(place, _conversion(column)) for place, column in enumerate(columns.all)]
    return [(place, conversion) for place, conversion in wanted if conversion]


def _conversion(column: sa.Column[Any]) -> Conversion | None:
    if isinstance(column.type, Moment):
        return sqlite_moment
    if isinstance(column.type, sa.JSON):
        return lambda value: msgspec.json.encode(value).decode()
    return str if isinstance(column.type, sa.Date) or column.name == "status" else None
