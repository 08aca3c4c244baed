"""The stations and menus that this process has read, each good for as long as its location is at that revision."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from workflow import schema
from workflow.intake import House
from workflow.menu import Location, MenuItem
from workflow.store.spelling import Conversation, Spelling, Step

Revisions = dict[str, str]


class Menu(NamedTuple):
    """Where a location cooks, and what, by sku."""

    stations: frozenset[str]
    items: Mapping[str, MenuItem]


NO_MENU = Menu(frozenset(), {})


class Menus:
    """Remembers each menu under the revision that was seen both before and after it was read (docs/adr/0001)."""

    def __init__(self) -> None:
        # As they were seen last, to guess by what a batch will need before it has asked.
        self.houses: dict[str, House] = {}
        self._kept: dict[str, tuple[str, Menu]] = {}

    def read(self, spelling: Spelling, revisions: Revisions) -> Conversation[dict[str, Menu]]:
        """The menus of the locations that are at these *revisions*; asks only for those that are not kept."""
        kept = {location_id: self._kept.get(location_id) for location_id in revisions}
        menus = {id: found[1] for id, found in kept.items() if found and found[0] == revisions[id]}
        if lacking := sorted(revisions.keys() - menus.keys()):
            here = {"location_id": lacking}
            tables = schema.stations, schema.menu_items, schema.menus
            *found, after = yield Step([spelling.select(table, here) for table in tables])
            fresh = _menus(lacking, *found)
            seen = revisions_of(after)
            self._kept |= {id: (revisions[id], menu) for id, menu in fresh.items() if seen.get(id) == revisions[id]}
            menus |= fresh
        return menus

    def house(self, location: Location, menu: Menu | None) -> House:
        """The same house as before, where it is the same."""
        house, known = House(location, *(menu or NO_MENU)), self.houses.get(location.id)
        if house == known:
            return known
        if menu:
            self.houses[location.id] = house
        return house


def revisions_of(menu_rows: Sequence[bytes]) -> Revisions:
    """By location, from the rows of `menus`."""
    return {row.location_id: row.revision for row in map(_revision.decode, menu_rows)}


def _menus(location_ids: Sequence[str], station_rows: Sequence[bytes], item_rows: Sequence[bytes]) -> dict[str, Menu]:
    stations: dict[str, set[str]] = defaultdict(set)
    for row in map(_station.decode, station_rows):
        stations[row.location_id].add(row.id)
    items: dict[str, dict[str, MenuItem]] = defaultdict(dict)
    for text in item_rows:
        item = _item.decode(text)
        items[_at_location.decode(text).location_id][item.sku] = item
    return {id: Menu(frozenset(stations[id]), items[id]) for id in location_ids}


class _Revision(msgspec.Struct):
    location_id: str
    revision: str


class _Station(msgspec.Struct):
    location_id: str
    id: str


class _AtLocation(msgspec.Struct):
    location_id: str


_revision = msgspec.json.Decoder(_Revision)
_station = msgspec.json.Decoder(_Station)
_at_location = msgspec.json.Decoder(_AtLocation)
_item = msgspec.json.Decoder(MenuItem)
