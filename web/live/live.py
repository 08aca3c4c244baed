"""All of it together: opens streams, and lives as long as the server."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from web.context import Request, Response
from web.live import events
from web.live.hub import Hub
from web.live.places import places
from web.live.pulse import Pulse
from web.live.sight import Sight
from web.live.snapshots import Snapshots
from web.live.sockets import Connection
from web.live.stream import Stream
from web.live.watcher import Kind, Watcher
from web.live.welcome import Welcome
from workflow.engine import Engine
from workflow.settings import Settings
from workflow.tracking import Tokens
from workflow.views import encode, order_view, public_view

EVENT_STREAM = "text/event-stream"
HEADERS = [
    # A proxy that packs or gathers the stream would hold it back.
    ("cache-control", "no-store, no-transform"),
    ("x-accel-buffering", "no"),
]


class Live:
    """Streams of one order for its staff or its guest, and of a location for a kitchen's screens or a dashboard."""

    def __init__(self, engine: Engine, tokens: Tokens, settings: Settings) -> None:
        self.hub = Hub(engine.store.now, tokens, places(settings.streams))
        # Is asked how to find out later whether they may still watch who may watch now.
        self.welcome: Callable[[Request], Welcome | None] = lambda _req: None
        self.sight = Sight(engine, self.hub, settings.redis)
        self._engine = engine
        self._tokens = tokens
        self._snapshots = Snapshots(engine, tokens)
        self.pulse = Pulse(engine, self.hub, self.sight)

    async def start(self) -> None:
        self._snapshots.start()
        self.pulse.start()

    async def stop(self) -> None:
        self.hub.end()
        await self.pulse.close()
        await self.sight.close()
        await self._snapshots.close()

    async def order(self, req: Request, resp: Response, order_id: str) -> None:
        await self._one(req, resp, "order", order_id)

    async def track(self, req: Request, resp: Response, order_id: str) -> None:
        await self._one(req, resp, "track", order_id)

    async def kitchen(self, req: Request, resp: Response, location_id: str, station: str | None) -> None:
        watcher = self._watcher(req, "kitchen", location_id=location_id, station=station)

        async def first(position: int) -> bytes:
            whole = partial(self._snapshots.kitchen, location_id, station)
            return await self._screen(req, watcher, position, whole)

        await self._open(req, resp, watcher, first)

    async def dashboard(self, req: Request, resp: Response, location_id: str) -> None:
        watcher = self._watcher(req, "dashboard", location_id=location_id)

        async def first(position: int) -> bytes:
            orders = await self._screen(req, watcher, position, partial(self._snapshots.dashboard, location_id))
            return orders + events.told("health", await self.pulse.health(location_id), position)

        await self._open(req, resp, watcher, first)

    async def _one(self, req: Request, resp: Response, kind: Kind, order_id: str) -> None:
        """Whoever comes back has missed one order at most: a snapshot of it is no more than that."""
        view = public_view if kind == "track" else order_view

        async def first(position: int) -> bytes:
            order, at = await self._engine.order(order_id), self._engine.store.now()
            return events.snapshot([encode(view(order, at, self._tokens))] if order else [], position)

        await self._open(req, resp, self._watcher(req, kind, order_id=order_id), first)

    def _watcher(self, req: Request, kind: Kind, **whom: Any) -> Watcher:
        connection = Connection(req.receive)
        connection.bound()
        # Who has an order's token may always see it, whoever they are besides.
        welcome = None if kind == "track" else self.welcome(req)
        return Watcher(kind, abort=connection.abort, welcome=welcome, **whom)

    async def _screen(
        self, req: Request, watcher: Watcher, position: int, whole: Callable[[], Awaitable[list[bytes]]]
    ) -> bytes:
        """What the client has missed, where it says how far it came and that is not too much; else all there is."""
        came, missed = _position(req), None
        if came is not None and watcher.location_id is not None:
            missed = await self._snapshots.missed(watcher.location_id, came)
        if missed is None:
            return events.snapshot(await whole(), position)
        return b"".join([events.event("order", one.body, position) for one in missed if watcher.shows(one.order)])

    async def _open(
        self, req: Request, resp: Response, watcher: Watcher, first: Callable[[int], Awaitable[bytes]]
    ) -> None:
        """Watch first and look then: so nothing falls between. Raises TooManyStreams, NotReady, DatabaseUnavailable.

        What is sent first stands at the position before that look: what was pushed meanwhile comes after it, and may
        be lost on the way.
        """
        self.hub.enter(watcher)
        try:
            await self.sight.open()
            position = self.hub.position
            beginning = events.RETRY + await first(position) + events.beat(self._engine.store.now(), position)
        except BaseException:
            self.hub.leave(watcher)
            raise
        resp.content_type = EVENT_STREAM
        resp.set_headers(HEADERS)
        resp.stream = Stream(self.hub, watcher, beginning, req.receive)


def _position(req: Request) -> int | None:
    """How far the client says that it came."""
    with suppress(ValueError):
        return int(req.get_header("Last-Event-ID") or "")
    return None
