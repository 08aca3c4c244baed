"""Everything that can be asked of a small order, the nonsense included."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Any

from workflow.state_machine.commands import (
    AddItems,
    AddPayment,
    AdvanceItem,
    AdvanceOrder,
    AdvanceTicket,
    Command,
    EstimateOrder,
    MarkOverdue,
    PlaceOrder,
    ReleaseOrder,
    SetStatus,
)
from workflow.state_machine.machine import StateMachine
from workflow.state_machine.model import Item, Order, OrderStatus, Payment, new_item
from workflow.state_machine.tables import ITEM, ORDER

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATE = NOW + timedelta(days=1)
RECALL_SECONDS = 600
REASON = "the guest has left"
ORDER_SUBJECT = "order"
NONSENSE = "juggle"
REASONED = ("reject", "cancel", "void")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large an order may get: so many items at most, over courses 1, 2, … and as many stations."""

    items: int = 3
    courses: int = 2
    stations: int = 2

    @property
    def places(self) -> list[tuple[int, str]]:
        """Every course and station that an item can have."""
        return list(product(range(1, self.courses + 1), "ABCDEFGH"[: self.stations]))


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is asked, in words and as the commands that are given one after the other.

    `action` where it is one that the `subject` (the order, an item, a ticket) could offer; `late` to be asked when
    every promised moment has passed.
    """

    words: str
    commands: tuple[Command, ...]
    subject: str = ORDER_SUBJECT
    action: str | None = None
    late: bool = False


def births(bounds: Bounds) -> Iterator[tuple[str, PlaceOrder]]:
    """Every way in which an order begins."""
    for count in range(1, bounds.items + 1):
        for places in combinations_with_replacement(bounds.places, count):
            items = tuple(_item(line, place) for line, place in enumerate(places, start=1))
            described = ", ".join(map(_described, items))
            yield f"place {described}; scheduled", _placing(items, scheduled_for=LATE)
            yield f"place {described}; to be accepted", _placing(items, accept_by=LATE)
            yield f"place {described}; accepted at once", _placing(items, confirm=True)


def attempts(order: Order, bounds: Bounds) -> Iterator[Attempt]:
    """Everything that can be asked of *order*; of items that are alike, one stands for all."""
    yield from _order_attempts(bounds)
    alike = {condition(item): item for item in reversed(order.items)}
    for item in alike.values():
        yield from _item_attempts(item.id)
    for station in {item.station for item in order.items}:
        yield from _ticket_attempts(station)
    if len(order.items) < bounds.items:
        yield from _additions(len(order.items) + 1, bounds)
    yield from ASIDE


def item_subject(item_id: str) -> str:
    return f"item {item_id}"


def condition(item: Item) -> tuple[str | int | bool, ...]:
    """All that the rules look at in an item; only the first three, once the order is cancelled or rejected."""
    return item.station, item.status, item.acknowledged_at is not None, item.course, item.touched


@cache
def _order_attempts(bounds: Bounds) -> tuple[Attempt, ...]:
    courses = (*range(1, bounds.courses + 2), None)
    actions = [
        Attempt(f"{action} the order{words}", (AdvanceOrder(action, **manner),), action=action)
        for action in _every_action(ORDER)
        for words, manner in _manners(action, courses)
    ]
    statuses = [
        Attempt(f"set the status {status}", (SetStatus(status, REASON),)) for status in (*OrderStatus, NONSENSE)
    ]
    silent = [
        Attempt(f"set the status {status} without notes", (SetStatus(status),))
        for status in (OrderStatus.CANCELLED, OrderStatus.REJECTED)
    ]
    return (*actions, *statuses, *silent)


@cache
def _item_attempts(item_id: str) -> tuple[Attempt, ...]:
    subject = item_subject(item_id)
    return tuple(
        Attempt(f"{action} {subject}{words}", (AdvanceItem(item_id, action, **manner),), subject, action)
        for action in _every_action(ITEM)
        for words, manner in _manners(action)
    )


@cache
def _ticket_attempts(station: str) -> tuple[Attempt, ...]:
    subject = f"the ticket of station {station}"
    return tuple(
        Attempt(f"{action} {subject}{words}", (AdvanceTicket(station, action, **manner),), subject, action)
        for action in _every_action(ITEM)
        for words, manner in _manners(action)
    )


@cache
def _additions(line: int, bounds: Bounds) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(f"add {_described(item)}", (AddItems((item,)),))
        for item in (_item(line, place) for place in bounds.places)
    )


def _every_action(machine: StateMachine) -> list[str]:
    return [*dict.fromkeys(row.action for row in machine.transitions), NONSENSE]


def _manners(action: str, courses: tuple[int | None, ...] = ()) -> list[tuple[str, dict[str, Any]]]:
    """The ways to say *action*, in words and as members of the command."""
    if action in ("fire", "hold") and courses:
        return [(f", course {course}", {"course": course}) for course in courses]
    if action == "delay":
        return [(" by a minute", {"seconds": 60}), ("", {})]
    if action in REASONED:
        return [(" with a reason", {"reason": REASON}), ("", {})]
    return [("", {})]


ESTIMATE = EstimateOrder(NOW + timedelta(minutes=5), NOW + timedelta(minutes=8))
# Only these look at the estimate, so each is asked of the order as it is, and of the order once it is estimated.
ASIDE = (
    Attempt("take a payment", (AddPayment(Payment("card", 1000)),)),
    Attempt("release the order, to be accepted", (ReleaseOrder(confirm=False, accept_by=LATE),)),
    Attempt("release the order, accepted at once", (ReleaseOrder(confirm=True),)),
    Attempt("estimate the order", (ESTIMATE,)),
    Attempt("estimate the order twice", (ESTIMATE, ESTIMATE)),
    Attempt("mark the order overdue", (MarkOverdue(),)),
    Attempt("estimate the order, and mark it overdue in time", (ESTIMATE, MarkOverdue())),
    Attempt("estimate the order, and mark it overdue", (ESTIMATE, MarkOverdue()), late=True),
    Attempt("estimate the order, and delay it", (ESTIMATE, AdvanceOrder("delay", seconds=60))),
    Attempt("bump an item of another order", (AdvanceItem("nobody's", "bump"),)),
    Attempt("bump the ticket of another station", (AdvanceTicket("nowhere", "bump"),)),
)


def _described(item: Item) -> str:
    return f"item {item.id} of course {item.course} at station {item.station}"


def _placing(items: tuple[Item, ...], **birth: Any) -> PlaceOrder:
    return PlaceOrder(
        order_id="order",
        location_id="main",
        number="A-001",
        business_day=date(2026, 11, 20),
        channel="dine_in",
        currency="EUR",
        items=items,
        recall_seconds=RECALL_SECONDS,
        **birth,
    )


def _item(line: int, place: tuple[int, str]) -> Item:
    course, station = place
    return new_item(str(line), line, "Dish", 1, 1000, station, course=course)
