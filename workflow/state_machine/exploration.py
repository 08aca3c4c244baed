"""Every order that can come to be within bounds, and whether what is promised of orders is true of each of them.

The search goes breadth first over real orders, made by `decide` and `evolve`, and keeps one of each kind. Two orders
are of one kind when no rule can tell them apart. Moments do not count: every attempt on an order that can be recalled
is made within its recall window, and after. Estimates do not: the few commands that look at them are tried with and
without. Nor do ids, money and texts. Items of equal station, course and condition are interchangeable, and so are the
names of the stations.
"""

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import permutations
from typing import Any

import msgspec

from workflow.state_machine.attempts import LATE, NOW, Attempt, Bounds, attempts, births, condition
from workflow.state_machine.decide import decide, place
from workflow.state_machine.events import stored
from workflow.state_machine.evolve import evolve
from workflow.state_machine.model import CLOSED, Event, Order, OrderStatus
from workflow.state_machine.promises import PROMISES, Broken, Promise, Seen, Step
from workflow.state_machine.refusals import Refusal

Kind = tuple[Any, ...]
Watch = Callable[[int, int], None]
RECALLABLE = (OrderStatus.READY, OrderStatus.COMPLETED)
# Nothing brings these back, and then it no longer counts how far they had come.
GONE = (OrderStatus.CANCELLED, OrderStatus.REJECTED)
COMES_TO_AN_END = "Every open order can still come to an end."
CAN_BE_COMPLETED = "Every open order can still be completed."


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The shortest way found to an order that breaks a promise, and how it does."""

    trail: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    promise: str
    counterexample: Counterexample | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What an exploration saw: kinds of orders, attempts that changed one, were refused, or found it done already."""

    states: int
    transitions: int
    refusals: int
    repeats: int
    verdicts: tuple[Verdict, ...]

    @property
    def hold(self) -> bool:
        return not any(verdict.counterexample for verdict in self.verdicts)


def explore(bounds: Bounds = Bounds(), watch: Watch | None = None) -> Findings:  # noqa: B008
    """Comes upon every kind of order within *bounds*; *watch* is told how many are done and how many are known."""
    exploration = _Exploration(bounds)
    with _uncollected():
        exploration.run(watch or (lambda done, known: None))
    return exploration.findings()


@dataclass(slots=True)
class _Found:
    """The first order of its kind, and how it came to be: by `words` out of the order of number `parent`."""

    order: Order
    words: str
    parent: int | None
    events: Sequence[Event]


