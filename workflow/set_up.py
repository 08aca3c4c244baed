"""Changes to the house itself: its menu, its locations and its keys, checked before they are made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa

from workflow import api_keys, menu
from workflow.api_keys import ApiKey, Role
from workflow.menu import Location, MenuItem
from workflow.refusals import InvalidDraft, UnknownLocation, UnknownStation
from workflow.state_machine.refusals import Refusal


class MenuItemNotFound(Refusal):
    code = "menu-item-not-found"
    title = "The menu has no such item."


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
    stations = {station.id for station in menu.stations(connection, location_id)}
    if changed.timezone not in available_timezones():
        detail = f"There is no time zone {changed.timezone!r}; one is Europe/Berlin."
        raise UnknownTimezone(detail, errors=[{"pointer": "/timezone", "detail": detail}])
    if changed.default_station not in stations:
        raise _unknown_station(changed.default_station, stations, "/default_station")
    menu.save_location(connection, changed)
    return changed


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


def _unknown_station(station: str, stations: set[str], pointer: str) -> UnknownStation:
    detail = f"There is no station {station!r}; there are {', '.join(sorted(stations))}."
    errors = [{"pointer": pointer, "detail": detail}]
    return UnknownStation(detail, errors=errors, station=station, stations=sorted(stations))
