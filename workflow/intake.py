"""From what a till sends to an order with prices, stations and allergens; a client's price is never believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workflow.ids import new_id, new_ids
from workflow.menu import Location, MenuItem
from workflow.refusals import (
    InvalidDraft,
    ItemUnavailable,
    PriceMismatch,
    TimeOutOfReach,
    UnknownItem,
    UnknownStation,
    no_station,
)
from workflow.state_machine.events import instant
from workflow.state_machine.model import PENDING, Customer, Discount, Item, Modifier, Payment

EARLIEST, LATEST = timedelta(days=-1), timedelta(days=366)


class DraftModifier(msgspec.Struct, frozen=True):
    """`price` None: what the menu says, or nothing."""

    name: str
    price: int | None = None


class DraftItem(msgspec.Struct, frozen=True):
    """A `sku` of the menu, or an open item with `name` and `unit_price`."""

    quantity: int
    sku: str | None = None
    name: str | None = None
    unit_price: int | None = None
    station: str | None = None
    prep_seconds: int | None = None
    modifiers: tuple[DraftModifier, ...] = ()
    notes: str | None = None
    course: int = 1


class PlaceDraft(msgspec.Struct, frozen=True):
    """A new order as its sender knows it; `fingerprint` tells the same content sent twice.

    It has its id from the start: should a commit go unanswered, another try finds what the first one left.
    """

    channel: str
    items: tuple[DraftItem, ...]
    fingerprint: str
    external_id: str | None = None
    table: str | None = None
    guests: int | None = None
    customer: Customer | None = None
    notes: str | None = None
    scheduled_for: datetime | None = None
    discounts: tuple[Discount, ...] = ()
    payments: tuple[Payment, ...] = ()
    order_id: str = msgspec.field(default_factory=new_id)


class AddDraft(msgspec.Struct, frozen=True):
    """More items for an order that is there already."""

    items: tuple[DraftItem, ...]


@dataclass(frozen=True, slots=True)
class House:
    """What pricing needs to know of a location: itself, its stations and its menu, by sku."""

    location: Location
    stations: frozenset[str]
    menu: Mapping[str, MenuItem]


def priced(drafts: Sequence[DraftItem], house: House) -> tuple[Item, ...]:
    """The items with their ids, lines, prices and stations.

    Raises UnknownItem, ItemUnavailable, PriceMismatch or UnknownStation, each naming the item by JSON pointer.
    """
    items = []
    for line, (id_, draft) in enumerate(zip(new_ids(len(drafts)), drafts, strict=True), start=1):
        items.append((_open if draft.sku is None else _from_menu)(id_, draft, house, line))
    return tuple(items)


def wanted_at(draft: PlaceDraft, at: datetime) -> datetime:
    """When it is to be served: at once (*at*), or later. One whose time went by meanwhile is to be served at once.

    Raises TimeOutOfReach.
    """
    if draft.scheduled_for is None:
        return at
    if not EARLIEST <= draft.scheduled_for - at <= LATEST:
        detail = f"It is {instant(at)}: an order may be for a time up to a year ahead, or on its way since yesterday."
        raise TimeOutOfReach(detail, errors=[{"pointer": "/scheduled_for", "detail": detail}])
    return max(draft.scheduled_for, at)


def order_number(count: int) -> str:
    """What is called out at the counter: A-001 … A-999, B-001 … Z-999, AA-001 …"""
    letters, rest = divmod(count - 1, 999)
    prefix = ""
    while letters >= 0:
        letters, letter = divmod(letters, 26)
        prefix, letters = chr(ord("A") + letter) + prefix, letters - 1
    return f"{prefix}-{rest + 1:03d}"


def _from_menu(id_: str, draft: DraftItem, house: House, line: int) -> Item:
    dish = house.menu.get(draft.sku or "")
    if dish is None:
        raise _objection(UnknownItem, line, "sku", f"The menu has no {draft.sku!r}.", sku=draft.sku)
    if not dish.available:
        raise _objection(ItemUnavailable, line, "sku", f"{dish.name} is sold out.", sku=dish.sku)
    if draft.unit_price is not None and draft.unit_price != dish.price:
        detail = f"{dish.name} costs {dish.price}, not {draft.unit_price}."
        raise _objection(PriceMismatch, line, "unit_price", detail, sku=dish.sku, unit_price=dish.price)
    station = _station(draft.station or dish.station, house, line)
    prep_seconds = dish.prep_seconds if draft.prep_seconds is None else draft.prep_seconds
    return Item(
        id_,
        line,
        dish.sku,
        dish.name,
        draft.quantity,
        dish.price,
        _modifiers(draft, dish.modifiers, line),
        draft.notes,
        dish.allergens,
        station,
        draft.course,
        prep_seconds,
        PENDING,
    )


def _open(id_: str, draft: DraftItem, house: House, line: int) -> Item:
    if draft.name is None or draft.unit_price is None:
        raise _objection(InvalidDraft, line, "", "An item needs a sku, or a name and a unit_price.")
    station = _station(draft.station or house.location.default_station, house, line)
    sold = None, draft.name, draft.quantity, draft.unit_price, _modifiers(draft, (), line), draft.notes, ()
    return Item(id_, line, *sold, station, draft.course, draft.prep_seconds or 0, PENDING)


def _modifiers(draft: DraftItem, listed: Sequence[Modifier], line: int) -> tuple[Modifier, ...]:
    """With the menu's prices where it lists them; an unlisted wish costs what the till says."""
    if not draft.modifiers:
        return ()
    return tuple([_modifier(wish, listed, line, index) for index, wish in enumerate(draft.modifiers)])


def _modifier(wish: DraftModifier, listed: Sequence[Modifier], line: int, index: int) -> Modifier:
    for modifier in listed:
        if modifier.name == wish.name:
            if wish.price is not None and wish.price != modifier.price:
                detail = f"{wish.name!r} costs {modifier.price}, not {wish.price}."
                raise _objection(PriceMismatch, line, f"modifiers/{index}/price", detail, unit_price=modifier.price)
            return modifier
    return Modifier(wish.name, wish.price or 0)


def _station(station: str, house: House, line: int) -> str:
    if station in house.stations:
        return station
    stations = sorted(house.stations)
    told = no_station(station, stations)
    raise _objection(UnknownStation, line, "station", told, station=station, stations=stations)


def _objection(kind: type[InvalidDraft], line: int, member: str, detail: str, **members: Any) -> InvalidDraft:
    pointer = f"/items/{line - 1}" + (f"/{member}" if member else "")
    return kind(detail, errors=[{"pointer": pointer, "detail": detail}], **members)
