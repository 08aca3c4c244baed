"""Passline on SQLite beside plain `sqlite3` with the same rows."""

import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks.findings import Findings
from benchmarks.options import Options
from benchmarks.product import Web, prepared, running
from benchmarks.recorded import Write, sqlite_snapshot, sqlite_tables
from benchmarks.recording import Recorder
from benchmarks.rounds import Rounds
from benchmarks.sqlite_baseline import Baseline


class OnSqlite:
    """Measures on files in *directory*; every side has a file of its own, a copy of one with the demo restaurant."""

    def __init__(self, directory: Path, options: Options, findings: Findings) -> None:
        self._directory = directory
        self._options = options
        self._findings = findings
        self._keys = prepared(directory, self._url("prepared"))

    def beside_sqlite3(self) -> Rounds:
        """Orders beside a loop of plain `sqlite3`, and commands and reads by themselves."""
        rounds = Rounds("SQLite")
        with (
            closing(Baseline(self._copy("baseline"), self._recorded())) as baseline,
            running(self._web("product"), self._findings, seconds=self._options.seconds) as product,
        ):
            rounds.measure(
                [
                    [("orders", product.orders), ("sqlite3 order", partial(baseline.run, self._options.seconds))],
                    [("commands", product.commands)],
                    [("unchanged", product.unchanged), ("trivial", product.trivial)],
                    [("orders at half", lambda: product.orders_at(rounds.last("orders") / 2))],
                    [("commands at half", lambda: product.commands_at(rounds.last("commands") / 2))],
                ],
                self._options.rounds,
            )
        return rounds

    def _recorded(self) -> list[Write]:
        web = self._web("recording").start()
        try:
            with closing(sqlite3.connect(self._file("recording"))) as connection:
                tables = sqlite_tables(connection)
                return Recorder(web, tables, partial(sqlite_snapshot, connection, tables)).placed()
        finally:
            web.stop()

    def _web(self, name: str) -> Web:
        self._copy(name)
        return Web(self._directory / f"web-{name}", self._url(name), self._keys, workers=1)

    def _copy(self, name: str) -> Path:
        # Whoever wrote the file has closed it, so nothing is left in its write-ahead log.
        return Path(shutil.copy(self._file("prepared"), self._file(name)))

    def _file(self, name: str) -> Path:
        return self._directory / f"{name}.db"

    def _url(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"
