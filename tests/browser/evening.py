"""A Friday evening as it might have been, lived through by the engine: for looking at pages with something on them."""

import random
from datetime import UTC, datetime, timedelta

from tests.restaurant import Restaurant, SetClock, house
from workflow.demo import MENU
from workflow.intake import DraftItem, DraftModifier
from workflow.menu import save_location
from workflow.state_machine.commands import EstimateOrder
from workflow.state_machine.model import Customer
from workflow.store.store import open_store

HOURS = 4
ORDERS = 150
PREP = {dish.sku: dish.prep_seconds for dish in MENU}
FAVOURITES = (
    "MARGHERITA",
    "FRIES",
    "BURGER",
    "DIAVOLA",
    "RIBEYE",
    "HOUSE-SALAD",
    "TIRAMISU",
    "COLA",
    "BEER",
    "ESPRESSO",
)
GUESTS = ("Ada", "Marta", "Jo", "Priya", "Lena", "Ahmed", "Noor", "Kim")


def evening_zone(now):
    """A time zone in which it is about half past eight in the evening."""
    west = (now.hour - 20) % 24
    return f"Etc/GMT+{west}" if west <= 12 else f"Etc/GMT-{24 - west}"


def wish(sku, quantity=1, *modifiers, notes=None, course=1):
    return DraftItem(quantity, sku=sku, modifiers=tuple(map(DraftModifier, modifiers)), notes=notes, course=course)


class Evening(Restaurant):
    """Plays orders at moments of the past. What happens to them is noted first, and then done in the order of time."""

    def __init__(self, database):
        self.now = datetime.now(UTC)
        self.clock = SetClock(self.now)
        self.store = open_store(database, clock=self.clock)
        self.location = house(timezone=evening_zone(self.now), name="Trattoria Passline")
        with self.store.writing() as connection:
            save_location(connection, self.location)
        self._chance, self._plan = random.Random(7), []
        self._orders = {}

    def play(self):
        """Carry out all that was noted; the orders by their names."""
        for _, (at, what) in sorted(enumerate(self._plan), key=lambda noted: (noted[1][0], noted[0])):
            self.clock.at = at
            what()
        self._plan = []
        return self._orders

    def at(self, ago, what):
        """Note that *what* happens *ago* seconds before now."""
        self._plan.append((self.now - timedelta(seconds=ago), what))

    def order(self, name, ago, *items, **more):
        def place():
            self._orders[name] = self.place(*items, **more)

        self.at(ago, place)

    def then(self, name, ago, action, *lines, **more):
        """What happens to the order, or to those lines of it."""

        def move():
            order = self._orders[name]
            for line in lines:
                order = self.item(order, line, action, **more)
            self._orders[name] = order if lines else self.do(order, action, **more)

        self.at(ago, move)

    def promise(self, name, ago, minutes):
        """What the guest is told at first: ready so many minutes from now, three more at the latest."""
        ready = self.now + timedelta(minutes=minutes)
        estimate = EstimateOrder(ready, ready + timedelta(minutes=3))
        self.at(ago, lambda: self.outcome(estimate, self._orders[name]))

    def whole_evening(self):
        """Orders that are done and paid, more at eight than at five; a few went wrong."""
        for number in range(ORDERS):
            name, began = f"done {number}", HOURS * 3600 * (1 - self._chance.betavariate(2.2, 1.6)) + 1500
            skus = self._chance.choices(FAVOURITES, weights=range(len(FAVOURITES), 0, -1), k=self._chance.randint(1, 4))
            channel = self._chance.choice(["dine_in", "dine_in", "takeaway", "delivery"])
            where = {"table": str(self._chance.randint(1, 20))} if channel == "dine_in" else self._somebody()
            self.order(name, began, *map(wish, skus), channel=channel, **where)
            if number % 29 == 11:
                self.then(name, began - 200, "cancel", reason=self._chance.choice(["Guest left", "Ordered twice"]))
                self.then(name, began - 260, "acknowledge", *range(len(skus)))
                continue
            cooked = max(PREP[sku] for sku in skus) * self._chance.uniform(0.6, 1.35) + 60
            self.then(name, began - 50, "start")
            self.then(name, began - cooked, "bump")
            self.at(began - cooked - 30, lambda name=name: self._pay(name))
            self.then(name, began - cooked - 120, "complete")

    def open_tickets(self):
        """What a cook has on the wall at half past eight."""
        table = {"channel": "dine_in"}
        self.order(
            "late",
            1478,
            wish("RIBEYE", 2, notes="medium rare"),
            wish("SALMON"),
            wish("FRIES", 3),
            table="12",
            guests=4,
            **table,
        )
        self.promise("late", 1470, -7)
        self.then("late", 1290, "start", 0, 2)
        self.then("late", 500, "bump", 1)
        self.order(
            "rush",
            641,
            wish("DIAVOLA"),
            wish("MARGHERITA", 2, "extra basil"),
            channel="delivery",
            **self._somebody("Priya"),
        )
        self.then("rush", 600, "rush")
        self.then("rush", 120, "bump", 0, 1)
        self.order(
            "allergy",
            522,
            wish("BURGER", 1, "no onions", "extra cheese", notes="sesame allergy"),
            wish("FRIES"),
            wish("HOUSE-SALAD"),
            table="3",
            guests=2,
            **table,
        )
        self.then("allergy", 400, "start", 0)
        self.then("allergy", 200, "bump", 2)
        self.order(
            "soon",
            478,
            wish("MARGHERITA", 2),
            wish("CAESAR"),
            wish("RIBEYE", notes="well done"),
            channel="takeaway",
            **self._somebody("Marta"),
        )
        self.then("soon", 300, "start", 0)
        self.then("soon", 100, "bump", 1)
        self.order(
            "void",
            388,
            wish("QUATTRO", 2),
            wish("DIAVOLA"),
            wish("CALAMARI", 2),
            wish("BURRATA"),
            table="7",
            guests=6,
            **table,
        )
        self.then("void", 200, "start", 0)
        self.then("void", 90, "void", 3, reason="Guest changed their mind")
        self.order(
            "courses",
            245,
            wish("BURRATA", 2),
            wish("SALMON", course=2),
            wish("RIBEYE", course=2),
            table="1",
            guests=2,
            **table,
        )
        self.then("courses", 200, "start", 0)
        self.order(
            "simple", 201, wish("BURGER", 1, "bacon"), wish("FRIES", 2), channel="takeaway", **self._somebody("Jo")
        )
        self.order(
            "bike",
            164,
            wish("MARGHERITA", 3),
            wish("DIAVOLA", notes="no chilli"),
            wish("TIRAMISU", 2),
            channel="delivery",
            **self._somebody("Ahmed"),
        )
        self.order(
            "family",
            96,
            wish("RIBEYE"),
            wish("BURGER", 2),
            wish("FRIES", 3),
            wish("HOUSE-SALAD"),
            table="9",
            guests=3,
            **table,
        )
        self.order(
            "new",
            41,
            wish("CALAMARI"),
            wish("VEGGIE-BURGER", notes="nut allergy"),
            channel="takeaway",
            **self._somebody("Lena"),
        )
        self.order("ready", 900, wish("FUNGHI"), wish("COLA", 2), channel="takeaway", **self._somebody("Noor"))
        self.then("ready", 120, "bump")

    def _somebody(self, name=None):
        return {"customer": Customer(name or self._chance.choice(GUESTS), None)}

    def _pay(self, name):
        order = self._orders[name]
        tender = self._chance.choice(["card", "card", "cash"])
        self._orders[name] = self.pay(order, order.total, tender, tip=order.total // 20 if tender == "card" else 0)
