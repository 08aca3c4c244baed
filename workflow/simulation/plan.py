"""What will happen this evening, order by order; the same for the same seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from workflow.simulation import basket
from workflow.simulation.menu import Dish

ORDERS_PER_HOUR = 90
BURST = (3, 7)
BURST_SHARE = 0.08
BURST_SECONDS = 8.0


class Style(StrEnum):
    """How the kitchen works on an order: item by item, a ticket at once, or with clients that only know statuses."""

    ITEMS = "items"
    TICKETS = "tickets"
    STATUSES = "statuses"


STYLES = {Style.ITEMS: 65, Style.TICKETS: 25, Style.STATUSES: 10}

# What happens to an order besides being cooked and eaten, and to which share of them.
QUIRKS: Mapping[str, float] = {
    "answer lost": 0.06,
    "answer ignored": 0.04,
    "rung up again": 0.04,
    "key reused": 0.03,
    "external id reused": 0.03,
    "misprint": 0.10,
    "scheduled": 0.05,
    "cancelled": 0.07,
    "item voided": 0.07,
    "items added": 0.10,
    "paid ahead": 0.15,
    "rushed": 0.06,
    "delayed": 0.05,
    "no reason": 0.05,
    "touched before confirmation": 0.10,
    "completed early": 0.15,
    "stale page": 0.05,
    "stray move": 0.10,
    "double tap": 0.12,
    "item recalled": 0.06,
    "order recalled": 0.04,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One order's evening: its body without external id, the second it comes at, and its quirks."""

    number: int
    arrives: float
    body: Mapping[str, Any]
    style: Style
    quirks: frozenset[str] = frozenset()
    seed: str = ""
    extra: Sequence[Mapping[str, Any]] = field(default=())

    def rng(self, purpose: str) -> random.Random:
        """A source of chance that depends on nothing but the seed, the order and the purpose."""
        return random.Random(f"{self.seed}/{self.number}/{purpose}")

    def has(self, quirk: str) -> bool:
        return quirk in self.quirks


def evening(dishes: Sequence[Dish], *, orders: int, seed: int) -> list[Plan]:
    """So many orders in the order they come; with enough of them, every quirk happens at least once."""
    rng = random.Random(f"{seed}/evening")
    arrivals = _arrivals(rng, orders)
    return _covering(rng, [_plan(dishes, number, at, seed) for number, at in enumerate(arrivals, start=1)])


def _plan(dishes: Sequence[Dish], number: int, arrives: float, seed: int) -> Plan:
    rng = random.Random(f"{seed}/{number}/order")
    body = basket.order(rng, dishes)
    quirks = frozenset(quirk for quirk, share in QUIRKS.items() if rng.random() < share)
    [style] = rng.choices(list(STYLES), weights=list(STYLES.values()))
    extra = [basket.item(rng, dishes) for _ in range(rng.choice((1, 1, 2)))]
    return Plan(number, arrives, body, style, quirks, str(seed), extra)


def _arrivals(rng: random.Random, orders: int) -> list[float]:
    """Guests come at random, and now and then a crowd at once."""
    arrivals: list[float] = []
    at = 0.0
    while len(arrivals) < orders:
        at += rng.expovariate(ORDERS_PER_HOUR / 3600)
        crowd = rng.randint(*BURST) if rng.random() < BURST_SHARE else 1
        arrivals += [at + rng.uniform(0, BURST_SECONDS if crowd > 1 else 0) for _ in range(crowd)]
    return sorted(arrivals[:orders])


def _covering(rng: random.Random, plans: list[Plan]) -> list[Plan]:
    """*plans* with every quirk that nobody drew given to somebody."""
    seen = frozenset().union(*(plan.quirks for plan in plans))
    for quirk in QUIRKS:
        if quirk not in seen and plans:
            at = rng.randrange(len(plans))
            plans[at] = replace(plans[at], quirks=plans[at].quirks | {quirk})
    return plans
