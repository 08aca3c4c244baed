"""The kitchen played forward: every station takes the next dish of its queue as soon as a place is free.

The median is what comes of it; nine of ten orders are expected within SAFETY times that lead. (Whitt 1999 and Ibrahim
& Whitt 2009 on predicting delays from the queue ahead and elapsed service; Hopp & Sturgis 2001 on the safety lead.)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heapify, heapreplace

from workflow.state_machine.model import ItemStatus, OrderStatus

SAFETY = 1.35
LEAST_REST = 0.15
FARTHEST_SECONDS = 7 * 86_400.0
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order that is still to be cooked."""

    station: str
    prep_seconds: int
    quantity: int = 1
    course: int = 1
    status: ItemStatus = ItemStatus.PENDING
    fired_at: datetime | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """An order as far as the kitchen's time is concerned; `shown_*` is the estimate that it has."""

    order_id: str
    status: OrderStatus
    placed_at: datetime
    lines: Sequence[Line] = ()
    priority: bool = False
    delay_seconds: int = 0
    scheduled_for: datetime | None = None
    shown_ready_at: datetime | None = None
    shown_ready_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The median, and the moment by which nine of ten such orders are ready."""

    ready_at: datetime
    ready_by: datetime


class Kitchen:
    """The stations of a location at one moment, with a place for each dish that is cooked at once."""

    def __init__(self, slots: Mapping[str, int], at: datetime) -> None:
        self._at = at
        self._slots = slots
        self._free_in: dict[str, list[float]] = {}

    def cook_on(self, line: Line) -> float:
        """Seconds until *line*, which is being cooked, is ready. It has its place, whoever else is there."""
        elapsed = (self._at - line.started_at).total_seconds() if line.started_at else 0.0
        longest = 0.0
        for seconds in self._shares(line):
            longest = max(seconds - elapsed, LEAST_REST * seconds)
            places = self._places(line.station)
            heapreplace(places, max(places[0], longest))
        return longest

    def cook(self, line: Line, not_before: float = 0.0) -> float:
        """Seconds until *line* is ready, if it is the next in its queue and begun *not_before* so many seconds."""
        places = self._places(line.station)
        end = not_before
        for seconds in self._shares(line):
            end = max(places[0], not_before) + seconds
            heapreplace(places, end)
        return end

    def load_seconds(self, station: str) -> int:
        """How much work a place of *station* has ahead of it, on average."""
        places = self._places(station)
        return round(sum(places) / len(places))

    def _places(self, station: str) -> list[float]:
        if station not in self._free_in:
            self._free_in[station] = [0.0] * max(self._slots.get(station, 1), 1)
            heapify(self._free_in[station])
        return self._free_in[station]

    def _shares(self, line: Line) -> list[float]:
        """A line of several pieces takes as many places as there are, and each of them for its share of the pieces."""
        side_by_side = min(line.quantity, len(self._places(line.station)))
        return [line.prep_seconds * -(-line.quantity // side_by_side)] * side_by_side


def leads(tickets: Iterable[Ticket], slots: Mapping[str, int], at: datetime) -> dict[str, float]:
    """Seconds from *at* until each order is cooked. Held courses follow what was fired, at everybody's tail."""
    return _played(tickets, Kitchen(slots, at))


def loads(tickets: Iterable[Ticket], slots: Mapping[str, int], at: datetime) -> dict[str, int]:
    """Seconds of work that each station has ahead of it."""
    kitchen = Kitchen(slots, at)
    _played(tickets, kitchen)
    return {station: kitchen.load_seconds(station) for station in slots}


def estimate(ticket: Ticket, lead: float, at: datetime) -> Estimate:
    """A scheduled order is not ready before its time, however little there is to do."""
    ready_at, ready_by = (_moment(ticket, lead * factor, at) for factor in (1.0, SAFETY))
    return Estimate(ready_at, ready_by)


def _moment(ticket: Ticket, lead: float, at: datetime) -> datetime:
    soonest = at + timedelta(seconds=round(lead))
    if ticket.status == OrderStatus.SCHEDULED and ticket.scheduled_for:
        soonest = max(soonest, ticket.scheduled_for)
    return soonest + timedelta(seconds=ticket.delay_seconds)


def _played(tickets: Iterable[Ticket], kitchen: Kitchen) -> dict[str, float]:
    """Seconds until each order is cooked, FARTHEST_SECONDS at most: one absurd order must not end all estimates."""
    ordered = sorted(tickets, key=lambda ticket: (not ticket.priority, ticket.placed_at, ticket.order_id))
    ends = dict.fromkeys((ticket.order_id for ticket in ordered), 0.0)
    for ticket, line in _lines(ordered, ItemStatus.PREPARING):
        ends[ticket.order_id] = max(ends[ticket.order_id], kitchen.cook_on(line))
    fired = sorted(_lines(ordered, ItemStatus.PENDING), key=_turn)
    for ticket, line in fired:
        ends[ticket.order_id] = max(ends[ticket.order_id], kitchen.cook(line))
    for ticket in ordered:
        ends[ticket.order_id] = min(_held_courses(ticket, kitchen, ends[ticket.order_id]), FARTHEST_SECONDS)
    return ends


def _held_courses(ticket: Ticket, kitchen: Kitchen, end: float) -> float:
    held = [line for line in ticket.lines if line.status == ItemStatus.HELD]
    for course in sorted({line.course for line in held}):
        end = max(kitchen.cook(line, end) for line in held if line.course == course)
    return end


def _lines(tickets: Iterable[Ticket], status: ItemStatus) -> list[tuple[Ticket, Line]]:
    return [(ticket, line) for ticket in tickets for line in ticket.lines if line.status == status]


def _turn(waiting: tuple[Ticket, Line]) -> tuple[bool, datetime]:
    """Rushed orders first, then as the lines came to the screen, then what is not on one yet."""
    ticket, line = waiting
    if ticket.status == OrderStatus.SCHEDULED:
        return True, LAST
    return not ticket.priority, line.fired_at or ticket.placed_at
