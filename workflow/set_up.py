"""Changes to the house itself: its menu, its locations and its keys, checked before they are made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa

from workflow import api_keys, menu, queries
from workflow.api_keys import ApiKey, Role
from workflow.menu import Location, MenuItem, Station
from workflow.refusals import InvalidDraft, UnknownLocation, UnknownStation, no_station
from workflow.state_machine.refusals import Refusal
from workflow.station_pins import StationNotFound


class MenuItemNotFound(Refusal):
    code = "menu-item-not-found"
    title = "The menu has no such item."


class StationInUse(Refusal):
    """members: dishes (skus that it cooks), open_items."""

    code = "station-in-use"
    title = "The station is needed."


class StationTwice(InvalidDraft):
    code = "station-twice"
    title = "A location has a station once."


class LocationExists(Refusal):
    code = "location-exists"
    title = "There is a location of this id."


class UnknownTimezone(InvalidDraft):
    code = "unknown-timezone"
    title = "There is no such time zone."


class SkuTwice(InvalidDraft):
    code = "sku-twice"
    title = "A sku stands on the menu once."


class KeyNotFound(Refusal):
    code = "key-not-found"
    title = "There is no such key."


def replace_menu(connection: sa.Connection, location_id: str, items: Sequence[MenuItem]) -> None:
    """The menu is *items* from now on. Raises UnknownStation or SkuTwice."""
    stations = {station.id for station in menu.stations(connection, location_id)}
    if foreign := [index for index, item in enumerate(items) if item.station not in stations]:
        raise _unknown_station(items[foreign[0]].station, stations, f"/items/{foreign[0]}/station")
    counts = Counter(item.sku for item in items)
    twice = [index for index, item in enumerate(items) if counts[item.sku] > 1]
    if twice:
        errors = [{"pointer": f"/items/{index}/sku", "detail": "A sku may stand there once."} for index in twice]
        raise SkuTwice(f"{items[twice[0]].sku!r} stands there more than once.", errors=errors)
    menu.replace_menu(connection, location_id, items)


def set_available(connection: sa.Connection, location_id: str, sku: str, available: bool) -> MenuItem:
    """86 an item, or bring it back. Raises MenuItemNotFound."""
    item = menu.set_available(connection, location_id, sku, available=available)
    if item is None:
        raise MenuItemNotFound(f"The menu has no {sku!r}.")
    return item


def location(connection: sa.Connection, location_id: str) -> Location:
    """Raises UnknownLocation."""
    found = menu.location(connection, location_id)
    if found is None:
        raise UnknownLocation(f"There is no location {location_id!r}.")
    return found


def change_location(connection: sa.Connection, location_id: str, changes: dict[str, Any]) -> Location:
    """Raises UnknownLocation, UnknownTimezone, or UnknownStation for a default station that it does not have."""
    changed = replace(location(connection, location_id), **changes)
    _check(changed, menu.stations(connection, location_id))
    menu.save_location(connection, changed)
    return changed


def open_location(connection: sa.Connection, opened: Location, stations: Sequence[Station]) -> Location:
    """A new restaurant with its *stations*, and a menu without dishes.

    Raises LocationExists, UnknownTimezone, StationTwice, or UnknownStation for a default station that it does not have.
    """
    if menu.location(connection, opened.id):
        raise LocationExists(f"There is a location {opened.id!r}; PATCH changes it.", location=opened.id)
    counts = Counter(station.id for station in stations)
    if twice := [index for index, station in enumerate(stations) if counts[station.id] > 1]:
        errors = [{"pointer": f"/stations/{index}/id", "detail": "A station may stand there once."} for index in twice]
        raise StationTwice(f"{stations[twice[0]].id!r} stands there more than once.", errors=errors)
    _check(opened, stations)
    menu.save_location(connection, opened)
    menu.replace_stations(connection, opened.id, stations)
    return opened


def save_station(
    connection: sa.Connection, location_id: str, station: str, *, name: str, slots: int, position: int | None
) -> tuple[Station, bool]:
    """A station as it is from now on, and whether it is new. Without a *position* it keeps its own, or is the last."""
    known = {known.id: known for known in menu.stations(connection, location_id)}
    before = known.get(station)
    if position is None:
        position = before.position if before else max((other.position for other in known.values()), default=0) + 1
    saved = Station(station, name, position, slots)
    menu.save_station(connection, location_id, saved)
    return saved, before is None


def remove_station(connection: sa.Connection, location_id: str, station: str) -> None:
    """Raises StationNotFound, or StationInUse where dishes or open items are still its own, or it is the default."""
    if station not in {known.id for known in menu.stations(connection, location_id)}:
        raise StationNotFound(f"There is no station {station!r}.")
    dishes = [item.sku for item in menu.menu(connection, location_id) if item.station == station]
    open_items = queries.open_items(connection, location_id, station)
    if dishes or open_items or location(connection, location_id).default_station == station:
        what = "It is the default station" if not dishes and not open_items else "It still has work"
        detail = f"{what}: {len(dishes)} dishes of the menu and {open_items} open items are its own."
        raise StationInUse(detail, dishes=dishes, open_items=open_items)
    menu.remove_station(connection, location_id, station)


def issue_key(
    connection: sa.Connection, role: Role, location_id: str | None, name: str, at: datetime
) -> tuple[ApiKey, str]:
    """A new key, and its text. Raises UnknownLocation."""
    if location_id is not None:
        location(connection, location_id)
    return api_keys.issue(connection, role, location_id, name, at)


def revoke_key(connection: sa.Connection, key_id: str, at: datetime) -> None:
    """Raises KeyNotFound."""
    if not api_keys.revoke(connection, key_id, at):
        raise KeyNotFound(f"There is no key {key_id!r}.")


def _check(place: Location, stations: Sequence[Station]) -> None:
    if place.timezone not in available_timezones():
        detail = f"There is no time zone {place.timezone!r}; one is Europe/Berlin."
        raise UnknownTimezone(detail, errors=[{"pointer": "/timezone", "detail": detail}])
    known = {station.id for station in stations}
    if place.default_station not in known:
        raise _unknown_station(place.default_station, known, "/default_station")


def _unknown_station(station: str, stations: set[str], pointer: str) -> UnknownStation:
    detail = no_station(station, sorted(stations))
    errors = [{"pointer": pointer, "detail": detail}]
    return UnknownStation(detail, errors=errors, station=station, stations=sorted(stations))
