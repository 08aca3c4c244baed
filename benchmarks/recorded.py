"""The rows that a command of the product really writes, so that the other side of a comparison can write the same."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

TABLES = ("orders", "order_items", "events", "jobs", "idempotency_keys")

Values = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """What a recording needs to know of a table: its key, its columns' types, and those that must differ."""

    name: str
    key: tuple[str, ...]
    types: Mapping[str, str]
    unique: frozenset[str]


@dataclass(frozen=True)
class Write:
    """One row that a command inserted, or the columns of one row that it changed (*key* says which row)."""

    table: Table
    values: Values
    key: Values | None = None


Snapshot = dict[str, dict[tuple[Any, ...], Values]]


def postgresql_tables(connection: psycopg.Connection[Any]) -> list[Table]:
    """The TABLES as the connected PostgreSQL has them, without columns that it fills by itself."""
    return [_postgresql_table(connection, name) for name in TABLES]


def _postgresql_table(connection: psycopg.Connection[Any], name: str) -> Table:
    columns = connection.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute left join pg_attrdef"
        " on adrelid = attrelid and adnum = attnum where attrelid = %s::regclass and attnum > 0 and not attisdropped"
        " and attidentity = '' and attgenerated = '' and coalesce(pg_get_expr(adbin, adrelid), '') not like 'nextval%%'"
        " order by attnum",
        [name],
    ).fetchall()
    indexed = connection.execute(
        "select indisprimary, attname from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)"
        " where indrelid = %s::regclass and indisunique order by indexrelid, array_position(indkey::int2[], attnum)",
        [name],
    ).fetchall()
    key = tuple(column for primary, column in indexed if primary)
    return Table(name, key, dict(columns), frozenset(column for _, column in indexed))


def postgresql_snapshot(connection: psycopg.Connection[Any], tables: Iterable[Table]) -> Snapshot:
    """Every row of *tables*, as text: for a database that holds a handful of orders."""
    return {table.name: _keyed(table, _as_text(connection, table)) for table in tables}


def _as_text(connection: psycopg.Connection[Any], table: Table) -> list[Values]:
    names = list(table.types)
    columns = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names)
    rows = connection.execute(sql.SQL("select {} from {}").format(columns, sql.Identifier(table.name))).fetchall()
    connection.commit()
    return [dict(zip(names, row, strict=True)) for row in rows]


def sqlite_tables(connection: sqlite3.Connection) -> list[Table]:
    """The TABLES as the connected SQLite has them."""
    return [_sqlite_table(connection, name) for name in TABLES]


def _sqlite_table(connection: sqlite3.Connection, name: str) -> Table:
    columns = connection.execute(f"select name, type, pk from pragma_table_info('{name}')").fetchall()
    unique = connection.execute(
        f"select info.name from pragma_index_list('{name}') list, pragma_index_info(list.name) info"
        ' where list."unique"'
    ).fetchall()
    key = tuple(column for column, _, position in sorted(columns, key=lambda row: row[2]) if position)
    types = {column: kind for column, kind, _ in columns}
    return Table(name, key, types, frozenset({column for (column,) in unique} | set(key)))


def sqlite_snapshot(connection: sqlite3.Connection, tables: Iterable[Table]) -> Snapshot:
    """Every row of *tables*, as SQLite stores it."""
    return {table.name: _keyed(table, _as_stored(connection, table)) for table in tables}


def _as_stored(connection: sqlite3.Connection, table: Table) -> list[Values]:
    names = list(table.types)
    columns = ", ".join(f'"{name}"' for name in names)
    rows = connection.execute(f"select {columns} from {table.name}").fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _keyed(table: Table, rows: Iterable[Values]) -> dict[tuple[Any, ...], Values]:
    return {tuple(row[column] for column in table.key): row for row in rows}


def difference(tables: Iterable[Table], before: Snapshot, after: Snapshot) -> list[Write]:
    """What was written between two snapshots, table by table in the order of *tables*, rows by their keys."""
    return [write for table in tables for write in _table_difference(table, before[table.name], after[table.name])]


def _table_difference(
    table: Table, before: dict[tuple[Any, ...], Values], after: dict[tuple[Any, ...], Values]
) -> Iterable[Write]:
    for key, row in after.items():
        if key not in before:
            yield Write(table, row)
        elif row != before[key]:
            changed = {name: value for name, value in row.items() if value != before[key][name]}
            yield Write(table, changed, dict(zip(table.key, key, strict=True)))
