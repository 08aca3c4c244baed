"""What the screens of a kitchen show."""

from datetime import timedelta

from web.answers import say_polled
from web.context import Request, Response
from web.contract import shapes
from web.contract.models import answers as shown
from web.contract.models.house import BoardQuery, LocationQuery
from web.contract.operation import Answer, operation
from web.who import one_location
from workflow import queries
from workflow.engine import Engine
from workflow.menu import location, stations
from workflow.refusals import LocationNeeded, UnknownLocation, no_station
from workflow.station_pins import StationNotFound
from workflow.tracking import Tokens
from workflow.views import order_view, ticket_views

ANY_LOCATION = (UnknownLocation, LocationNeeded)
ANY_BOARD = (*ANY_LOCATION, StationNotFound)
POLLED = ("ETag", "Poll-After")


async def board_asked(engine: Engine, req: Request, query: BoardQuery) -> tuple[str, str | None]:
    """The location whose board is asked for, and the station; None for all stations.

    Raises StationNotFound: the board of a station that is not there would look like that of a quiet evening.
    """
    where = await one_location(engine, req, query.location)
    if query.station is not None:
        known = [station.id for station in await engine.read(stations, where)]
        if query.station not in known:
            raise StationNotFound(no_station(query.station, known), stations=known)
    return where, query.station


class Tickets:
    """``/v1/kitchen/tickets``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "The open tickets, the oldest first.",
        tag="Kitchen",
        query=BoardQuery,
        answers={200: Answer("Open tickets.", shown.Tickets, headers=POLLED), 304: shapes.UNCHANGED},
        refusals=ANY_BOARD,
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, query: BoardQuery) -> None:
        lines = await self._engine.read(queries.open_lines, *await board_asked(self._engine, req, query))
        say_polled(req, resp, {"data": ticket_views(lines)})


class AllDay:
    """``/v1/kitchen/all-day``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "How many of each item are open over all tickets.",
        tag="Kitchen",
        query=BoardQuery,
        answers={200: Answer("Open items.", shown.AllDay, headers=POLLED), 304: shapes.UNCHANGED},
        refusals=ANY_BOARD,
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, query: BoardQuery) -> None:
        lines = await self._engine.read(queries.all_day, *await board_asked(self._engine, req, query))
        say_polled(req, resp, {"data": lines})


class Recent:
    """``/v1/kitchen/recent``"""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "What can be recalled, the newest first.",
        tag="Kitchen",
        query=LocationQuery,
        answers={200: Answer("Orders.", shown.Recent, headers=POLLED), 304: shapes.UNCHANGED},
        refusals=ANY_LOCATION,
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, query: LocationQuery) -> None:
        where = await one_location(self._engine, req, query.location)
        at = self._engine.store.now()
        place = await self._engine.read(location, where)
        window = timedelta(seconds=place.recall_seconds if place else 0)
        ids = await self._engine.read(queries.recallable_ids, where, at - window)
        orders = await self._engine.read(self._engine.store.orders, ids)
        views = [order_view(orders[order_id], at, self._tokens) for order_id in ids]
        say_polled(req, resp, {"data": [view for view in views if view.actions and "recall" in view.actions]})
