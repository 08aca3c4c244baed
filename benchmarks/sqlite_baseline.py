"""What SQLite does by itself with the same rows: plain `sqlite3`, one transaction per order, waiting for the disk."""

import re
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Slice, percentile
from benchmarks.recorded import Write
from benchmarks.spelling import by_table, columns, placed
from workflow.ids import new_id

PRAGMAS = ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "cache_size = -65536")
#: Orders whose rows are made in advance, outside the measured time.
AHEAD = 200
ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Rows = list[list[tuple[Any, ...]]]


class Baseline:
    """One connection that writes copies of the order that *writes* place into the database *file*."""

    def __init__(self, file: Path, writes: Sequence[Write]) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"pragma {pragma}")
        self._order_id = placed(writes)
        self._tables = by_table(writes)
        self._statements = [
            f"insert into {table.name} ({columns(rows[0])}) values ({', '.join('?' * len(rows[0]))})"
            for table, rows in self._tables
        ]
        self._made = 0

    def run(self, seconds: float) -> Slice:
        """Writes orders for *seconds*; making their rows does not count."""
        took: list[float] = []
        spent = cpu = 0.0
        while spent < seconds:
            ahead = [self._rows() for _ in range(AHEAD)]
            before = time.process_time()
            took += [self._write(rows) for rows in ahead]
            cpu += time.process_time() - before
            spent += sum(took[-AHEAD:])
        ascending = sorted(took)
        p50, p99 = (percentile(ascending, share) * 1000 for share in (0.5, 0.99))
        return Slice(len(took) / spent, len(took), p50, p99, {"database": cpu})

    def _write(self, order: Rows) -> float:
        began = time.perf_counter()
        self._connection.execute("begin immediate")
        for statement, rows in zip(self._statements, order, strict=True):
            self._connection.executemany(statement, rows)
        self._connection.execute("commit")
        return time.perf_counter() - began

    def _rows(self) -> Rows:
        self._made += 1
        ids = {self._order_id: new_id()}
        return [
            [tuple(self._anew(table.unique, ids, *cell) for cell in row.items()) for row in rows]
            for table, rows in self._tables
        ]

    def _anew(self, unique: frozenset[str], ids: dict[str, str], column: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if ID.fullmatch(value):
            return ids.setdefault(value, new_id())
        if column in unique and any(sign.isdigit() for sign in value):
            return f"bench-{self._made:010}"
        return value

    def close(self) -> None:
        self._connection.close()
