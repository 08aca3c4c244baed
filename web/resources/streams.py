"""Live streams: Server-Sent Events, a snapshot first, then whole orders as they change."""

from web.context import Request, Response
from web.contract.models.answers import LiveEvent
from web.contract.models.house import BoardQuery, LocationQuery
from web.contract.operation import Answer, operation
from web.live.live import EVENT_STREAM, Live
from web.refusals import NotReady, TooManyStreams
from web.resources.kitchen import ANY_BOARD, ANY_LOCATION, board_asked
from web.resources.tracking import order_behind, there
from web.who import one_location, readable
from workflow.engine import Engine
from workflow.refusals import OrderNotFound
from workflow.tracking import Tokens

FULL = (TooManyStreams, NotReady)
OF_AN_ORDER = Answer(
    'Events until either side leaves: `snapshot` (`{"data": [the order]}`), `order` (the order as it is now), and '
    "`beat` every ten seconds at least. Each has an `id`. Drop an order whose `version` is not above the one you have.",
    LiveEvent,
    media_types=(EVENT_STREAM,),
)
OF_A_SCREEN = Answer(
    'Events until either side leaves: `snapshot` (`{"data": [orders]}`, all that are open here), `order` (one that '
    'has changed, whole; also when it has nothing more to do here), `menu` (`{"sku", "available"}`), on the '
    "dashboard `health`, and `beat` every ten seconds at least. Each has an `id`: sent back as `Last-Event-ID`, it "
    "brings what was missed, or a fresh snapshot. Drop an order whose `version` is not above the one you have.",
    LiveEvent,
    media_types=(EVENT_STREAM,),
)
RESUMES = ("Last-Event-ID",)


class OrderStream:
    """``/v1/orders/{order_id}/stream``"""

    def __init__(self, engine: Engine, live: Live) -> None:
        self._engine = engine
        self._live = live

    @operation(
        "One order, live.",
        tag="Live",
        answers={200: OF_AN_ORDER},
        refusals=(OrderNotFound, *FULL),
        takes=RESUMES,
    )
    async def on_get(self, req: Request, resp: Response, order_id: str) -> None:
        readable(req, await self._engine.version(order_id), order_id)
        await self._live.order(req, resp, order_id)


class TrackStream:
    """``/v1/track/{token}/stream``"""

    def __init__(self, engine: Engine, tokens: Tokens, live: Live) -> None:
        self._engine = engine
        self._tokens = tokens
        self._live = live

    @operation(
        "An order, live, as its guest may see it.",
        tag="Live",
        answers={200: OF_AN_ORDER},
        refusals=(OrderNotFound, *FULL),
        takes=RESUMES,
    )
    async def on_get(self, req: Request, resp: Response, token: str) -> None:
        order_id = order_behind(self._tokens, token)
        there(await self._engine.version(order_id))
        await self._live.track(req, resp, order_id)


class KitchenStream:
    """``/v1/kitchen/stream``"""

    def __init__(self, engine: Engine, live: Live) -> None:
        self._engine = engine
        self._live = live

    @operation(
        "The orders on a station's board, or on all boards, live.",
        tag="Live",
        query=BoardQuery,
        answers={200: OF_A_SCREEN},
        refusals=(*ANY_BOARD, *FULL),
        takes=RESUMES,
    )
    async def on_get(self, req: Request, resp: Response, query: BoardQuery) -> None:
        where, station = await board_asked(self._engine, req, query)
        await self._live.kitchen(req, resp, where, station)


class DashboardStream:
    """``/v1/dashboard/stream``"""

    def __init__(self, engine: Engine, live: Live) -> None:
        self._engine = engine
        self._live = live

    @operation(
        "Every open order of a location, live, and the health of the work behind.",
        tag="Live",
        query=LocationQuery,
        answers={200: OF_A_SCREEN},
        refusals=(*ANY_LOCATION, *FULL),
        takes=RESUMES,
    )
    async def on_get(self, req: Request, resp: Response, query: LocationQuery) -> None:
        where = await one_location(self._engine, req, query.location)
        await self._live.dashboard(req, resp, where)
