"""One open stream: who watches, what waits to be sent to them, and when enough waits to give them up."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, get_args

from workflow.state_machine.model import Order

MOST_EVENTS = 1000
MOST_BYTES = 1024 * 1024
BEAT = "beat"
# So many beats in a row that were not even taken: the client, or the way to it, does not move any more.
BEATS_UNTAKEN = 2

Kind = Literal["order", "track", "kitchen", "dashboard"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Watcher:
    """What waits is kept by subject, an order's last state in place of the one before it: a slow client skips some.

    `order_id` is of the kinds order and track, `location_id` and `station` (None: all) of screens. `welcome` tells
    whether they may still see it; None for guests, whose token may always.
    """

    __slots__ = (
        "_abort",
        "_bytes",
        "_untaken",
        "_waiting",
        "_wake",
        "cut_off",
        "ended",
        "kind",
        "location_id",
        "order_id",
        "station",
        "welcome",
    )

    def __init__(
        self,
        kind: Kind,
        *,
        order_id: str | None = None,
        location_id: str | None = None,
        station: str | None = None,
        abort: Callable[[], None] | None = None,
        welcome: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self.kind = kind
        self.order_id = order_id
        self.location_id = location_id
        self.station = station
        self.ended = False
        self.cut_off = False
        self.welcome = welcome
        self._abort = abort
        self._waiting: dict[str, bytes] = {}
        self._bytes = 0
        self._untaken = 0
        self._wake: asyncio.Future[None] | None = None

    def shows(self, order: Order) -> bool:
        """Whether *order* has a line on this screen, or had one."""
        return self.station is None or any(item.station == self.station for item in order.items)

    def push(self, subject: str, event: bytes) -> None:
        """Send *event* as soon as the client takes it, in place of what waits about the same subject."""
        if self.ended:
            return
        replaced = self._waiting.pop(subject, b"")
        self._waiting[subject] = event
        self._bytes += len(event) - len(replaced)
        # However large a single order is, who takes what they are sent is not given up for it.
        if (self._bytes > MOST_BYTES and len(self._waiting) > 1) or len(self._waiting) > MOST_EVENTS:
            self.give_up()
        else:
            self._awake()

    def beat(self, event: bytes) -> None:
        self._untaken = self._untaken + 1 if BEAT in self._waiting else 0
        if self._untaken >= BEATS_UNTAKEN:
            self.give_up()
        else:
            self.push(BEAT, event)

    async def taken(self) -> bytes:
        """All that waits, once there is something. Raises StopAsyncIteration at the end."""
        while not self._waiting:
            if self.ended:
                raise StopAsyncIteration
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        joined = b"".join(self._waiting.values())
        self._waiting.clear()
        self._bytes = 0
        return joined

    def end(self) -> None:
        """What waits is sent, nothing after it."""
        self.ended = True
        self._awake()

    def give_up(self) -> None:
        """Cut the client off: it reconnects and resumes, or is gone."""
        if self.ended:
            return
        self.cut_off = True
        self._waiting.clear()
        self.end()
        if self._abort is not None:
            self._abort()

    def _awake(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
