"""What a process remembers between its batches. The database is asked each time whether it is still so."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from workflow.state_machine.model import Order
from workflow.store.houses import Houses

MOST_ORDERS = 500


class Mark(msgspec.Struct, frozen=True):
    """An order's row in brief. Of equal marks the orders are equal.

    The version alone would not do: after a failover or a restored backup, it can come again with another event.
    """

    id: str
    version: int
    updated_at: datetime


class Orders:
    """The orders that were written or read last, as they were committed."""

    def __init__(self, most: int = MOST_ORDERS) -> None:
        self._most = most
        self._kept: dict[str, Order] = {}
        self._lock = threading.Lock()

    def find(self, ids: Iterable[str]) -> dict[str, Order]:
        return {order_id: order for order_id in ids if (order := self._kept.get(order_id))}

    def keep(self, orders: Mapping[str, Order]) -> None:
        """*orders* are in the books as they are here."""
        with self._lock:
            for order_id, order in orders.items():
                self._kept.pop(order_id, None)
                self._kept[order_id] = order
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]


@dataclass(frozen=True, slots=True)
class Memory:
    houses: Houses = field(default_factory=Houses)
    orders: Orders = field(default_factory=Orders)