@dataclass(slots=True)
class _Exploration:
    bounds: Bounds
    numbers: dict[Kind, int] = field(default_factory=dict)
    found: list[_Found] = field(default_factory=list)
    sources: list[set[int]] = field(default_factory=list)
    broken: dict[Promise, Counterexample] = field(default_factory=dict)
    transitions: int = 0
    refusals: int = 0
    repeats: int = 0

    def run(self, watch: Watch) -> None:
        for words, command in births(self.bounds):
            events = place(command, NOW, "pos")
            self._come_upon(_evolved(None, events)[-1], words, None, events)
        number = 0
        while number < len(self.found):
            self._visit(number)
            number += 1
            watch(number, len(self.found))

    def findings(self) -> Findings:
        """What was seen so far."""
        verdicts = [Verdict(promise.__doc__ or "", self.broken.get(promise)) for promise in PROMISES]
        verdicts.append(self._verdict(COMES_TO_AN_END, CLOSED))
        verdicts.append(self._verdict(CAN_BE_COMPLETED, {OrderStatus.COMPLETED}))
        return Findings(len(self.found), self.transitions, self.refusals, self.repeats, tuple(verdicts))

    def _visit(self, number: int) -> None:
        order = self.found[number].order
        history = self._history(number)
        for at in (NOW, LATE) if order.status in RECALLABLE else (NOW,):
            steps = [_step(order, attempt, LATE if attempt.late else at) for attempt in attempts(order, self.bounds)]
            self._judge(number, Seen(order, history, at, steps))
            for step in steps:
                self._count(step)
                if step.orders:
                    there = self._come_upon(step.orders[-1], step.attempt.words, number, step.events)
                    self.sources[there].add(number)

    def _come_upon(self, order: Order, words: str, parent: int | None, events: Sequence[Event]) -> int:
        """The number of *order*'s kind, a new one if it is the first."""
        number = self.numbers.setdefault(kind(order), len(self.found))
        if number == len(self.found):
            self.found.append(_Found(order, words, parent, [_read_back(event) for event in events]))
            self.sources.append(set())
        return number

    def _count(self, step: Step) -> None:
        if step.events:
            self.transitions += 1
        elif step.refusal:
            self.refusals += 1
        else:
            self.repeats += 1

    def _judge(self, number: int, seen: Seen) -> None:
        for promise in PROMISES:
            if promise not in self.broken and (broken := promise(seen)):
                self.broken[promise] = Counterexample(self._trail(number, broken), broken.detail)

    def _trail(self, number: int, broken: Broken) -> tuple[str, ...]:
        words = [found.words for found in self._line(number)]
        return (*words, broken.attempt.words) if broken.attempt else tuple(words)

    def _history(self, number: int) -> list[Event]:
        return [event for found in self._line(number) for event in found.events]

    def _line(self, number: int | None) -> list[_Found]:
        """How the order of that number came to be, from its birth on."""
        line = []
        while number is not None:
            line.append(self.found[number])
            number = self.found[number].parent
        return line[::-1]

    def _verdict(self, promise: str, ends: Collection[OrderStatus]) -> Verdict:
        """Whether one of *ends* can be reached from every order that is still open."""
        reached = {number for number, found in enumerate(self.found) if found.order.status in ends}
        waiting = list(reached)
        while waiting:
            new = self.sources[waiting.pop()] - reached
            reached |= new
            waiting += new
        for number, found in enumerate(self.found):
            if not found.order.closed and number not in reached:
                trail = self._trail(number, Broken(""))
                return Verdict(promise, Counterexample(trail, f"The order is {found.order.status} for ever."))
        return Verdict(promise)


def kind(order: Order) -> Kind:
    """What *order* has in common with every order that the rules treat alike."""
    gone = order.status in GONE
    conditions = [condition(item)[: 3 if gone else None] for item in order.items]
    renamed = [sorted((names[c[0]], *c[1:]) for c in conditions) for names in _namings({c[0] for c in conditions})]
    career = () if gone else (order.progress, order.priority)
    return order.status, *career, *min(renamed)


def _namings(stations: Collection[Any]) -> Iterator[dict[Any, int]]:
    """Every way to number *stations*."""
    for numbers in permutations(range(len(stations))):
        yield dict(zip(stations, numbers, strict=True))


def _step(order: Order, attempt: Attempt, at: datetime) -> Step:
    events: list[Event] = []
    orders = [order]
    try:
        for command in attempt.commands:
            made = decide(orders[-1], command, at, "explorer")
            orders += _evolved(orders[-1], made)
            events += made
        return Step(attempt, events, orders[1:])
    except Refusal as refusal:
        return Step(attempt, refusal=refusal)
    except Exception as error:
        # Whatever it is, it is a finding: the search goes on, and reports it with the way that led to it.
        return Step(attempt, error=error)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing found is dropped before the end: the garbage collector would look through it again and again in vain."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read_back(event: Event) -> Event:
    """*event* as it is after it was stored."""
    return stored(event.type, event.at, event.actor, msgspec.json.decode(msgspec.json.encode(event.data)))


def _evolved(order: Order | None, events: Sequence[Event]) -> list[Order]:
    """The order after each of *events*."""
    orders = []
    for event in events:
        order = evolve(order, event, "order")
        orders.append(order)
    return orders
