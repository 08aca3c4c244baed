"""The demo restaurant: one location, five stations, a menu, and a key for each role."""

import json
import os
from pathlib import Path

import sqlalchemy as sa

from workflow import api_keys
from workflow.menu import Location, MenuItem, Station, location, replace_menu, replace_stations, save_location
from workflow.state_machine.model import Modifier
from workflow.store.store import Store

LOCATION = "main"
STATIONS = (
    Station("grill", "Grill", 1, 3),
    Station("fry", "Fry", 2, 2),
    Station("pizza", "Pizza", 3, 3),
    Station("cold", "Cold", 4, 2),
    Station("bar", "Bar", 5, 2),
)
EXTRA_BASIL = Modifier("extra basil", 50)
EXTRA_CHEESE = Modifier("extra cheese", 120)
NO_ONIONS = Modifier("no onions")
BACON = Modifier("bacon", 180)
DRESSING = Modifier("dressing on the side")
ICE = Modifier("no ice")


def dish(
    sku: str,
    name: str,
    category: str,
    price: int,
    station: str,
    minutes: float,
    allergens: str = "",
    *modifiers: Modifier,
) -> MenuItem:
    return MenuItem(
        sku=sku,
        name=name,
        category=category,
        price=price,
        station=station,
        prep_seconds=round(minutes * 60),
        allergens=tuple(allergens.split()),
        modifiers=modifiers,
    )


MENU = (
    dish("HOUSE-SALAD", "House salad", "Starters", 690, "cold", 4, "mustard", DRESSING),
    dish("CAESAR", "Caesar salad", "Starters", 950, "cold", 5, "egg fish gluten milk", DRESSING, BACON),
    dish("BURRATA", "Burrata, tomato, basil", "Starters", 1150, "cold", 4, "milk", EXTRA_BASIL),
    dish("TOMATO-SOUP", "Tomato soup", "Starters", 620, "cold", 3, "celery"),
    dish("CALAMARI", "Fried calamari", "Starters", 1090, "fry", 6, "gluten molluscs"),
    dish("MARINARA", "Marinara", "Pizza", 980, "pizza", 7, "gluten", EXTRA_BASIL, EXTRA_CHEESE),
    dish("MARGHERITA", "Margherita", "Pizza", 1150, "pizza", 8, "gluten milk", EXTRA_BASIL, EXTRA_CHEESE),
    dish("DIAVOLA", "Diavola", "Pizza", 1350, "pizza", 8, "gluten milk", EXTRA_CHEESE),
    dish("FUNGHI", "Funghi", "Pizza", 1290, "pizza", 8, "gluten milk", EXTRA_CHEESE),
    dish("QUATTRO", "Quattro formaggi", "Pizza", 1420, "pizza", 9, "gluten milk"),
    dish("CALZONE", "Calzone", "Pizza", 1390, "pizza", 11, "gluten milk egg"),
    dish("BURGER", "House burger", "Grill", 1390, "grill", 10, "gluten milk sesame", EXTRA_CHEESE, BACON, NO_ONIONS),
    dish("VEGGIE-BURGER", "Veggie burger", "Grill", 1290, "grill", 10, "gluten soy sesame", EXTRA_CHEESE, NO_ONIONS),
    dish("RIBEYE", "Rib eye, 300 g", "Grill", 2890, "grill", 14, "milk"),
    dish("CHICKEN", "Half chicken", "Grill", 1590, "grill", 16),
    dish("SALMON", "Grilled salmon", "Grill", 2150, "grill", 12, "fish"),
    dish("FRIES", "Fries", "Sides", 450, "fry", 5),
    dish("SWEET-FRIES", "Sweet potato fries", "Sides", 550, "fry", 6),
    dish("ONION-RINGS", "Onion rings", "Sides", 520, "fry", 5, "gluten"),
    dish("TIRAMISU", "Tiramisu", "Desserts", 720, "cold", 2, "egg gluten milk"),
    dish("PANNA-COTTA", "Panna cotta", "Desserts", 650, "cold", 2, "milk"),
    dish("ESPRESSO", "Espresso", "Drinks", 260, "bar", 2),
    dish("CAPPUCCINO", "Cappuccino", "Drinks", 360, "bar", 3, "milk"),
    dish("LEMONADE", "House lemonade", "Drinks", 450, "bar", 2, "", ICE),
    dish("COLA", "Cola", "Drinks", 380, "bar", 1, "", ICE),
    dish("BEER", "Draught beer", "Drinks", 480, "bar", 1.5, "gluten"),
    dish("WINE", "Glass of house wine", "Drinks", 650, "bar", 1.5, "sulphites"),
)
ROLES: tuple[tuple[api_keys.Role, str | None], ...] = (
    ("pos", LOCATION),
    ("kitchen", LOCATION),
    ("manager", LOCATION),
    ("admin", None),
)


def load(store: Store, keys_file: Path) -> dict[str, str]:
    """Make sure that the demo restaurant is there; its keys by role, kept in *keys_file* (readable by its owner only).

    Loading it again changes nothing; a lost key file is written anew with new keys.
    """
    with store.writing() as connection:
        if location(connection, LOCATION) is None:
            _open_restaurant(connection, store)
        kept = _kept_keys(connection, keys_file)
        if kept is not None:
            return kept
        keys = {str(role): api_keys.issue(connection, role, place, "demo", store.now())[1] for role, place in ROLES}
        _write_privately(keys_file, json.dumps(keys, indent=2) + "\n")
        return keys


def _open_restaurant(connection: sa.Connection, store: Store) -> None:
    place = Location(
        id=LOCATION,
        name="Trattoria Passline",
        timezone="Europe/Berlin",
        currency="EUR",
        cut_off_minutes=4 * 60,
        auto_confirm=True,
        accept_seconds=600,
        recall_seconds=900,
        default_station="grill",
        created_at=store.now(),
    )
    save_location(connection, place)
    replace_stations(connection, LOCATION, STATIONS)
    replace_menu(connection, LOCATION, MENU)


def _kept_keys(connection: sa.Connection, keys_file: Path) -> dict[str, str] | None:
    """The keys of an earlier load, if they still open this database."""
    if not keys_file.exists():
        return None
    keys: dict[str, str] = json.loads(keys_file.read_text())
    return keys if all(api_keys.find(connection, text) for text in keys.values()) else None


def _write_privately(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    fresh.replace(file)
