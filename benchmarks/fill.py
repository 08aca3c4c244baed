"""Fills a PostgreSQL with as many orders as a test of growth wants, each with the rows that a real one left."""

from collections.abc import Iterator, Sequence

import psycopg

from benchmarks.recorded import Table, Values, Write
from benchmarks.spelling import Literally, by_table, columns, order_of, placed

ORDERS_A_DAY = 1000
STEP = 50_000


def fill(database: str, writes: Sequence[Write], orders: int) -> None:
    """Writes *orders* copies of the order that *writes* place, spread over the days before now, and tidies up.

    What it makes is what the dispatcher and the workers have dealt with: its events are numbered and its jobs done.
    """
    with psycopg.connect(database, autocommit=True) as connection:
        # Without the triggers of foreign keys, which these rows satisfy, and without waiting for the disk every step.
        connection.execute("set session_replication_role = replica")
        connection.execute("set synchronous_commit = off")
        for first in range(1, orders + 1, STEP):
            for statement in _statements(writes, first, min(first + STEP - 1, orders), orders):
                connection.execute(statement)
        connection.execute("vacuum (analyze)")
        connection.execute("checkpoint")


def _statements(writes: Sequence[Write], first: int, last: int, orders: int) -> Iterator[str]:
    spelling = Literally(placed(writes), order_of("k"), "'fill-' || k", now="at", today="at::date")
    for table, rows in by_table(writes):
        selects = " union all ".join(
            f"select {spelling.row(table, row, _dealt_with(table, row, f'k * {len(rows)} + {number}'))} from made"
            for number, row in enumerate(rows)
        )
        yield (
            f"with made as (select k, now() - ({orders} - k) * interval '{86400 / ORDERS_A_DAY} seconds' as at"
            f" from generate_series({first}, {last}) k)"
            f" insert into {table.name} ({columns(rows[0])}) {selects}"
        )


def _dealt_with(table: Table, row: Values, position: str) -> dict[str, str]:
    if table.name == "events":
        return {"position": position}
    if table.name == "jobs" and row["state"] == "pending":
        return {"state": "'done'", "attempts": "1", "done_at": "at"}
    return {}
