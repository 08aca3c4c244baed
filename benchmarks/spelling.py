"""Spells recorded rows as SQL for another order: what has to be new is made anew, the rest is as it was recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from benchmarks.recorded import Table, Values, Write

WHOLE_NUMBERS = {"integer", "bigint", "smallint"}


@dataclass
class Spelling:
    """How the values of one recorded order are spelt.

    *order* is the expression for the order's id, *unique* one for texts that no two orders may share, *now* one for
    every time, and *today* one for every date. Versions go on from *version* where it is given. Other texts are bound
    as parameters (collected in *bound*), as a driver does it: as literals a server would parse them once only.
    """

    order_id: str
    order: str
    unique: str
    now: str = "now()"
    today: str | None = None
    version: int | None = None
    prefix: str = "v"
    bound: dict[str, str] = field(default_factory=dict)

    def row(self, table: Table, values: Values, instead: Mapping[str, str] | None = None) -> str:
        """*values* as a list of expressions; *instead* has those of single columns."""
        instead = instead or {}
        return ", ".join(instead.get(name) or self.value(table, name, value) for name, value in values.items())

    def assignments(self, table: Table, values: Values) -> list[str]:
        return [f'"{name}" = {self.value(table, name, value)}' for name, value in values.items()]

    def value(self, table: Table, column: str, value: str | None) -> str:
        kind = table.types[column]
        if value is None:
            return f"null::{kind}"
        if value == self.order_id:
            return f"({self.order})::{kind}"
        if kind in WHOLE_NUMBERS:
            return self._number(column, int(value))
        return self._new(table, column, value) or f"{self.text(value)}::{kind}"

    def _new(self, table: Table, column: str, value: str) -> str | None:
        """The expression of what is another for every order, or None."""
        kind = table.types[column]
        if kind == "uuid":
            return "uuidv7()"
        if kind.startswith("timestamp"):
            return self.now
        if kind == "date":
            return self.today
        # A key of several columns also holds names, of the location for example, which stay.
        return self.unique if column in table.unique and any(sign.isdigit() for sign in value) else None

    def _number(self, column: str, value: int) -> str:
        follows = self.version is not None and column.endswith("version")
        return f":version + {value - (self.version or 0)}" if follows else str(value)

    def text(self, value: str) -> str:
        names = {text: name for name, text in self.bound.items()}
        name = names.get(value) or f"{self.prefix}{len(self.bound)}"
        self.bound[name] = value
        return f":{name}"


class Literally(Spelling):
    """Spells texts as literals, for statements that run once."""

    def text(self, value: str) -> str:
        return "'" + value.replace("'", "''") + "'"


def by_table(writes: Iterable[Write]) -> list[tuple[Table, list[Values]]]:
    """The rows of *writes*, table by table."""
    groups = groupby(writes, lambda write: write.table.name)
    return [(rows[0].table, [row.values for row in rows]) for rows in (list(group) for _, group in groups)]


def columns(row: Values) -> str:
    return ", ".join(f'"{name}"' for name in row)


def placed(writes: Iterable[Write]) -> str:
    """The id of the order that *writes* place."""
    return str(next(write.values["id"] for write in writes if write.table.name == "orders" and write.key is None))


def order_of(number: str) -> str:
    """The id of the *number*th order of a fill, as an expression; in time order, like the UUIDv7 that it looks like."""
    return f"('01900000-0000-7000-8000-' || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"
