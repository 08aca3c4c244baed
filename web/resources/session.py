"""``/v1/session``: signing in at a browser, asking who is signed in, and signing out."""

from datetime import datetime
from typing import Any

from web.answers import say
from web.conditions import idempotency
from web.context import Request, Response
from web.contract.models import access as shown
from web.contract.models.access import NewSession
from web.contract.operation import Answer, operation
from web.refusals import Unauthorized
from web.sessions import expect_own_page
from web.sign_in import SignIn
from workflow import sessions
from workflow.engine import Engine
from workflow.sessions import Person, SignedIn
from workflow.state_machine.events import instant

SET = ("Set-Cookie",)


class Session:
    """``/v1/session``"""

    def __init__(self, engine: Engine, sign_in: SignIn) -> None:
        self._engine = engine
        self._sign_in = sign_in

    @operation(
        "Sign in: the cookie that is set is accepted wherever an API key is, from this server's own pages.",
        tag="Session",
        body=NewSession,
        answers={200: Answer("Who is signed in.", shown.Session, headers=SET)},
    )
    async def on_post(self, req: Request, resp: Response, body: NewSession) -> None:
        idempotency(req, "")  # signing in twice is signing in, so a good key has nothing to add
        if req.get_header("Sec-Fetch-Site") or req.get_header("Origin"):
            expect_own_page(req)
        signed_in = await self._with(req, resp, body)
        say(resp, _view(signed_in.person, signed_in.session.expires_at))

    @operation("Who is signed in.", tag="Session", answers={200: Answer("This person.", shown.Session)})
    async def on_get(self, req: Request, resp: Response) -> None:
        if signed_in := req.context.signed_in:
            say(resp, _view(signed_in.person, signed_in.session.expires_at))
            return
        person = await self._engine.read(sessions.bearer, req.context.bearer.key_id)
        if person is None:
            raise Unauthorized("There is no such API key, or it was revoked.")
        say(resp, _view(person, None))

    @operation("Sign out.", tag="Session", answers={204: Answer("Nobody is signed in.", headers=SET)})
    async def on_delete(self, req: Request, resp: Response) -> None:
        self._sign_in.cookies.end(req, resp)
        resp.status = 204

    async def _with(self, req: Request, resp: Response, asked: NewSession) -> SignedIn:
        if asked.api_key is not None:
            return await self._sign_in.with_key(req, resp, asked.api_key)
        if asked.code is not None:
            return await self._sign_in.with_code(req, resp, asked.code)
        return await self._sign_in.with_pin(req, resp, str(asked.location), str(asked.station), str(asked.pin))


def _view(person: Person, expires_at: datetime | None) -> dict[str, Any]:
    return {
        "role": person.principal.role,
        "location": person.principal.location_id,
        "name": person.name,
        "station": person.station,
        "expires_at": instant(expires_at),
    }
