"""Passline on PostgreSQL beside pgbench with the same rows, and with a thousand orders beside a million."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg

from benchmarks import pgbench
from benchmarks.figures import Slice
from benchmarks.fill import fill
from benchmarks.findings import Findings
from benchmarks.options import Options
from benchmarks.pgbench import Script
from benchmarks.product import Product, Web, prepared, running
from benchmarks.recorded import postgresql_snapshot, postgresql_tables
from benchmarks.recording import Recorder, Recording
from benchmarks.rounds import Rounds, turned
from workflow.embedded.postgres import EmbeddedPostgres

FEW = 1000
#: Orders that pgbench's commands and reads choose from.
CHOICE = 20_000


class OnPostgresql:
    """Measures on one durable server; every side has a database of its own, a copy of one with the demo restaurant."""

    def __init__(self, server: EmbeddedPostgres, directory: Path, options: Options, findings: Findings) -> None:
        self._server = server
        self._directory = directory
        self._options = options
        self._findings = findings
        self._create("prepared")
        self._keys = prepared(directory / "prepared", server.url("prepared"))
        self._recording = self._recorded()

    def _recorded(self) -> Recording:
        self._create("recording", "prepared")
        web = self._web("recording").start()
        try:
            with psycopg.connect(self._address("recording")) as connection:
                tables = postgresql_tables(connection)
                return Recorder(web, tables, partial(postgresql_snapshot, connection, tables)).record()
        finally:
            web.stop()

    def beside_pgbench(self) -> Rounds:
        """Orders, commands and reads, each beside pgbench's."""
        self._create("product", "prepared")
        self._create("pgbench", "prepared")
        fill(self._address("pgbench"), self._recording.placed, CHOICE)
        placed = self._recording.placed
        rounds = Rounds("PostgreSQL", before=self._checkpoint)
        with self._product("product") as product:
            orders = [
                ("orders", product.orders),
                ("pgbench order, six", self._pgbench(pgbench.order_in_six_statements(placed))),
                ("pgbench order, one", self._pgbench(pgbench.order_in_one_statement(placed))),
            ]
            commands = [("commands", product.commands), ("pgbench command, six", self._pgbench(*self._commands()))]
            reads = [
                ("unchanged", product.unchanged),
                ("trivial", product.trivial),
                ("pgbench version", self._pgbench(pgbench.version_select(orders=CHOICE))),
            ]
            at_half = [
                [("orders at half", lambda: product.orders_at(rounds.last("orders") / 2))],
                [("commands at half", lambda: product.commands_at(rounds.last("commands") / 2))],
            ]
            rounds.measure([orders, commands, reads, *at_half], self._options.rounds)
        return rounds

    def growth(self) -> Rounds:
        """Orders and commands with few orders in the table, and with many."""
        self._create("few_to_copy", "prepared")
        fill(self._address("few_to_copy"), self._recording.finished, FEW)
        self._create("many", "prepared")
        fill(self._address("many"), self._recording.finished, self._options.many)
        rounds = Rounds("Growth", before=self._checkpoint)
        for number in range(self._options.rounds):
            for size in turned(("few", "many"), number):
                self._grown(rounds, size)
        return rounds

    def _grown(self, rounds: Rounds, size: str) -> None:
        if size == "few":
            # What a round adds would not be few any more in the next one.
            self._create("few", "few_to_copy")
        with self._product(size) as product:
            rounds.take(f"orders, {size}", product.orders)
            rounds.take(f"commands, {size}", product.commands)

    def _checkpoint(self) -> None:
        """What one slice has left to be written is not for the next one to pay, and its log can be used again."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute("checkpoint")

    def _commands(self) -> list[Script]:
        return [
            pgbench.command_in_six_statements(step.writes, step.order_id, step.version, orders=CHOICE)
            for step in self._recording.commands
        ]

    def _pgbench(self, *scripts: Script) -> Callable[[], Slice]:
        return partial(
            pgbench.run,
            self._server,
            self._address("pgbench"),
            scripts,
            self._directory,
            seconds=self._options.seconds,
        )

    @contextmanager
    def _product(self, database: str) -> Iterator[Product]:
        process = self._server.process
        with running(
            self._web(database),
            self._findings,
            seconds=self._options.seconds,
            database=process.pid if process else None,
        ) as product:
            yield product

    def _web(self, database: str) -> Web:
        root = self._directory / f"web-{database}"
        return Web(root, self._server.url(database), self._keys, workers=self._options.web_workers)

    def _address(self, database: str) -> str:
        """How libpq calls *database*."""
        return f"host=127.0.0.1 port={self._server.port} user=postgres dbname={database}"

    def _create(self, database: str, template: str = "template1") -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"drop database if exists {database}")
            connection.execute(f"create database {database} template {template} strategy file_copy")
