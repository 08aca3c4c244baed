"""The restaurant's own books: what it sent, what was accepted, and what it therefore holds to be true."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.simulation.plan import Plan


@dataclass(slots=True)
class Line:
    """One item of an order; `price` is per piece with its modifiers, as the menu and the till say."""

    id: str
    number: int
    station: str
    course: int
    quantity: int
    price: int
    prep_seconds: int
    status: str
    shown: bool = False
    acknowledged: bool = False
    sent_back: bool = False
    voided_alone: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """An accepted command: the order's version before and after, and whether it had anything to do."""

    what: str
    before: int
    after: int
    changed: bool


@dataclass(slots=True)
class OrderBook:
    """One order as the restaurant knows it; whoever writes to it holds `lock`, from asking until it is entered."""

    plan: Plan
    external_id: str
    body: Mapping[str, Any]
    prices: Sequence[int]
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    id: str = ""
    number: str = ""
    business_day: str = ""
    tracking_token: str = ""
    status: str = ""
    version: int = 0
    progress: int = 0
    priority: bool = False
    lines: dict[str, Line] = field(default_factory=dict)
    discounts: int = 0
    paid: int = 0
    tips: int = 0
    payments: list[tuple[str, int, int]] = field(default_factory=list)
    cancel_reason: str | None = None
    recalls_sent: int = 0
    recalls_answered: int = 0
    sent_back: bool = False
    steps: list[Step] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return bool(self.id)

    @property
    def closed(self) -> bool:
        return self.status in ("completed", "cancelled", "rejected")

    @property
    def subtotal(self) -> int:
        return sum(line.quantity * line.price for line in self.lines.values() if line.status != "voided")

    @property
    def discount(self) -> int:
        return min(self.discounts, self.subtotal)

    @property
    def total(self) -> int:
        return self.subtotal - self.discount

    @property
    def due(self) -> int:
        return max(0, self.total - self.paid)

    def having(self, *statuses: str) -> list[Line]:
        return [line for line in self.lines.values() if line.status in statuses]

    def add(self, items: Iterable[Mapping[str, Any]], prices: Sequence[int]) -> None:
        """Enter new lines: what the server made of them, and what the till says a piece costs."""
        fresh = [line_of(item, price) for item, price in zip(items, prices, strict=True)]
        # A new dictionary, so that a cook who reads without the lock never sees it change under way.
        self.lines = {**self.lines, **{line.id: line for line in fresh}}

    def take(self, tender: str, amount: int, tip: int) -> None:
        self.payments.append((tender, amount, tip))
        self.paid += amount
        self.tips += tip


def line_of(item: Mapping[str, Any], price: int) -> Line:
    return Line(
        id=item["id"],
        number=item["line"],
        station=item["station"],
        course=item["course"],
        quantity=item["quantity"],
        price=price,
        prep_seconds=item["prep_seconds"] or 0,
        status=item["status"],
    )


class Books:
    """All orders of the evening, by external id and by id."""

    def __init__(self) -> None:
        self._orders: dict[str, OrderBook] = {}
        self._by_id: dict[str, OrderBook] = {}
        self._lock = threading.Lock()

    def open(self, order: OrderBook) -> None:
        with self._lock:
            self._orders[order.external_id] = order

    def accept(self, order: OrderBook) -> None:
        """The server has given *order* its id."""
        with self._lock:
            self._by_id[order.id] = order

    def find(self, order_id: str) -> OrderBook | None:
        return self._by_id.get(order_id)

    def all(self) -> list[OrderBook]:
        with self._lock:
            return list(self._orders.values())

    def accepted(self) -> list[OrderBook]:
        return [order for order in self.all() if order.accepted]

    @property
    def closed(self) -> int:
        return sum(order.closed for order in self.accepted())

    @property
    def steps(self) -> int:
        """How many commands were accepted over the whole evening."""
        return sum(len(order.steps) for order in self.accepted())


def differences(order: OrderBook, told: Mapping[str, Any]) -> list[str]:
    """What the server says of *order* that the books say otherwise; sentences, none when they agree."""
    pairs = {
        "id": order.id,
        "external_id": order.external_id,
        "number": order.number,
        "channel": order.body["channel"],
        "status": order.status,
        "subtotal": order.subtotal,
        "discount": order.discount,
        "total": order.total,
        "paid": order.paid,
        "tips": order.tips,
        "priority": order.priority,
    }
    found = [f"{name} is {told.get(name)!r}, not {ours!r}" for name, ours in pairs.items() if told.get(name) != ours]
    if order.cancel_reason is not None and told.get("cancel_reason") != order.cancel_reason:
        found.append(f"cancel_reason is {told.get('cancel_reason')!r}, not {order.cancel_reason!r}")
    return found + _line_differences(order, told.get("items", []))


def _line_differences(order: OrderBook, items: Sequence[Mapping[str, Any]]) -> list[str]:
    told = {item["id"]: item for item in items}
    found = [f"item {item_id} is not in our books" for item_id in told.keys() - order.lines.keys()]
    found += [f"item {item_id} is missing" for item_id in order.lines.keys() - told.keys()]
    for line in order.lines.values():
        item = told.get(line.id)
        if item is None:
            continue
        if item["status"] != line.status:
            found.append(f"item {line.id} is {item['status']}, not {line.status}")
        if item["quantity"] != line.quantity:
            found.append(f"item {line.id} has quantity {item['quantity']}, not {line.quantity}")
    return found
