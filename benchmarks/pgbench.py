"""What PostgreSQL does by itself with the same rows: pgbench, one transaction per order, in prepared mode."""

import math
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import cpu
from benchmarks.figures import Slice, percentile
from benchmarks.recorded import Write
from benchmarks.spelling import Spelling, by_table, columns, order_of, placed
from workflow.embedded.postgres import EmbeddedPostgres

CLIENTS = 16
#: For texts that no two orders may share: the run, the client of that run, its number there.
UNIQUE = "'bench-' || :run::text || '-' || :client_id::text || '-' || :n::text"


@dataclass(frozen=True)
class Script:
    """A pgbench script, and the texts that it binds by variable."""

    text: str
    bound: dict[str, str] = field(default_factory=dict)


def order_in_six_statements(writes: Sequence[Write]) -> Script:
    """An order as a good hand-written application writes it: BEGIN, one insert a table, COMMIT."""
    spelling = Spelling(placed(writes), ":id", UNIQUE)
    lines = []
    for table, rows in by_table(writes):
        instead, ending = ({"id": "uuidv7()"}, r" returning id \gset") if table.name == "orders" else ({}, ";")
        values = ", ".join(f"({spelling.row(table, row, instead)})" for row in rows)
        lines.append(f"insert into {table.name} ({columns(rows[0])}) values {values}{ending}")
    return Script("\n".join([r"\set n :n + 1", "begin;", *lines, "commit;", ""]), spelling.bound)


def order_in_one_statement(writes: Sequence[Write]) -> Script:
    """The same rows in one statement, which commits by itself."""
    spelling = Spelling(placed(writes), "made.id", UNIQUE)
    parts = ["made as materialized (select uuidv7() as id)"]
    for table, rows in by_table(writes):
        selects = " union all ".join(f"select {spelling.row(table, row)} from made" for row in rows)
        parts.append(f"new_{table.name} as (insert into {table.name} ({columns(rows[0])}) {selects})")
    return Script(f"\\set n :n + 1\nwith {', '.join(parts)} select id from made;\n", spelling.bound)


def command_in_six_statements(writes: Sequence[Write], order_id: str, version: int, *, orders: int) -> Script:
    """A command on one of *orders* filled ones: BEGIN, lock and read, the updates, one insert a table, COMMIT."""
    spelling = Spelling(order_id, ":id", UNIQUE, version=version)
    updates = [_update(spelling, write) for write in writes if write.key]
    inserts = [
        f"insert into {table.name} ({columns(rows[0])}) values "
        + ", ".join(f"({spelling.row(table, row)})" for row in rows)
        for table, rows in by_table(write for write in writes if not write.key)
    ]
    found = f"select id, version, status from orders where id = {order_of(':k')} for update \\gset"
    statements = [f"{statement};" for statement in [*updates, *inserts, "commit"]]
    return Script("\n".join([rf"\set k random(1, {orders})", "begin;", found, *statements, ""]), spelling.bound)


def version_select(*, orders: int) -> Script:
    """Reads the version of one of *orders* filled ones, the least that a read must do."""
    return Script(f"\\set k random(1, {orders})\nselect version from orders where id = {order_of(':k')};\n")


def _update(spelling: Spelling, write: Write) -> str:
    changes = ", ".join(spelling.assignments(write.table, write.values))
    found = " and ".join(spelling.assignments(write.table, write.key or {}))
    return f"update {write.table.name} set {changes} where {found}"


def run(
    server: EmbeddedPostgres, database: str, scripts: Sequence[Script], directory: Path, *, seconds: float
) -> Slice:
    """Runs *scripts*, each as often as the others, on *database*, a libpq address. Raises if one of them fails."""
    for old in directory.glob("pgbench*"):
        old.unlink()
    words = [word for number, script in enumerate(scripts) for word in _words(directory, number, script)]
    before = _cpu(server)
    done = subprocess.run(
        [
            *(server.tool("pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2"),
            *("-T", str(max(1, round(seconds))), "-D", "n=0", "-D", f"run={os.urandom(4).hex()}"),
            *("--log", "--log-prefix", str(directory / "pgbench"), *words, database),
        ],
        capture_output=True,
        text=True,
    )
    rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or not rate or "number of failed transactions: 0 " not in done.stdout:
        raise RuntimeError(f"pgbench failed: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    spent = {side: seconds - before[side] for side, seconds in _cpu(server).items()}
    took = sorted(_milliseconds(directory))
    return Slice(float(rate[1]), len(took), percentile(took, 0.5), percentile(took, 0.99), spent)


def _cpu(server: EmbeddedPostgres) -> dict[str, float]:
    ours = os.times()
    database = cpu.used(server.process.pid) if server.process else math.nan
    return {"load": ours.children_user + ours.children_system, "database": database}


def _words(directory: Path, number: int, script: Script) -> list[str]:
    """*script*'s part of the command line. Scripts that run together have variables of their own."""
    file = directory / f"pgbench-{number}.sql"
    file.write_text(re.sub(r":v(\d+)", rf":s{number}v\1", script.text))
    return ["-f", str(file), *(f"-Ds{number}{name}={text}" for name, text in script.bound.items())]


def _milliseconds(directory: Path) -> Iterable[float]:
    for log in directory.glob("pgbench.*"):
        for line in log.read_text().splitlines():
            yield int(line.split(maxsplit=3)[2]) / 1000
