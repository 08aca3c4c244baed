"""The write path in one run: orders, commands and reads on both databases, beside what the databases do by hand."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import msgspec
import psycopg

from benchmarks import pgbench, product
from benchmarks.conditions import conditions
from benchmarks.figures import Figure, figure, ratio
from benchmarks.findings import Findings
from benchmarks.on_postgresql import FEW, OnPostgresql
from benchmarks.on_sqlite import OnSqlite
from benchmarks.options import Options, options
from benchmarks.report import report
from benchmarks.rounds import Rounds
from benchmarks.sqlite_baseline import PRAGMAS
from workflow.embedded.postgres import EmbeddedPostgres

MEGABYTE = 1 << 20


def main(words: list[str] | None = None) -> int:
    """Measures, prints a table and writes the file; 1 if there were answers that void the figures."""
    told = options(words)
    findings = Findings()
    with _directory(told) as directory:
        result = measured(directory, told, findings)
    told.output.parent.mkdir(parents=True, exist_ok=True)
    told.output.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    print(report(result), f"Written to {told.output}.", sep="\n")
    return 1 if findings.failures else 0


def measured(directory: Path, told: Options, findings: Findings) -> dict[str, object]:
    """All figures, their ratios, and the conditions under which they came about."""
    surroundings = conditions(directory)
    sqlite = OnSqlite(directory / "sqlite", told, findings).beside_sqlite3()
    server = EmbeddedPostgres(directory, durable=True, options=_server_options())
    try:
        on_postgresql = OnPostgresql(server.start(), directory, told, findings)
        durability = _durability(server)
        postgresql, growth = on_postgresql.beside_pgbench(), on_postgresql.growth()
    finally:
        server.remove()
    return {
        "postgresql": _on_postgresql(postgresql, growth),
        "sqlite": _on_sqlite(sqlite),
        "figures": {"postgresql": _figures(postgresql), "growth": _figures(growth), "sqlite": _figures(sqlite)},
        "findings": asdict(findings),
        "conditions": surroundings | _settings(told) | {"postgresql": durability},
    }


def _on_postgresql(rounds: Rounds, growth: Rounds) -> dict[str, float]:
    slices, grown = rounds.slices, growth.slices
    return {
        "orders": ratio(slices["orders"], slices["pgbench order, six"]),
        "orders_to_one_statement": ratio(slices["orders"], slices["pgbench order, one"]),
        "transitions": ratio(slices["commands"], slices["pgbench command, six"]),
        "growth": ratio(grown["orders, many"], grown["orders, few"]),
        "growth_transitions": ratio(grown["commands, many"], grown["commands, few"]),
        "unchanged_to_trivial": ratio(slices["unchanged"], slices["trivial"]),
        "unchanged_to_version_select": ratio(slices["unchanged"], slices["pgbench version"]),
        "orders_p99_at_half": figure(slices["orders at half"]).p99,
        "transitions_p99_at_half": figure(slices["commands at half"]).p99,
    }


def _on_sqlite(rounds: Rounds) -> dict[str, float]:
    slices = rounds.slices
    return {
        "orders": ratio(slices["orders"], slices["sqlite3 order"]),
        "unchanged_to_trivial": ratio(slices["unchanged"], slices["trivial"]),
        "orders_p99_at_half": figure(slices["orders at half"]).p99,
        "transitions_p99_at_half": figure(slices["commands at half"]).p99,
    }


def _figures(rounds: Rounds) -> dict[str, Figure]:
    return {name: figure(slices) for name, slices in rounds.slices.items()}


@contextmanager
def _directory(told: Options) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-", dir=told.directory) as name:
        directory = Path(name).resolve()
        # PostgreSQL may have to run as another user, who must get through to its files.
        directory.chmod(0o711)
        yield directory


def _server_options() -> dict[str, str]:
    """As for a machine of its own, but for this one's memory: durable, and no checkpoint in the middle of a slice."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return {
        "synchronous_commit": "on",
        "shared_buffers": f"{min(2048, memory // 4)}MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
    }


def _durability(server: EmbeddedPostgres) -> dict[str, str]:
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size")
    with psycopg.connect(server.url().replace("+psycopg", "")) as connection:
        return {name: value for name in names for (value,) in connection.execute(f"show {name}")}


def _settings(told: Options) -> dict[str, object]:
    return {
        "rounds": told.rounds,
        "seconds": told.seconds,
        "smoke": told.smoke,
        "web_processes": told.web_workers,
        "clients": product.CLIENTS,
        "items_per_order": product.ITEMS,
        "pgbench": f"{pgbench.CLIENTS} clients, prepared statements",
        "orders_few": FEW,
        "orders_many": told.many,
        "sqlite": sqlite3.sqlite_version,
        "sqlite3_pragmas": PRAGMAS,
    }
