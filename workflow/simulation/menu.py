"""The menu as a till reads it from `GET /v1/menu`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Dish:
    """What a guest can order, and with which modifiers; prices are in minor units."""

    sku: str
    name: str
    price: int
    station: str
    prep_seconds: int
    modifiers: Mapping[str, int] = field(default_factory=dict)


class UnreadableMenu(Exception):
    """The server's menu has nothing that could be ordered, or is not what the contract says."""


def read(menu: Any) -> list[Dish]:
    """The dishes that can be ordered now, by sku; raises UnreadableMenu."""
    found = [dish(entry) for entry in _entries(menu) if entry.get("available", True)]
    if not found:
        raise UnreadableMenu("The menu has no available items.")
    return sorted(found, key=lambda each: each.sku)


def dish(entry: Mapping[str, Any]) -> Dish:
    try:
        price = entry["price"] if "price" in entry else entry["unit_price"]
        modifiers = {modifier["name"]: modifier["price"] for modifier in entry.get("modifiers", ())}
        prep_seconds = entry.get("prep_seconds") or 300
        return Dish(entry["sku"], entry["name"], price, entry["station"], prep_seconds, modifiers)
    except KeyError as missing:
        raise UnreadableMenu(f"A menu item has no {missing}: {dict(entry)}") from missing


def stations(dishes: Iterable[Dish]) -> list[str]:
    return sorted({each.station for each in dishes})


def _entries(menu: Any) -> list[dict[str, Any]]:
    body = menu if isinstance(menu, dict) else {}
    entries = body.get("data", body.get("items", menu))
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnreadableMenu("The menu is not a list of items.")
    return entries
