"""The hot path on PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from psycopg.pq import Format

from workflow.store.arrays import Kind, arrays, kind_of
from workflow.store.pipeline import exchange
from workflow.store.spelling import Columns, Found, Row, Statement, Step

TAKE_NUMBERS = (
    "INSERT INTO order_numbers (location_id, business_day, last) VALUES ($1::text, $2::date, $3::integer)"
    " ON CONFLICT (location_id, business_day) DO UPDATE SET last = order_numbers.last + excluded.last"
    " RETURNING last"
)
GIVE_BACK = (
    "UPDATE order_numbers SET last = last - $3::integer"
    " WHERE location_id = $1::text AND business_day = $2::date AND last = $4::integer"
)


class PostgreSQL:
    """An array a column in, `to_json` out; the statements of one call share a round trip."""

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
        template = _select(table, tuple(wanted), tuple(columns), order, lock)
        return template.filled(wanted.values())

    def take_numbers(self, location_id: str, day: date, count: int) -> Statement:
        return Statement(TAKE_NUMBERS, _texts(location_id, day, count))

    def give_back(self, location_id: str, day: date, count: int, last: int) -> Statement:
        return Statement(GIVE_BACK, _texts(location_id, day, count, last))

    def write(self, columns: Columns, rows: Sequence[Row]) -> Statement:
        return _written(columns).filled(zip(*rows, strict=True))


class Template(NamedTuple):
    """A statement that wants arrays of these kinds."""

    text: str
    kinds: tuple[Kind, ...]
    formats: tuple[Format, ...]

    def filled(self, columns: Iterable[Sequence[Any]]) -> Statement:
        return Statement(self.text, arrays(self.kinds, columns), formats=self.formats)


def _template(text: str, kinds: Iterable[Kind]) -> Template:
    return Template(text, tuple(kinds), tuple(kind.format for kind in kinds))


def _texts(*values: object) -> tuple[bytes, ...]:
    return tuple([str(value).encode() for value in values])


@cache
def _select(table: sa.Table, keys: tuple[str, ...], columns: tuple[str, ...], order: str, lock: bool) -> Template:
    kinds = [kind_of(table.c[key]) for key in keys]
    tests = [f'"{key}" = ANY({parameter})' for key, parameter in zip(keys, _parameters(kinds), strict=True)]
    members = ", ".join(f"'{name}', t.\"{name}\"" for name in columns)
    row = f"json_build_object({members})" if columns else "to_json(t)"
    text = f"SELECT {row}::text FROM {table.name} t WHERE {' AND '.join(tests) or 'true'}"
    return _template(text + (f" ORDER BY {order}" if order else "") + (" FOR UPDATE" if lock else ""), kinds)


@cache
def _written(columns: Columns) -> Template:
    """A select list takes arrays in step, and has nulls where one of them is null."""
    table, names, kinds = columns.table.name, _quoted(columns), [kind_of(column) for column in columns.all]
    unnested = zip(_parameters(kinds), names, strict=True)
    rows = ", ".join(f"unnest({parameter}) AS {name}" for parameter, name in unnested)
    if not columns.key:
        return _template(f"INSERT INTO {table} ({', '.join(names)}) SELECT {rows}", kinds)
    same = " AND ".join(f"t.{name} = r.{name}" for name in names[: len(columns.key)])
    changes = ", ".join(f"{name} = r.{name}" for name in names[len(columns.key) :])
    return _template(f"UPDATE {table} t SET {changes} FROM (SELECT {rows}) r WHERE {same}", kinds)


def _quoted(columns: Columns) -> list[str]:
    return [f'"{column.name}"' for column in columns.all]


def _parameters(kinds: Iterable[Kind]) -> list[str]:
    return [f"${place}::{kind.name}[]" for place, kind in enumerate(kinds, start=1)]
