"""The day's own sales by channel, hour, item and station."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from workflow.reporting.heading import Heading
from workflow.reporting.history import Passage
from workflow.reporting.measures import item_seconds, time_to_ready
from workflow.reporting.tally import Fate, total
from workflow.state_machine.events import instant
from workflow.state_machine.model import Item, Order

ONE_HOUR = timedelta(hours=1)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def by_channel(own: Iterable[Passage]) -> list[dict[str, Any]]:
    groups = _grouped(own, lambda passage: passage.order.channel)
    return [{"channel": channel, **_orders(groups[channel])} for channel in sorted(groups)]


def by_hour(heading: Heading, own: Iterable[Passage]) -> list[dict[str, Any]]:
    """A row for each hour from opening on, 23, 24 or 25 of them; the last may be shorter.

    An order is in the hour it was placed, or for which it was ordered ahead.
    """
    opens_at, closes_at = heading.window
    count = max(1, -((opens_at - closes_at) // ONE_HOUR))
    groups = _grouped(own, lambda passage: min(max((due(passage.order) - opens_at) // ONE_HOUR, 0), count - 1))
    zone = ZoneInfo(heading.timezone)
    return [_hour(opens_at + ONE_HOUR * hour, zone, groups.get(hour, ())) for hour in range(count)]


def due(order: Order) -> datetime:
    return order.scheduled_for or order.placed_at


def by_item(own: Iterable[Passage]) -> list[dict[str, Any]]:
    """By sku, open items by their name; the name is the one the day's first such item had."""
    groups = _grouped(_fates(own), lambda line: (line[0].sku or "", "" if line[0].sku else line[0].name))
    return [
        {"sku": sku or None, "name": groups[sku, name][0][0].name, **_lines(groups[sku, name])}
        for sku, name in sorted(groups)
    ]


def by_station(heading: Heading, own: Iterable[Passage]) -> list[dict[str, Any]]:
    """Every station of the location, and those that items name though there are no such; times are per line."""
    groups = _grouped(_fates(own), lambda line: line[0].station)
    return [
        {"station": station, **_lines(groups.get(station, ())), "time_to_ready": _times(groups.get(station, ()))}
        for station in sorted({*heading.stations, *groups})
    ]


def _grouped(values: Iterable[V], key: Callable[[V], K]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return dict(groups)


def _hour(starts_at: datetime, zone: ZoneInfo, passages: Iterable[Passage]) -> dict[str, Any]:
    local = starts_at.astimezone(zone)
    return {"starts_at": instant(starts_at), "local": local.strftime("%H:%M"), **_orders(passages)}


def _orders(passages: Iterable[Passage]) -> dict[str, int]:
    sums = total(passage.after for passage in passages)
    return {
        "orders": sums.placed,
        "guests": sums.guests,
        "items_sold": sums.items_sold,
        "gross": sums.gross,
        "net": sums.net,
    }


def _fates(own: Iterable[Passage]) -> list[tuple[Item, Fate]]:
    return [line for passage in own for line in passage.after.lines]


def _lines(lines: Sequence[tuple[Item, Fate]]) -> dict[str, int]:
    """`sales` is before discounts, which are given on orders and not on items."""
    sold = [item for item, end in lines if end == Fate.SOLD]
    ordered = sum(item.quantity for item, _ in lines)
    quantity = sum(item.quantity for item in sold)
    return {
        "ordered": ordered,
        "taken_off": ordered - quantity,
        "sold": quantity,
        "gross": sum(item.total for item, _ in lines),
        "sales": sum(item.total for item in sold),
    }


def _times(lines: Iterable[tuple[Item, Fate]]) -> dict[str, Any]:
    return time_to_ready(seconds for item, _ in lines if (seconds := item_seconds(item)) is not None)
