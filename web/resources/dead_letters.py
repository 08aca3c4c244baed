"""Jobs that were given up, and wait for a person."""

from web.answers import say, say_made
from web.conditions import idempotency
from web.context import Request, Response
from web.contract.models import service as shown
from web.contract.models.base import Nothing
from web.contract.models.service import DeadLettersQuery, Discarding
from web.contract.operation import Answer, operation
from web.cursors import cursor_after, position
from web.who import location_asked
from workflow.engine import Engine
from workflow.jobs import dead_letters
from workflow.letting_go import DeadLetterNotFound, discarded, retried
from workflow.once import once
from workflow.refusals import UnknownLocation

DONE = Answer("The job.", shown.DeadLetter, headers=("Idempotent-Replayed",))


class DeadLetters:
    """``/v1/dead-letters``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "The jobs that were given up, oldest first.",
        tag="Jobs",
        query=DeadLettersQuery,
        answers={200: Answer("A page of jobs.", shown.DeadLetters)},
        refusals=(UnknownLocation,),
    )
    async def on_get(self, req: Request, resp: Response, query: DeadLettersQuery) -> None:
        where, after = location_asked(req, query.location), position(query.cursor)
        found = await self._engine.read(dead_letters.page, location_id=where, after=after, limit=query.limit + 1)
        page = found[: query.limit]
        rest = cursor_after(page[-1].id) if len(found) > len(page) else None
        say(resp, {"data": dead_letters.shown(page), "next_cursor": rest})


class RetryDeadLetter:
    """``/v1/dead-letters/{job_id}/retry``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "Try a job again, under its id and with new tries.",
        tag="Jobs",
        body=Nothing,
        answers={200: DONE},
        refusals=(DeadLetterNotFound,),
    )
    async def on_post(self, req: Request, resp: Response, job_id: str, body: Nothing) -> None:
        principal, at = req.context.bearer, self._engine.store.now()
        retry = retried(job_id, at, principal.location_id)
        view, replayed = await self._engine.write(once, idempotency(req, principal.key_id), at, retry)
        say_made(resp, view, 200, replayed=replayed)


class DiscardDeadLetter:
    """``/v1/dead-letters/{job_id}/discard``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "Let a job go; it stays in the books as cancelled.",
        tag="Jobs",
        body=Discarding,
        answers={200: DONE},
        refusals=(DeadLetterNotFound,),
    )
    async def on_post(self, req: Request, resp: Response, job_id: str, body: Discarding) -> None:
        principal, at = req.context.bearer, self._engine.store.now()
        discard = discarded(job_id, body.reason, at, principal.location_id)
        view, replayed = await self._engine.write(once, idempotency(req, principal.key_id), at, discard)
        say_made(resp, view, 200, replayed=replayed)
