"""Orders as guests give them, within what the contract takes."""

import random
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from workflow.simulation.menu import Dish

Choice = TypeVar("Choice")

GUESTS = ("Ada Lovelace", "Émile Roux", "Grace Hopper", "José Ruiz", "Zoë Kranz", "Linh Trần", "Omar Haddad", "Per Ås")
# Beside those of the menu, whose prices are the menu's.
MODIFIERS = {"extra hot": 0, "half portion": 0, "side of olives": 180, "truffle oil": 250, "to share": 0}
ITEM_NOTES = ("well done", "sauce aside", "allergic to nuts!", "no salt", "for the child", "cut in two")
ORDER_NOTES = ("birthday", "in a hurry", "ring the bell, 3rd floor", "window table, please", "cutlery for four")
OPEN_ITEMS = {"Dish of the day": 1450, "Chef's surprise": 2200, "Corkage": 1000, "Bread basket": 350}
DISCOUNTS = ("happy hour", "staff meal", "loyalty card", "voucher")
CHANNELS = {"dine_in": 60, "takeaway": 25, "delivery": 15}
LINES = {1: 12, 2: 25, 3: 25, 4: 18, 5: 12, 6: 5, 8: 3}
QUANTITIES = {1: 75, 2: 17, 3: 5, 4: 2, 12: 1}
TENDERS = ("card", "card", "card", "cash")


def order(rng: random.Random, dishes: Sequence[Dish]) -> dict[str, Any]:
    """The body of `POST /v1/orders`, without an external id."""
    channel = drawn(rng, CHANNELS)
    items = [item(rng, dishes) for _ in range(drawn(rng, LINES))]
    body: dict[str, Any] = {"channel": channel, "items": items}
    if channel == "dine_in":
        body |= {"table": str(rng.randint(1, 40)), "guests": rng.randint(1, 8)}
        _set_courses(rng, items)
    if channel != "dine_in" or rng.random() < 0.15:
        body["customer"] = customer(rng)
    if rng.random() < 0.15:
        body["notes"] = rng.choice(ORDER_NOTES)
    subtotal = sum(item_total(each, dishes) for each in items)
    if rng.random() < 0.15 and subtotal >= 400:
        body["discounts"] = [{"name": rng.choice(DISCOUNTS), "amount": rng.randint(50, subtotal // 3)}]
    if channel != "dine_in" and rng.random() < 0.7:
        body["payments"] = [payment(rng, due(body, dishes))]
    return body


def item(rng: random.Random, dishes: Sequence[Dish]) -> dict[str, Any]:
    """One line: mostly a dish of the menu, sometimes an open item."""
    dish = None if rng.random() < 0.08 else rng.choice(dishes)
    line: dict[str, Any] = {"sku": dish.sku} if dish else _open_item(rng, dishes)
    line["quantity"] = drawn(rng, QUANTITIES)
    if rng.random() < 0.3:
        prices = {**MODIFIERS, **(dish.modifiers if dish else {})}
        names = rng.sample(sorted(prices), rng.choice((1, 1, 2)))
        line["modifiers"] = [{"name": name, "price": prices[name]} for name in names]
    if rng.random() < 0.12:
        line["notes"] = rng.choice(ITEM_NOTES)
    return line


def customer(rng: random.Random) -> dict[str, str]:
    name = rng.choice(GUESTS)
    address = "".join(letter for letter in name.lower() if "a" <= letter <= "z")
    return {"name": name, "contact": f"mailto:{address}@example.com"}


def payment(rng: random.Random, amount: int) -> dict[str, Any]:
    tip = rng.choice((0, 0, 100, 200, 500))
    return {"tender": rng.choice(TENDERS), "amount": amount, "tip": tip}


def item_total(line: dict[str, Any], dishes: Sequence[Dish]) -> int:
    """What a line costs, by the menu's prices."""
    price: int = line["unit_price"] if "unit_price" in line else price_of(line["sku"], dishes)
    extras: int = sum(modifier["price"] for modifier in line.get("modifiers", ()))
    total: int = line["quantity"] * (price + extras)
    return total


def price_of(sku: str, dishes: Sequence[Dish]) -> int:
    return next(dish.price for dish in dishes if dish.sku == sku)


def due(body: dict[str, Any], dishes: Sequence[Dish]) -> int:
    """What is to be paid for a whole order; a discount never takes off more than there is."""
    subtotal = sum(item_total(line, dishes) for line in body["items"])
    taken_off: int = sum(discount["amount"] for discount in body.get("discounts", ()))
    return subtotal - min(subtotal, taken_off)


def drawn(rng: random.Random, weights: Mapping[Choice, int]) -> Choice:
    [choice] = rng.choices(list(weights), weights=list(weights.values()))
    return choice


def _open_item(rng: random.Random, dishes: Sequence[Dish]) -> dict[str, Any]:
    name = rng.choice(sorted(OPEN_ITEMS))
    line: dict[str, Any] = {"name": name, "unit_price": OPEN_ITEMS[name]}
    if rng.random() < 0.5:
        line |= {"station": rng.choice(dishes).station, "prep_seconds": rng.randrange(60, 900, 30)}
    return line


def _set_courses(rng: random.Random, items: list[dict[str, Any]]) -> None:
    """A third of the tables of three and more lines eat in two courses."""
    if len(items) < 3 or rng.random() > 0.35:
        return
    starters = rng.randint(1, len(items) - 1)
    for at, line in enumerate(items):
        line["course"] = 1 if at < starters else 2
