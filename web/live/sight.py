"""Seeing what happens: our own commits at once, those of others when they are announced, and all of it in the feed."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from web.live.hub import Hub
from workflow import feed
from workflow.announcements import Announcement, Announcer, Dish, Listener
from workflow.engine import Engine
from workflow.feed import change_of
from workflow.refusals import DatabaseUnavailable, Overloaded
from workflow.submissions import Outcome

# How often the feed is looked at: where announcements come, only for those that were lost on their way.
SECONDS, SECONDS_BESIDE_ANNOUNCEMENTS = 0.2, 1.0
LONGEST_PAUSE = 5.0
# A look may take a tenth of the time, no more: under load, or with thousands of events unnumbered, it comes later.
SHARE = 10
# How long after its moment an event may be committed, and how far the clocks of two machines may be apart.
LATENESS = timedelta(minutes=2)
LINGER_SECONDS = 10.0
SETTLE_SECONDS = 0.5
TROUBLE = (DatabaseUnavailable, Overloaded)
log = structlog.get_logger(__name__)


class Sight:
    """Keeps a hub up to date while somebody watches; while nobody does, it only announces what we commit."""

    def __init__(self, engine: Engine, hub: Hub, redis: str | None) -> None:
        self._engine = engine
        self._hub = hub
        self._announcer = Announcer(redis) if redis else None
        self._listener = Listener(redis, self._announcer.sender, self._heard) if redis and self._announcer else None
        self._since = engine.store.now()
        self._open = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None
        self._loading: asyncio.Task[None] | None = None
        self._wanted: set[str] = set()
        self._committed: list[Sequence[object]] = []
        self._nudge = asyncio.Event()
        # With neither a watcher nor another process to be told, a commit costs one look at this attribute.
        engine.told = self._see if self._announcer else None

    @property
    def announced(self) -> bool | None:
        """Whether announcements reach us; None where there is no Redis to bring them, or nobody watches."""
        return self._listener.connected if self._listener and self._watching else None

    async def open(self) -> None:
        """Whatever is committed from now on reaches the hub. Raises DatabaseUnavailable."""
        async with self._open:
            if not self._watching:
                self._since = self._engine.store.now()
                changes, self._hub.position = await self._engine.read(feed.begin, self._since - LATENESS)
                for change in changes:
                    self._hub.passed(change.order_id, change.version)
                self._engine.told = self._see
                self._looking = asyncio.create_task(self._look_on())

    async def settle(self) -> None:
        """Returns when it is known whether announcements come, or is not known soon."""
        if self._listener and self._watching:
            with suppress(TimeoutError):
                async with asyncio.timeout(SETTLE_SECONDS):
                    await self._listener.tried.wait()

    async def close(self) -> None:
        for task in (self._looking, self._loading):
            if task:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        self._engine.told = None
        if self._announcer:
            await asyncio.to_thread(self._announcer.close)

    def dish(self, location_id: str, sku: str, *, available: bool) -> None:
        """A dish is out, or back."""
        self._hub.tell_dish(location_id, sku, available=available)
        if self._announcer:
            self._announcer.tell_dish(Dish(location_id, sku, available))

    @property
    def _watching(self) -> bool:
        return self._looking is not None and not self._looking.done()

    def _see(self, results: Sequence[object]) -> None:
        """What a batch came to. Those who asked are answered first."""
        if not self._committed:
            asyncio.get_running_loop().call_soon(self._show)
        self._committed.append(results)

    def _show(self) -> None:
        batches, self._committed = self._committed, []
        told = [one for batch in batches for one in batch if isinstance(one, Outcome) and not one.replayed]
        orders = {outcome.order.id: outcome.order for outcome in told}.values()
        for order in orders:
            self._hub.deliver(order)
        if self._announcer and orders:
            self._announcer.tell([change_of(order) for order in orders])

    def _heard(self, announcement: Announcement) -> None:
        for dish in announcement.dishes:
            self._hub.tell_dish(dish.location_id, dish.sku, available=dish.available)
        self._wanted.update(change.order_id for change in announcement.orders if self._hub.wants(change))
        if self._wanted and (self._loading is None or self._loading.done()):
            self._loading = asyncio.create_task(self._load_wanted())

    async def _load_wanted(self) -> None:
        """The feed has what cannot be loaded now."""
        while self._wanted:
            wanted, self._wanted = self._wanted, set()
            with suppress(*TROUBLE):
                await self._load(wanted)

    async def _load(self, ids: Iterable[str]) -> None:
        for order in await asyncio.gather(*(self._engine.order(order_id) for order_id in ids)):
            if order is not None:
                self._hub.deliver(order)

    async def _look_on(self) -> None:
        """Look again and again, while there are watchers and for a while after the last has gone."""
        listening = asyncio.create_task(self._listener.run(self._nudge.set)) if self._listener else None
        loop = asyncio.get_running_loop()
        pause, left = 0.0, 0.0
        try:
            while len(self._hub) or left < LINGER_SECONDS:
                await self._wait(pause)
                begun = loop.time()
                pause = await self._look_and_say(pause)
                left = 0.0 if len(self._hub) else left + pause + loop.time() - begun
        finally:
            if listening:
                listening.cancel()
            self._engine.told = self._see if self._announcer else None

    async def _wait(self, seconds: float) -> None:
        """So long, or until it is known that announcements do not come any more, or come again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nudge.wait()
        self._nudge.clear()

    async def _look_and_say(self, pause: float) -> float:
        """One look; how long to wait before the next."""
        begun = asyncio.get_running_loop().time()
        usual = SECONDS_BESIDE_ANNOUNCEMENTS if self.announced else SECONDS
        try:
            await self._look()
        except TROUBLE as trouble:
            log.warning("The feed cannot be read; screens wait.", error=trouble.detail)
            return min(max(pause * 2, SECONDS), LONGEST_PAUSE)
        except Exception:
            log.exception("A look at the feed failed.")
            return LONGEST_PAUSE
        return max(usual, SHARE * (asyncio.get_running_loop().time() - begun))

    async def _look(self) -> None:
        now = self._engine.store.now()
        changes, position = await self._engine.read(feed.look, self._hub.position, self._since - LATENESS)
        await self._load([change.order_id for change in changes if self._hub.wants(change)])
        # Only now: whoever resumes at this position has been sent all before it.
        self._hub.position, self._since = position, now
