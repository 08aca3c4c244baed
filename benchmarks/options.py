"""What `make bench` may be told."""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "write-path.json"


@dataclass(frozen=True)
class Options:
    """*many* is how many orders make a table full; a *smoke* run only shows that everything still works."""

    rounds: int
    seconds: float
    many: int
    web_workers: int
    output: Path
    directory: Path | None
    smoke: bool


def options(words: list[str] | None = None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the write path.")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, in each of which everything is measured once")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each slice lasts")
    parser.add_argument("--many", type=int, default=1_000_000, help="orders in the table that has grown")
    parser.add_argument("--web-workers", type=int, default=2, help="web processes on PostgreSQL; SQLite has one")
    parser.add_argument("--output", type=Path, default=RESULT, help="the file for the figures")
    parser.add_argument("--directory", type=Path, help="for the databases: a directory on the disk that counts")
    parser.add_argument("--smoke", action="store_true", help="one short round that shows that all of it works")
    given = parser.parse_args(words)
    if given.smoke:
        given.rounds, given.seconds, given.many = 1, 0.7, 20_000
        # What it measures must not stand where the real figures do.
        given.output = given.output if given.output != RESULT else Path(tempfile.gettempdir()) / "passline-smoke.json"
    return Options(**vars(given))
