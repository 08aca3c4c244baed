"""The hot path on PostgreSQL."""

import struct
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from psycopg.pq import Format
from sqlalchemy.dialects import postgresql

from workflow.store.pipeline import exchange
from workflow.store.spelling import NOTHING, Beside, Found, Rows, Statement, Step

TAKE_NUMBERS = (
    "INSERT INTO order_numbers (location_id, business_day, last) VALUES ($1::text, $2::date, $3::integer)"
    " ON CONFLICT (location_id, business_day) DO UPDATE SET last = order_numbers.last + excluded.last"
    " RETURNING last"
)
GIVE_BACK = (
    "UPDATE order_numbers SET last = last - $3::integer"
    " WHERE location_id = $1::text AND business_day = $2::date AND last = $4::integer"
)

# What an array begins with: dimensions, whether it has nulls, the type of its elements; how many, counted from where.
ARRAY = struct.Struct(">iiIii")
JSON_OID = 114


class PostgreSQL:
    """`json_to_recordset` in, `to_json` out; the statements of one call share a round trip."""

    def exchange(self, connection: sa.Connection, step: Step) -> Found:
        return exchange(connection.connection.driver_connection, connection.info, step)

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

    def take_numbers(self, location_id: str, day: date, count: int) -> Statement:
        return Statement(TAKE_NUMBERS, _texts(location_id, day, count))

    def give_back(self, location_id: str, day: date, count: int, last: int) -> Statement:
        return Statement(GIVE_BACK, _texts(location_id, day, count, last))

    def insert(self, table: sa.Table, rows: Rows, *, beside: Beside = NOTHING) -> Statement:
        if not beside:
            return Statement(_insert(table), (msgspec.json.encode(rows),))
        arrays = [_json_array(values) for values in beside.values()]
        formats = [Format.TEXT, *[Format.BINARY] * len(arrays)]
        return Statement(_insert(table, tuple(beside)), (msgspec.json.encode(rows), *arrays), formats=formats)

    def update(self, table: sa.Table, key: Sequence[str], columns: Sequence[str], rows: Rows) -> Statement:
        return Statement(_update(table, tuple(key), tuple(columns)), (msgspec.json.encode(rows),))


def _texts(*values: object) -> tuple[bytes, ...]:
    return tuple([str(value).encode() for value in values])


def _json_array(values: Sequence[Any]) -> bytes:
    """A `json[]` in binary: of JSON within JSON, PostgreSQL reads every byte three times."""
    texts = [msgspec.json.encode(value) for value in values]
    parts = [part for text in texts for part in (len(text).to_bytes(4), text)]
    return ARRAY.pack(1, 0, JSON_OID, len(texts), 1) + b"".join(parts)


@cache
def _select(table: sa.Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    tests = [f'"{key}" = ANY(ARRAY({_values(table.c[key], place)}))' for place, key in enumerate(keys, start=1)]
    members = ", ".join(f"'{name}', t.\"{name}\"" for name in columns)
    row = f"json_build_object({members})" if columns else "to_json(t)"
    return f"SELECT {row}::text FROM {table.name} t WHERE {' AND '.join(tests) or 'true'}"


def _values(column: sa.Column[object], place: int) -> str:
    return f"SELECT value::{_type(column)} FROM json_array_elements_text(${place}::json)"


def _type(column: sa.Column[object]) -> str:
    return column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]


@cache
def _insert(table: sa.Table, beside: tuple[str, ...] = ()) -> str:
    within = tuple(column.name for column in table.columns if column.name not in beside)
    names = ", ".join(f'"{name}"' for name in (*within, *beside))
    sources = [_recordset(table, within), *(f"unnest(${place}::json[])" for place, _ in enumerate(beside, start=2))]
    return f"INSERT INTO {table.name} ({names}) SELECT * FROM ROWS FROM ({', '.join(sources)})"


@cache
def _update(table: sa.Table, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = r."{name}"' for name in columns)
    same = " AND ".join(f't."{name}" = r."{name}"' for name in key)
    source = f"ROWS FROM ({_recordset(table, (*key, *columns))}) r"
    return f"UPDATE {table.name} t SET {changes} FROM {source} WHERE {same}"


def _recordset(table: sa.Table, columns: tuple[str, ...]) -> str:
    typed = ", ".join(f'"{name}" {_type(table.c[name])}' for name in columns)
    return f"json_to_recordset($1::json) AS ({typed})"
