"""A state machine as a table: rows of (action, from, to, event, guards), checked when it is built."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

import msgspec

from workflow.state_machine.model import Item, Order
from workflow.state_machine.refusals import TransitionRefusal


class Ask(msgspec.Struct, frozen=True):
    """What a guard may look at: the order, the item if one was named, what came with the command, and the moment."""

    order: Order
    at: datetime
    item: Item | None = None
    reason: str | None = None
    course: int | None = None


class Objection(msgspec.Struct, frozen=True):
    """A guard's no: a sentence, and the ids of the items that are in the way."""

    detail: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """A sentence that is true when all is well, and the refusal that follows when it is not."""

    name: str
    refusal: type[TransitionRefusal]
    objection: Callable[[Ask], Objection | None]
    of_command: bool = False

    @property
    def doc(self) -> str:
        return (self.objection.__doc__ or "").strip()


@dataclass(frozen=True)
class Transition:
    """One row. `target` None: the status stays, or follows from the items.

    `explains`: statuses from which the move does not exist, yet a guard gives the better reason.
    `repeatable`: asking again when the target is reached is a no-op. `internal`: nobody may ask for it from outside.
    """

    action: str
    sources: frozenset[StrEnum]
    target: StrEnum | None
    event: str
    guards: tuple[Guard, ...] = ()
    explains: frozenset[StrEnum] = frozenset()
    repeatable: bool = False
    internal: bool = False

    @cached_property
    def about_the_order(self) -> tuple[Guard, ...]:
        """The guards that judge the order, whatever comes with the command."""
        return tuple(guard for guard in self.guards if not guard.of_command)


def row(
    action: str,
    sources: StrEnum | Iterable[StrEnum],
    target: StrEnum | None,
    event: str,
    guards: Sequence[Guard] = (),
    *,
    explains: Iterable[StrEnum] = (),
    repeatable: bool = False,
    internal: bool = False,
) -> Transition:
    froms = frozenset([sources] if isinstance(sources, StrEnum) else sources)
    return Transition(action, froms, target, event, tuple(guards), frozenset(explains), repeatable, internal)


class MisdrawnMachine(Exception):
    """The table of a machine contradicts itself."""


class StateMachine:
    """A named table of transitions over `statuses`.

    Raises MisdrawnMachine when two rows answer one action in one status, a status cannot be reached from `initial`,
    or no final status can be reached from one. `actions` are those that can be asked for from outside, in its order.
    """

    def __init__(
        self,
        name: str,
        *,
        statuses: type[StrEnum],
        initial: Iterable[StrEnum],
        final: Iterable[StrEnum],
        transitions: Sequence[Transition],
    ) -> None:
        self.name = name
        self.statuses = statuses
        self.initial = frozenset(initial)
        self.final = frozenset(final)
        self.transitions = tuple(transitions)
        self.actions = tuple(dict.fromkeys(row.action for row in self.transitions if not row.internal))
        self._rows = self._index()
        in_order = sorted(self.transitions, key=lambda row: row.action)
        self._rows_from = {
            status: tuple(row for row in in_order if status in row.sources | row.explains and not row.internal)
            for status in statuses
        }
        self._rows_between = {
            (source, target): tuple(row for row in self.transitions if source in row.sources and row.target == target)
            for source in statuses
            for target in statuses
        }
        self._repeats = frozenset((row.action, row.target) for row in self.transitions if row.repeatable)
        self._check()

    def find(self, action: str, status: StrEnum) -> Transition | None:
        """The row for *action* in *status*; also one that exists only to explain its refusal."""
        return self._rows.get((action, status))

    def repeats(self, action: str, status: StrEnum) -> bool:
        """Whether *action* has its effect already in *status*."""
        return (action, status) in self._repeats

    def rows_from(self, status: StrEnum) -> tuple[Transition, ...]:
        """The rows that somebody in *status* may ask for, by action, those that only explain included."""
        return self._rows_from[status]

    def rows_between(self, source: StrEnum, target: StrEnum) -> tuple[Transition, ...]:
        """The rows, internal ones too, that lead from *source* to *target*."""
        return self._rows_between[source, target]

    def _index(self) -> dict[tuple[str, StrEnum], Transition]:
        rows: dict[tuple[str, StrEnum], Transition] = {}
        for transition in self.transitions:
            for status in transition.sources | transition.explains:
                if (transition.action, status) in rows:
                    raise MisdrawnMachine(f"{self.name}: two rows for {transition.action} in {status}")
                rows[transition.action, status] = transition
        return rows

    def _check(self) -> None:
        arrows = {(source, t.target) for t in self.transitions for source in t.sources if t.target is not None}
        every = set(self.statuses)
        if unreachable := every - closure(self.initial, arrows):
            raise MisdrawnMachine(f"{self.name}: nothing leads to {sorted(unreachable)}")
        backwards = {(target, source) for source, target in arrows}
        if stuck := every - closure(self.final, backwards):
            raise MisdrawnMachine(f"{self.name}: no end can be reached from {sorted(stuck)}")


def closure(start: Iterable[StrEnum], arrows: set[tuple[StrEnum, StrEnum]]) -> set[StrEnum]:
    """Everything that can be reached from *start* along *arrows*, *start* included."""
    reached, waiting = set(start), list(start)
    while waiting:
        here = waiting.pop()
        for source, target in arrows:
            if source == here and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
