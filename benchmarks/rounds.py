"""Measures several things in turn, round after round, so that what disturbs the machine disturbs all of them."""

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from benchmarks.figures import Slice

T = TypeVar("T")
Group = Sequence[tuple[str, Callable[[], Slice]]]


class Rounds:
    """The slices of all rounds, by name; *before* is called before each."""

    def __init__(self, title: str, before: Callable[[], object] = lambda: None) -> None:
        self.slices: dict[str, list[Slice]] = defaultdict(list)
        self._title = title
        self._before = before

    def last(self, name: str) -> float:
        """The rate of the latest slice called *name*."""
        return self.slices[name][-1].rate

    def measure(self, groups: Sequence[Group], rounds: int) -> None:
        """Takes one slice of everything a round. What is compared is a group, turned round in every other round."""
        for number in range(rounds):
            for group in groups:
                for name, slice_of in turned(group, number):
                    self.take(name, slice_of)

    def take(self, name: str, slice_of: Callable[[], Slice]) -> None:
        self._before()
        taken = slice_of()
        self.slices[name].append(taken)
        told = f"{taken.rate:10,.0f}/s  p50 {taken.p50:7.2f} ms  p99 {taken.p99:7.2f} ms"
        where = f"{self._title}, round {len(self.slices[name])}"
        print(f"{where:<20} {name:<24}{told}", file=sys.stderr, flush=True)


def turned(members: Sequence[T], number: int) -> Sequence[T]:
    """*members* as they are, or the other way round in every other round."""
    return members if number % 2 == 0 else members[::-1]
