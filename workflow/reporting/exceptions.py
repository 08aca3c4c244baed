"""What a manager should look at before the day is filed away."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from workflow.reporting.breakdowns import due
from workflow.reporting.heading import Heading
from workflow.reporting.history import Passage
from workflow.reporting.tally import Fate
from workflow.state_machine.events import instant
from workflow.state_machine.model import Order

REMEMBERED = timedelta(days=31)


def open_orders(
    heading: Heading, concerned: Iterable[Passage], carried: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The orders that nobody has finished, oldest first; `age_seconds` by the report's moment.

    One of which nothing was heard since the last report is carried over from that, for 31 days.
    """
    heard = {passage.order.id: passage.order for passage in concerned}
    rows = [_open_order(order) for order in heard.values() if not order.closed and _is_due(order, heading)]
    rows += [dict(row) for row in carried if row["order_id"] not in heard]
    oldest = (heading.business_day - REMEMBERED).isoformat()
    kept = [row for row in rows if row["business_day"] >= oldest]
    for row in kept:
        since = datetime.fromisoformat(row["since"])
        row["age_seconds"] = max(0, int((heading.as_of - since).total_seconds()))
    return sorted(kept, key=lambda row: (row["since"], row["order_id"]))


def unsettled_orders(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    """Orders that are over and not even: `due` is still to be paid, or, below zero, to be given back."""
    orders = (passage.order for passage in passages)
    return [_unsettled(order) for order in orders if order.closed and order.paid != order.total]


def unknown_stations(heading: Heading, own: Iterable[Passage]) -> list[dict[str, Any]]:
    """Items that were routed to a station which the location does not have."""
    return [
        {"order_id": passage.order.id, "number": passage.order.number, "name": item.name, "station": item.station}
        for passage in own
        for item in passage.after.with_fate(Fate.SOLD)
        if item.station not in heading.stations
    ]


def _is_due(order: Order, heading: Heading) -> bool:
    return order.business_day <= heading.business_day


def _open_order(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "number": order.number,
        "business_day": order.business_day.isoformat(),
        "status": order.status.value,
        "total": order.total,
        "paid": order.paid,
        "since": instant(due(order)),
    }


def _unsettled(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "number": order.number,
        "business_day": order.business_day.isoformat(),
        "status": order.status.value,
        "total": order.total,
        "paid": order.paid,
        "due": order.total - order.paid,
    }
