"""The houses that this process has read, each good for as long as its location is at that revision."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from workflow import schema
from workflow.intake import House
from workflow.menu import Location, MenuItem
from workflow.store.spelling import Conversation, Spelling, Step

Revisions = dict[str, str]


class Houses:
    """Remembers each house under the revision that was seen both before and after it was read (docs/adr/0001)."""

    def __init__(self) -> None:
        # As they were seen last, to guess by what a batch will need before it has asked.
        self.seen: dict[str, House] = {}
        self._kept: dict[str, tuple[str, House]] = {}

    def read(self, spelling: Spelling, revisions: Revisions) -> Conversation[dict[str, House]]:
        """Those of the locations that are at these *revisions*; asks only for what is not kept."""
        kept = {location_id: self._kept.get(location_id) for location_id in revisions}
        houses = {id: found[1] for id, found in kept.items() if found and found[0] == revisions[id]}
        if lacking := sorted(revisions.keys() - houses.keys()):
            here = {"location_id": lacking}
            tables = schema.stations, schema.menu_items, schema.menus
            selects = [spelling.select(table, here) for table in tables]
            *found, after = yield Step([spelling.select(schema.locations, {"id": lacking}), *selects])
            fresh = _houses(*found)
            seen = revisions_of(after)
            self._kept |= {id: (revisions[id], house) for id, house in fresh.items() if seen.get(id) == revisions[id]}
            self.seen |= fresh
            houses |= fresh
        return houses


def revisions_of(menu_rows: Sequence[bytes]) -> Revisions:
    """By location, from the rows of `menus`."""
    return {row.location_id: row.revision for row in map(_revision.decode, menu_rows)}


def _houses(
    location_rows: Sequence[bytes], station_rows: Sequence[bytes], item_rows: Sequence[bytes]
) -> dict[str, House]:
    stations: dict[str, set[str]] = defaultdict(set)
    for row in map(_station.decode, station_rows):
        stations[row.location_id].add(row.id)
    items: dict[str, dict[str, MenuItem]] = defaultdict(dict)
    for text in item_rows:
        item = _item.decode(text)
        items[_at_location.decode(text).location_id][item.sku] = item
    locations = map(_location.decode, location_rows)
    return {place.id: House(place, frozenset(stations[place.id]), items[place.id]) for place in locations}


class _Revision(msgspec.Struct):
    location_id: str
    revision: str


class _Station(msgspec.Struct):
    location_id: str
    id: str


class _AtLocation(msgspec.Struct):
    location_id: str


_revision = msgspec.json.Decoder(_Revision)
_location = msgspec.json.Decoder(Location)
_station = msgspec.json.Decoder(_Station)
_at_location = msgspec.json.Decoder(_AtLocation)
_item = msgspec.json.Decoder(MenuItem)
