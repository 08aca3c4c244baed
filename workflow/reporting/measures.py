"""Times and their percentiles."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from workflow.state_machine.model import Item, Order, OrderStatus

NOT_SERVED = frozenset({OrderStatus.CANCELLED, OrderStatus.REJECTED})


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """The smallest of the sorted *values* that at least *percent* of 100 of them do not exceed; None of none."""
    return values[-(-percent * len(values) // 100) - 1] if values else None


def time_to_ready(seconds: Iterable[int]) -> dict[str, Any]:
    values = sorted(seconds)
    return {
        "count": len(values),
        "p50_seconds": nearest_rank(values, 50),
        "p90_seconds": nearest_rank(values, 90),
    }


def order_seconds(order: Order) -> int | None:
    """From the moment the restaurant accepted it (or it was placed) to the moment all of it was ready."""
    if order.status in NOT_SERVED:
        return None
    return _seconds(order.confirmed_at or order.placed_at, order.ready_at)


def item_seconds(item: Item) -> int | None:
    """From the moment the item appeared on its station's screen to the moment it was ready."""
    return _seconds(item.fired_at, item.ready_at)


def _seconds(since: datetime | None, until: datetime | None) -> int | None:
    """Whole seconds; None unless both are known, and never less than nothing, should two clocks have differed."""
    return max(0, int((until - since).total_seconds())) if since and until else None
