"""The hot path on PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from workflow.store.pipeline import exchange
from workflow.store.spelling import Found, Rows, Statement

TAKE_NUMBERS = (
    "INSERT INTO order_numbers (location_id, business_day, last) VALUES ($1::text, $2::date, $3::integer)"
    " ON CONFLICT (location_id, business_day) DO UPDATE SET last = order_numbers.last + excluded.last"
    " RETURNING last"
)

# The commit of the orders that take the numbers comes later in the log and waits for the disk; it takes this one along.
NOT_WAITING_FOR_DISK = Statement("SELECT set_config('synchronous_commit', 'off', true)", ())


class PostgreSQL:
    """`json_populate_recordset` in, `to_json` out; the statements of one call share a round trip."""

    def exchange(self, connection: sa.Connection, statements: Sequence[Statement]) -> Found:
        return exchange(connection.connection.driver_connection, connection.info, statements)

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
        parameters = tuple(msgspec.json.encode(values) for values in wanted.values())
        return Statement(text + (" FOR UPDATE" if lock else ""), parameters)

    def take_numbers(self, location_id: str, day: date, count: int) -> list[Statement]:
        parameters = (location_id.encode(), day.isoformat().encode(), str(count).encode())
        return [NOT_WAITING_FOR_DISK, Statement(TAKE_NUMBERS, parameters)]

    def insert(self, table: sa.Table, rows: Rows) -> Statement:
        return Statement(_insert(table), (msgspec.json.encode(rows),))

    def update(self, table: sa.Table, key: Sequence[str], columns: Sequence[str], rows: Rows) -> Statement:
        return Statement(_update(table, tuple(key), tuple(columns)), (msgspec.json.encode(rows),))


@cache
def _select(table: sa.Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    tests = [f'"{key}" = ANY(ARRAY({_values(table.c[key], place)}))' for place, key in enumerate(keys, start=1)]
    members = ", ".join(f"'{name}', t.\"{name}\"" for name in columns)
    row = f"json_build_object({members})" if columns else "to_json(t)"
    return f"SELECT {row}::text FROM {table.name} t WHERE {' AND '.join(tests) or 'true'}"


def _values(column: sa.Column[object], place: int) -> str:
    type_ = column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]
    return f"SELECT value::{type_} FROM json_array_elements_text(${place}::json)"


@cache
def _insert(table: sa.Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_recordset(table)}"


@cache
def _update(table: sa.Table, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = r."{name}"' for name in columns)
    same = " AND ".join(f't."{name}" = r."{name}"' for name in key)
    return f"UPDATE {table.name} t SET {changes} FROM {_recordset(table)} r WHERE {same}"


def _recordset(table: sa.Table) -> str:
    return f"json_populate_recordset(NULL::{table.name}, $1::json)"
