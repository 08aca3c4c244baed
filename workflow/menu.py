"""Locations with their stations and menus: what can be ordered, what it costs, and who cooks it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from workflow.schema import locations as locations_table
from workflow.schema import menu_items, station_pins
from workflow.schema import stations as stations_table
from workflow.state_machine.model import Modifier


@dataclass(frozen=True, slots=True)
class Location:
    """A restaurant. Its business day ends `cut_off_minutes` after midnight, local time."""

    id: str
    name: str
    timezone: str
    currency: str
    cut_off_minutes: int
    auto_confirm: bool
    accept_seconds: int
    recall_seconds: int
    default_station: str
    created_at: datetime

    def accept_by(self, at: datetime) -> datetime | None:
        """Until when an order of *at* must be accepted; None where it may wait for ever."""
        return at + timedelta(seconds=self.accept_seconds) if self.accept_seconds else None


@dataclass(frozen=True, slots=True)
class Station:
    """A place that cooks; `slots` dishes at a time."""

    id: str
    name: str
    position: int
    slots: int


@dataclass(frozen=True, slots=True)
class MenuItem:
    sku: str
    name: str
    category: str
    price: int
    station: str
    prep_seconds: int
    description: str | None = None
    allergens: tuple[str, ...] = ()
    modifiers: tuple[Modifier, ...] = ()
    available: bool = True
    position: int = 0


def location(connection: sa.Connection, location_id: str) -> Location | None:
    found = connection.execute(sa.select(locations_table).where(locations_table.c.id == location_id)).first()
    return Location(**found._mapping) if found else None


def locations(connection: sa.Connection) -> list[Location]:
    rows = connection.execute(sa.select(locations_table).order_by(locations_table.c.created_at, locations_table.c.id))
    return [Location(**row._mapping) for row in rows]


def save_location(connection: sa.Connection, location: Location) -> None:
    """Insert it, or change the one with its id."""
    values = asdict(location)
    changed = connection.execute(sa.update(locations_table).where(locations_table.c.id == location.id).values(values))
    if not changed.rowcount:
        connection.execute(sa.insert(locations_table).values(values))


def stations(connection: sa.Connection, location_id: str) -> list[Station]:
    columns = stations_table.c
    query = sa.select(columns.id, columns.name, columns.position, columns.slots)
    rows = connection.execute(query.where(columns.location_id == location_id).order_by(columns.position, columns.id))
    return [Station(**row._mapping) for row in rows]


def replace_stations(connection: sa.Connection, location_id: str, stations: Iterable[Station]) -> None:
    connection.execute(sa.delete(stations_table).where(stations_table.c.location_id == location_id))
    rows = [{"location_id": location_id, **asdict(station)} for station in stations]
    connection.execute(sa.insert(stations_table), rows)


def save_station(connection: sa.Connection, location_id: str, station: Station) -> None:
    """Insert it, or change the one with its id."""
    mine = _station_of(location_id, station.id)
    changed = connection.execute(sa.update(stations_table).where(mine).values(asdict(station)))
    if not changed.rowcount:
        connection.execute(sa.insert(stations_table).values(location_id=location_id, **asdict(station)))


def remove_station(connection: sa.Connection, location_id: str, station: str) -> None:
    """With its PIN."""
    pins = station_pins.c
    connection.execute(sa.delete(station_pins).where((pins.location_id == location_id) & (pins.station_id == station)))
    connection.execute(sa.delete(stations_table).where(_station_of(location_id, station)))


def menu(connection: sa.Connection, location_id: str, skus: Sequence[str] | None = None) -> list[MenuItem]:
    """The menu in its order, or only the items with these *skus*."""
    columns = [column for column in menu_items.c if column.name != "location_id"]
    query = sa.select(*columns).where(menu_items.c.location_id == location_id)
    if skus is not None:
        query = query.where(menu_items.c.sku.in_(skus))
    rows = connection.execute(query.order_by(menu_items.c.position, menu_items.c.sku))
    return [_menu_item(row) for row in rows]


def replace_menu(connection: sa.Connection, location_id: str, items: Sequence[MenuItem]) -> None:
    """The menu is *items* from now on, in this order."""
    connection.execute(sa.delete(menu_items).where(menu_items.c.location_id == location_id))
    rows = [
        {"location_id": location_id, **asdict(item), "position": position, "allergens": list(item.allergens)}
        for position, item in enumerate(items, start=1)
    ]
    if rows:
        connection.execute(sa.insert(menu_items), rows)


def set_available(connection: sa.Connection, location_id: str, sku: str, *, available: bool) -> MenuItem | None:
    """86 an item, or bring it back; None when the menu has no such item."""
    here = (menu_items.c.location_id == location_id) & (menu_items.c.sku == sku)
    connection.execute(sa.update(menu_items).where(here).values(available=available))
    found = menu(connection, location_id, [sku])
    return found[0] if found else None


def _station_of(location_id: str, station: str) -> sa.ColumnElement[bool]:
    return (stations_table.c.location_id == location_id) & (stations_table.c.id == station)


def _menu_item(row: sa.Row[tuple[object, ...]]) -> MenuItem:
    values = dict(row._mapping)
    values["allergens"] = tuple(values["allergens"])
    values["modifiers"] = tuple(Modifier(**modifier) for modifier in values["modifiers"])
    return MenuItem(**values)
