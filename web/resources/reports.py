"""The books of a business day."""

from datetime import date, datetime
from functools import partial
from typing import Any

from web.answers import say, say_bytes, say_made
from web.conditions import idempotency
from web.context import Request, Response
from web.contract.models import reports as shown
from web.contract.models.base import Nothing, as_day
from web.contract.models.house import LocationQuery
from web.contract.models.reports import DaysQuery
from web.contract.operation import Answer, operation
from web.cursors import part_of
from web.refusals import NotAcceptable, NotFound
from web.who import one_location
from workflow.engine import Engine
from workflow.once import once
from workflow.refusals import LocationNeeded, UnknownLocation
from workflow.reporting.closing import request_close
from workflow.reporting.refusals import DayBeforeFirst, DayNotBegun, ReportRunNotFound
from workflow.reporting.rendering import RENDERERS
from workflow.reporting.reports import day_report, days, run, run_view

ANY_DAY = (UnknownLocation, LocationNeeded, DayNotBegun, DayBeforeFirst)


class Days:
    """``/v1/reports/days``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "The business days that there are books of, newest first.",
        tag="Reports",
        query=DaysQuery,
        answers={200: Answer("Days.", shown.ReportDays)},
        refusals=(UnknownLocation, LocationNeeded),
    )
    async def on_get(self, req: Request, resp: Response, query: DaysQuery) -> None:
        where = await one_location(self._engine, req, query.location)
        found = await self._engine.read(days, where, first=query.from_, last=query.to, at=self._engine.store.now())
        say(resp, part_of(found, query))


class Day:
    """``/v1/reports/days/{business_day}``, also with the extension of a format."""

    def __init__(self, engine: Engine, media_type: str | None = None) -> None:
        """*media_type*: what is answered whatever the client accepts."""
        self._engine = engine
        self._media_type = media_type

    @operation(
        "The report of a business day: X while it is open, Z once it is closed.",
        tag="Reports",
        query=LocationQuery,
        answers={200: Answer("The report.", shown.Report, media_types=tuple(RENDERERS))},
        refusals=(*ANY_DAY, NotAcceptable),
    )
    async def on_get(self, req: Request, resp: Response, business_day: str, query: LocationQuery) -> None:
        day, media_type = day_in(business_day), self._media_type or accepted(req)
        where = await one_location(self._engine, req, query.location)
        report = await self._engine.read_long(day_report, where, day, self._engine.store.now())
        say_bytes(resp, RENDERERS[media_type](report.body), media_type)


class CloseDay:
    """``/v1/reports/days/{business_day}/close``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "Close a business day; a worker does it.",
        tag="Reports",
        query=LocationQuery,
        body=Nothing,
        answers={202: Answer("The run, and where to look for it.", shown.ReportRun, headers=("Location",))},
        refusals=ANY_DAY,
    )
    async def on_post(
        self, req: Request, resp: Response, business_day: str, body: Nothing, query: LocationQuery
    ) -> None:
        principal, at, day = req.context.bearer, self._engine.store.now(), day_in(business_day)
        where = await one_location(self._engine, req, query.location)
        close = partial(requested_close, where=where, day=day, actor=principal.actor, at=at)
        view, replayed = await self._engine.write(once, idempotency(req, principal.key_id), at, close)
        resp.set_header("location", f"/v1/reports/runs/{view['id']}")
        say_made(resp, view, 202, replayed=replayed)


class Run:
    """``/v1/reports/runs/{run_id}``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "How far the closing of a day is.",
        tag="Reports",
        answers={200: Answer("The run.", shown.ReportRun)},
        refusals=(ReportRunNotFound,),
    )
    async def on_get(self, req: Request, resp: Response, run_id: str) -> None:
        say(resp, run_view(await self._engine.read(run, run_id, req.context.bearer.location_id)))


def requested_close(connection: Any, *, where: str, day: date, actor: str, at: datetime) -> dict[str, Any]:
    return run_view(request_close(connection, where, day, actor=actor, at=at))


def day_in(text: str) -> date:
    """The day of an address. Raises NotFound."""
    try:
        return as_day(text)
    except ValueError:
        raise NotFound(f"There is no day {text!r}; write YYYY-MM-DD.") from None


def accepted(req: Request) -> str:
    """The format that the client likes best. Raises NotAcceptable."""
    available = list(RENDERERS)
    best = req.client_prefers(available)
    if best is None:
        raise NotAcceptable(f"There are {', '.join(available)}.", available=available)
    return best
