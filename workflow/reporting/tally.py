"""What one order is worth to the books, as numbers that can be added and subtracted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter, sub
from typing import Any

from workflow.reporting.history import Passage, State
from workflow.state_machine.model import Item, ItemStatus, OrderStatus


class Fate(StrEnum):
    """Where an item ends on the ladder."""

    SOLD = "sold"
    VOIDED = "voided"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Tally:
    """Orders by how they stand, pieces by their fate, and the ladder in minor units."""

    placed: int = 0
    completed: int = 0
    cancelled: int = 0
    rejected: int = 0
    open: int = 0
    guests: int = 0
    items_ordered: int = 0
    items_voided: int = 0
    items_cancelled: int = 0
    items_sold: int = 0
    gross: int = 0
    voids: int = 0
    cancellations: int = 0
    rejections: int = 0
    discounts: int = 0
    net: int = 0

    def minus(self, other: "Tally") -> "Tally":
        return Tally(*map(sub, _numbers(self), _numbers(other)))

    def ladder(self) -> dict[str, int]:
        return {rung: getattr(self, rung) for rung in LADDER}


LADDER = ("gross", "voids", "cancellations", "rejections", "discounts", "net")
NOTHING = Tally()
_numbers = attrgetter(*Tally.__dataclass_fields__)
STANDING = {
    OrderStatus.COMPLETED: "completed",
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.REJECTED: "rejected",
}


def fate(item: Item, state: State) -> Fate:
    if item.status != ItemStatus.VOIDED:
        return Fate.SOLD
    if item.id in state.voided:
        return Fate.VOIDED
    return Fate.REJECTED if state.order.status == OrderStatus.REJECTED else Fate.CANCELLED


def pieces(items: Iterable[Item]) -> int:
    return sum(item.quantity for item in items)


def amount(items: Iterable[Item]) -> int:
    return sum(item.total for item in items)


def with_fate(state: State, wanted: Fate) -> list[Item]:
    return [item for item in state.order.items if fate(item, state) == wanted]


def tally(state: State) -> Tally:
    order = state.order
    fates: dict[Fate, list[Item]] = {wanted: with_fate(state, wanted) for wanted in Fate}
    standing: dict[str, Any] = {STANDING.get(order.status, "open"): 1}
    return Tally(
        placed=1,
        **standing,
        guests=order.guests or 0,
        items_ordered=pieces(order.items),
        items_voided=pieces(fates[Fate.VOIDED]),
        items_cancelled=pieces(fates[Fate.CANCELLED]) + pieces(fates[Fate.REJECTED]),
        items_sold=pieces(fates[Fate.SOLD]),
        gross=amount(order.items),
        voids=amount(fates[Fate.VOIDED]),
        cancellations=amount(fates[Fate.CANCELLED]),
        rejections=amount(fates[Fate.REJECTED]),
        discounts=order.discount,
        net=order.total,
    )


def booked_by(state: State | None, day: date) -> Tally:
    """What the books hold of the order once *day* is closed: nothing yet of one that is for a later day."""
    return tally(state) if state and state.order.business_day <= day else NOTHING


def change(passage: Passage, day: date) -> Tally:
    """What the report of *day* adds to the books for this order."""
    before = passage.before
    was = tally(before) if before and before.order.business_day < day else NOTHING
    return booked_by(passage.after, day).minus(was)


def total(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(*map(_numbers, tallies), strict=True)))
