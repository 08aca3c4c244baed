"""What of an order's history a report knows, and what the order is by then."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from workflow.reporting.tally import NOTHING, State, Tally, booked_by
from workflow.state_machine.evolve import evolve
from workflow.state_machine.model import Event, Order

EVERYTHING = 1 << 62


class Entry(NamedTuple):
    """An event with its business day and its position in the feed; EVERYTHING while it has none."""

    event: Event
    business_day: date
    position: int


Histories = Mapping[str, Sequence[Entry]]


class Horizon(NamedTuple):
    """What is known once `day` is closed at `position` of the feed."""

    day: date
    position: int


@dataclass(frozen=True, slots=True)
class Passage:
    """An order's way through a report: as the last closed report knew it, before the day, after it, and in between."""

    booked: State | None
    before: State | None
    after: State
    events: tuple[Event, ...]

    @property
    def order(self) -> Order:
        return self.after.order

    def change(self, day: date) -> Tally:
        """What the report of *day* adds to the books for this order."""
        before = self.before
        was = before.tally if before and before.order.business_day < day else NOTHING
        return booked_by(self.after, day).minus(was)


def known(entries: Sequence[Entry], horizon: Horizon | None) -> int:
    """How many of an order's first events lie within *horizon*.

    Only a run from the start can be folded, so an event waits for those before it, should clocks have differed.
    """
    if horizon is None:
        return 0
    for count, entry in enumerate(entries):
        if entry.business_day > horizon.day or entry.position > horizon.position:
            return count
    return len(entries)


def passages(
    histories: Histories, *, booked: Horizon | None, before: Horizon | None, after: Horizon
) -> Iterator[Passage]:
    """The way of each order that is known by *after*, in the order of their ids."""
    for order_id in sorted(histories):
        entries = histories[order_id]
        counts = [known(entries, horizon) for horizon in (booked, before, after)]
        if counts[-1]:
            states = list(_states(order_id, entries, counts))
            events = tuple(entry.event for entry in entries[counts[1] : counts[2]])
            assert states[2] is not None
            yield Passage(states[0], states[1], states[2], events)


def _states(order_id: str, entries: Sequence[Entry], counts: Iterable[int]) -> Iterator[State | None]:
    """The order after each number of its events, in one fold; *counts* never fall."""
    order: Order | None = None
    voided: set[str] = set()
    folded = 0
    for count in counts:
        for entry in entries[folded:count]:
            order = evolve(order, entry.event, order_id)
            if entry.event.type == "item.voided":
                voided.update(entry.event.data["items"])
        folded = count
        yield State(order, frozenset(voided)) if order else None
