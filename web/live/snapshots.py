"""What a screen shows when it is opened, or opened again after it was away."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from workflow import feed
from workflow.engine import Engine, Gathering
from workflow.state_machine.model import IN_THE_KITCHEN, UNFINISHED, VOIDED, Item, Order
from workflow.tracking import Tokens
from workflow.views import encode, order_view

# Whoever has missed more orders than this gets all that are open instead.
MOST_MISSED = 200
MOST_WAITING = 20_000


class Written(NamedTuple):
    """An order, and how staff see it, as JSON."""

    order: Order
    body: bytes


class Snapshots:
    """Screens of one location that are opened together, as after a restart, share one look at its orders."""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens
        self._live = Gathering[str, Sequence[Written]](self._read_live, limit=MOST_WAITING, batch=MOST_WAITING)

    def start(self) -> None:
        self._live.start()

    async def close(self) -> None:
        await self._live.stop()

    async def dashboard(self, location_id: str) -> list[bytes]:
        """Every order that is open, or of which a void waits to be acknowledged."""
        return [written.body for written in await self._live.ask(location_id)]

    async def kitchen(self, location_id: str, station: str | None) -> list[bytes]:
        """Those of them that have a line on this board; None: on any."""
        written = await self._live.ask(location_id)
        return [one.body for one in written if any(_on_board(one.order, item, station) for item in one.order.items)]

    async def missed(self, location_id: str, position: int) -> Sequence[Written] | None:
        """The orders that have changed after *position*; None when only a fresh snapshot will do."""
        return await self._engine.read(self._changed, location_id, position)

    async def _read_live(self, locations: Sequence[str]) -> Sequence[Sequence[Written] | Exception]:
        found = {where: await self._engine.read(self._read, where) for where in set(locations)}
        return [found[where] for where in locations]

    def _read(self, connection: Any, location_id: str) -> list[Written]:
        return self._written(connection, feed.live_ids(connection, location_id))

    def _changed(self, connection: Any, location_id: str, position: int) -> list[Written] | None:
        ids = feed.changed_ids(connection, location_id, position, MOST_MISSED)
        return None if ids is None else self._written(connection, ids)

    def _written(self, connection: Any, ids: Sequence[str]) -> list[Written]:
        """In a thread: of a full house it takes a while."""
        store = self._engine.store
        found, at = store.orders(connection, ids), store.now()
        orders = [found[order_id] for order_id in ids if order_id in found]
        return [Written(order, encode(order_view(order, at, self._tokens))) for order in orders]


def _on_board(order: Order, item: Item, station: str | None) -> bool:
    """As queries.open_lines has it."""
    if station is not None and item.station != station:
        return False
    if item.status == VOIDED:
        return item.acknowledged_at is None
    return order.status in IN_THE_KITCHEN and item.status in UNFINISHED
