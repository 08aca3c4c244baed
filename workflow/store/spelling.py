"""What the hot path says to a database, whichever it is.

Rows come as JSON: the databases build it in C, as msgspec reads it, so that a row costs a few microseconds of Python
where a typed result set costs fifty (docs/adr/0001). They go as tuples, which each database takes in its own way.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeVar

import sqlalchemy as sa

Row = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Columns:
    """What the values of rows are, in their order. A `key` comes first, and finds a row that is to be changed."""

    table: sa.Table
    names: tuple[str, ...]
    key: tuple[str, ...] = ()

    @property
    def all(self) -> list[sa.Column[Any]]:
        return [self.table.c[name] for name in (*self.key, *self.names)]


class Statement(NamedTuple):
    """A statement and what goes with it, as its own spelling made them; `many`: for each of its parameters.

    `formats`: of each parameter, where they are not all text.
    """

    text: str
    parameters: Any
    many: bool = False
    formats: Sequence[int] | None = None


def idle() -> None:
    """Nothing else is to be done."""


class Step(NamedTuple):
    """Statements that go to the database together. `last`: the transaction may be committed in the same breath.

    `ahead` goes before them, and what it finds comes first; where our transaction has not begun yet, it has one of its
    own, which does not wait for the disk. `meanwhile` is called once all but the last statement is done: a commit waits
    for the disk, and leaves the processor to others.
    """

    statements: Sequence[Statement]
    ahead: Sequence[Statement] = ()
    last: bool = False
    meanwhile: Callable[[], object] = idle


Found = list[list[bytes]]
Told = TypeVar("Told")
# What wants to be asked, step by step; whoever carries it out decides whether to block or to await.
Conversation = Generator[Step, Found, Told]


class Spelling(Protocol):
    """How one database says it."""

    def exchange(self, connection: sa.Connection, step: Step) -> Found:
        """The rows that each statement finds, in their order; a row is one column, as text."""

    def select(
        self,
        table: sa.Table,
        wanted: Mapping[str, Sequence[str]],
        *,
        columns: Sequence[str] = (),
        order: str = "",
        lock: bool = False,
    ) -> Statement:
        """Rows as JSON objects, of all *columns* if none is named; theirs is one of the *wanted* values each."""

    def take_numbers(self, location_id: str, day: date, count: int) -> Statement:
        """Count *count* orders more of that day; finds the number of the last one."""

    def give_back(self, location_id: str, day: date, count: int, last: int) -> Statement:
        """Count *count* orders less, if *last* is still the number of the last one."""

    def write(self, columns: Columns, rows: Sequence[Row]) -> Statement:
        """New rows, or changes of those that the key finds."""
