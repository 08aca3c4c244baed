"""Signs of life for every stream, and the health of the house for its dashboards."""

import asyncio
from contextlib import suppress
from typing import Any

import structlog

from web.live.hub import Hub
from web.live.sight import Sight
from workflow.engine import Engine
from workflow.health import health
from workflow.refusals import DatabaseUnavailable

BEAT_SECONDS = 8.0
# A beat to thousands is sent in pieces, spread over a second, so that what happens gets through between them.
AT_ONCE, SPREAD_SECONDS = 50, 1.0
HEALTH_SECONDS = 2.0
HEALTH_REPEATED = 3
LOOK_AGAIN_SECONDS = 10.0
# Where there are millions of jobs, counting them takes a tenth of the time, no more.
SHARE = 10
log = structlog.get_logger(__name__)


class Pulse:
    """One task for all beats, one for all dashboards and one at the door, however many streams are open."""

    def __init__(self, engine: Engine, hub: Hub, sight: Sight) -> None:
        self._engine = engine
        self._hub = hub
        self._sight = sight
        self._tasks: list[asyncio.Task[None]] = []
        self._told: dict[str, tuple[dict[str, Any], int]] = {}

    def start(self) -> None:
        self._tasks = [asyncio.create_task(work()) for work in (self._beat, self._examine, self._mind_the_door)]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def health(self, location_id: str) -> dict[str, Any]:
        """Raises DatabaseUnavailable."""
        await self._sight.settle()
        found = await self._engine.read(health, location_id, self._engine.store.now())
        return {**found, "broker": self._sight.announced}

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            apart = SPREAD_SECONDS / (len(self._hub) // AT_ONCE + 1)
            for number, _ in enumerate(self._hub.beats(), start=1):
                if number % AT_ONCE == 0:
                    await asyncio.sleep(apart)

    async def look_again(self) -> None:
        """End the streams of those who may not watch any more; they find out why when they come back."""
        for watcher in self._hub.staff():
            if watcher.welcome and not await watcher.welcome():
                watcher.end()

    async def _mind_the_door(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            await self.look_again()

    async def _examine(self) -> None:
        loop, took = asyncio.get_running_loop(), 0.0
        while True:
            await asyncio.sleep(max(HEALTH_SECONDS, SHARE * took))
            begun = loop.time()
            self._told = {where: told for where, told in self._told.items() if where in self._hub.dashboards()}
            for location_id in self._hub.dashboards():
                with suppress(DatabaseUnavailable):
                    self._tell(location_id, await self.health(location_id))
            took = loop.time() - begun

    def _tell(self, location_id: str, view: dict[str, Any]) -> None:
        """When it is another than last time, and now and then, so that nobody wonders."""
        before, silent = self._told.get(location_id, (None, 0))
        if view == before and silent < HEALTH_REPEATED - 1:
            self._told[location_id] = view, silent + 1
            return
        self._told[location_id] = view, 0
        self._hub.tell_health(location_id, view)
