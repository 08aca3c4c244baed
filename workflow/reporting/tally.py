"""What one order is worth to the books, as numbers that can be added and subtracted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from operator import attrgetter, sub
from typing import Any

from workflow.state_machine.model import Item, ItemStatus, Order, OrderStatus


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


@dataclass(frozen=True)
class State:
    """An order, and the ids of those of its items that were voided one by one."""

    order: Order
    voided: frozenset[str]

    @cached_property
    def lines(self) -> tuple[tuple[Item, Fate], ...]:
        """The order's items, each with its fate."""
        return tuple((item, self._fate(item)) for item in self.order.items)

    @cached_property
    def tally(self) -> Tally:
        order = self.order
        ends = {fate: self.with_fate(fate) for fate in Fate}
        standing: dict[str, Any] = {STANDING.get(order.status, "open"): 1}
        return Tally(
            placed=1,
            **standing,
            guests=order.guests or 0,
            items_ordered=pieces(order.items),
            items_voided=pieces(ends[Fate.VOIDED]),
            items_cancelled=pieces(ends[Fate.CANCELLED]) + pieces(ends[Fate.REJECTED]),
            items_sold=pieces(ends[Fate.SOLD]),
            gross=amount(order.items),
            voids=amount(ends[Fate.VOIDED]),
            cancellations=amount(ends[Fate.CANCELLED]),
            rejections=amount(ends[Fate.REJECTED]),
            discounts=order.discount,
            net=order.total,
        )

    def with_fate(self, fate: Fate) -> list[Item]:
        return [item for item, end in self.lines if end is fate]

    def _fate(self, item: Item) -> Fate:
        if item.status != ItemStatus.VOIDED:
            return Fate.SOLD
        if item.id in self.voided:
            return Fate.VOIDED
        return Fate.REJECTED if self.order.status == OrderStatus.REJECTED else Fate.CANCELLED


def pieces(items: Iterable[Item]) -> int:
    return sum(item.quantity for item in items)


def amount(items: Iterable[Item]) -> int:
    return sum(item.total for item in items)


def booked_by(state: State | None, day: date) -> Tally:
    """What the books hold of the order once *day* is closed: nothing yet of one that is for a later day."""
    return state.tally if state and state.order.business_day <= day else NOTHING


def total(states: Iterable[State]) -> Tally:
    return added(state.tally for state in states)


def added(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(*map(_numbers, (NOTHING, *tallies)), strict=True)))
