"""Lives one order over HTTP and takes down every row that it leaves."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import product
from benchmarks.recorded import Snapshot, Table, Write, difference


@dataclass(frozen=True)
class Step:
    """One command: on which order at which version, and what it wrote."""

    order_id: str
    version: int
    writes: list[Write]


@dataclass(frozen=True)
class Recording:
    """What placing an order writes, what each command of its `life` writes, and what a shorter life leaves behind."""

    placed: list[Write]
    commands: list[Step]
    finished: list[Write]


class Recorder:
    """Records on a database of a handful of orders, whose rows *snapshot* reads."""

    def __init__(self, web: product.Web, tables: list[Table], snapshot: Callable[[], Snapshot]) -> None:
        self._web = web
        self._tables = tables
        self._snapshot = snapshot
        self._before = snapshot()

    def record(self) -> Recording:
        # The first order of a day may write what the others do not.
        product.place(self._web, "recording-0")
        self._writes()
        order = product.place(self._web, "recording-1")
        placed = self._writes()
        commands = [self._step(order.id, path) for path in product.life(order)]
        return Recording(placed, commands, self._finished())

    def placed(self) -> list[Write]:
        """Only what placing an order writes."""
        product.place(self._web, "recording-0")
        self._writes()
        product.place(self._web, "recording-1")
        return self._writes()

    def _step(self, order_id: str, path: str) -> Step:
        version = int(self._before["orders"][(order_id,)]["version"])
        product.command(self._web, path)
        return Step(order_id, version, self._writes())

    def _finished(self) -> list[Write]:
        order = product.place(self._web, "recording-2")
        for action in ("bump", "complete"):
            product.command(self._web, f"/v1/orders/{order.id}/{action}")
        return self._writes()

    def _writes(self) -> list[Write]:
        """What was written since the last time."""
        before, self._before = self._before, self._snapshot()
        return difference(self._tables, before, self._before)
