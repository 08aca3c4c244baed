"""All figures of one business day, from the histories of the orders that it concerns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workflow.reporting import breakdowns, deductions, exceptions, takings
from workflow.reporting.heading import Heading
from workflow.reporting.history import EVERYTHING, Histories, Horizon, Passage, passages
from workflow.reporting.measures import order_seconds, time_to_ready
from workflow.reporting.tally import NOTHING, Tally, added, booked_by, total

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Previous:
    """What a report takes over from the last closed one before it."""

    horizon: Horizon
    complete_to: int
    grand_total: int
    open_orders: Sequence[Mapping[str, Any]]


def day_figures(heading: Heading, previous: Previous | None, histories: Histories) -> dict[str, Any]:
    """The report, JSON-ready; the same arguments give the same report.

    *histories*: of every order of the day, and of every order with an event beyond what *previous* is complete to.
    """
    day = heading.business_day
    booked = previous.horizon if previous else None
    before = booked if heading.closed else _eve(booked, day)
    after = Horizon(day, EVERYTHING if heading.last_position is None else heading.last_position)
    concerned = list(passages(histories, booked=booked, before=before, after=after))
    own = [passage for passage in concerned if passage.order.business_day == day]
    adjusted = _adjusted(concerned, day)
    taken = takings.payments(concerned, day)
    totals = _totals(own, adjusted, _grand_total(concerned, previous, day))
    open_orders = exceptions.open_orders(heading, concerned, previous.open_orders if previous else ())
    return {
        **heading.told(),
        **_day_of(heading, own, open_orders),
        **totals,
        "payments": taken,
        "settlement": takings.settlement(totals["net_total"], taken["amount"]),
        "time_to_ready": time_to_ready(s for p in own if (s := order_seconds(p.order)) is not None),
        "by_hour": breakdowns.by_hour(heading, own),
        "by_item": breakdowns.by_item(own),
        "by_station": breakdowns.by_station(heading, own),
        "exceptions": {
            "open_orders": open_orders,
            "unsettled_orders": exceptions.unsettled_orders([*(passage for passage, _ in adjusted), *own]),
            "unknown_stations": exceptions.unknown_stations(heading, own),
        },
    }


def _eve(booked: Horizon | None, day: date) -> Horizon:
    """The end of the day before: as it was closed, or as it would be if it were closed now."""
    if booked is not None and booked.day == day - ONE_DAY:
        return booked
    return Horizon(day - ONE_DAY, EVERYTHING)


def _adjusted(concerned: Iterable[Passage], day: date) -> list[tuple[Passage, Tally]]:
    earlier = ((passage, passage.change(day)) for passage in concerned if passage.order.business_day < day)
    return [(passage, changed) for passage, changed in earlier if changed != NOTHING]


def _day_of(heading: Heading, own: Sequence[Passage], open_orders: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The day's own orders: how they stand, and the ladder from gross to net."""
    states = [passage.after for passage in own]
    today = total(states)
    earlier = [row for row in open_orders if row["business_day"] != heading.business_day.isoformat()]
    return {
        "orders": {
            "placed": today.placed,
            "completed": today.completed,
            "cancelled": today.cancelled,
            "rejected": today.rejected,
            "open": today.open,
            "carried_over": len(earlier),
            "by_channel": breakdowns.by_channel(own),
        },
        "guests": today.guests,
        "items": {
            "ordered": today.items_ordered,
            "voided": today.items_voided,
            "cancelled": today.items_cancelled,
            "sold": today.items_sold,
        },
        "gross": today.gross,
        "voids": deductions.voids(states),
        "cancellations": deductions.cancellations(states),
        "rejections": deductions.rejections(states),
        "discounts": deductions.discounts(states),
        "net": today.net,
        "waste": deductions.waste(states),
    }


def _totals(own: Sequence[Passage], adjusted: Sequence[tuple[Passage, Tally]], grand_total: int) -> dict[str, Any]:
    adjustments = added(changed for _, changed in adjusted)
    net = sum(passage.order.total for passage in own) + adjustments.net
    return {
        "adjustments": {
            "count": len(adjusted),
            **adjustments.ladder(),
            "orders": [_adjustment(passage, changed) for passage, changed in adjusted],
        },
        "net_total": net,
        "grand_total": grand_total,
    }


def _adjustment(passage: Passage, changed: Tally) -> dict[str, Any]:
    order, was = passage.order, passage.before
    return {
        "order_id": order.id,
        "number": order.number,
        "business_day": order.business_day.isoformat(),
        "status_before": was.order.status.value if was else None,
        "status": order.status.value,
        **changed.ladder(),
    }


def _grand_total(concerned: Iterable[Passage], previous: Previous | None, day: date) -> int:
    """The net of all days so far; it never starts again."""
    booked_day = previous.horizon.day if previous else date.min
    news = (booked_by(p.after, day).net - booked_by(p.booked, booked_day).net for p in concerned)
    return (previous.grand_total if previous else 0) + sum(news)
