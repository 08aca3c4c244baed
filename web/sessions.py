"""The cookie of a signed-in browser: set, read, remembered for some seconds, and believed from our own pages only."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from web.context import Request, Response
from web.refusals import Forbidden
from workflow import sessions
from workflow.engine import Engine
from workflow.sessions import LASTS, Session, Sessions, SignedIn

COOKIE = "passline_session"
REMEMBERED_SECONDS = 10.0
MOST_REMEMBERED = 10_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Cookies:
    """The people behind cookies. One whose key was revoked may be believed for REMEMBERED_SECONDS."""

    def __init__(self, engine: Engine, sealing: Sessions, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._sealing = sealing
        self._clock = clock
        self._remembered: dict[str, tuple[SignedIn, float]] = {}

    async def read(self, req: Request) -> SignedIn | None:
        """Who is signed in; None for nobody, for a session that is over, and for a cookie that we did not make."""
        values = req.get_cookie_values(COOKIE)
        return await self.behind(values[0]) if values else None

    async def begin(self, req: Request, resp: Response, session: Session) -> SignedIn | None:
        """Sign the browser in; None if its key or PIN is gone by now."""
        sealed = self._sealing.sealed(session)
        signed_in = await self.behind(sealed)
        if signed_in:
            secure, seconds = req.forwarded_scheme == "https", int(LASTS.total_seconds())
            resp.set_cookie(COOKIE, sealed, max_age=seconds, path="/", secure=secure, same_site="Strict")
        return signed_in

    def end(self, req: Request, resp: Response) -> None:
        """Sign the browser out."""
        for value in req.get_cookie_values(COOKIE) or ():
            self._remembered.pop(value, None)
        resp.unset_cookie(COOKIE, path="/", same_site="Strict")

    def forget(self) -> None:
        """Ask the database again for everybody, because a key was revoked or a PIN changed."""
        self._remembered.clear()

    async def behind(self, sealed: str) -> SignedIn | None:
        """The same of the cookie's value."""
        session = self._sealing.opened(sealed, self._engine.store.now())
        if session is None:
            return None
        known = self._remembered.get(sealed)
        if known and known[1] > self._clock():
            return known[0]
        person = await self._engine.read(sessions.person, session)
        if person is None:
            return None
        if len(self._remembered) >= MOST_REMEMBERED:
            self.forget()
        signed_in = SignedIn(session, person)
        self._remembered[sealed] = (signed_in, self._clock() + REMEMBERED_SECONDS)
        return signed_in


def expect_own_page(req: Request) -> None:
    """Raises Forbidden where a browser acts for a page of somebody else, or does not say for whose.

    Browsers send `Sec-Fetch-Site` or, older ones, `Origin` with whatever changes something; a page cannot forge them.
    """
    if req.method in SAFE:
        return
    site, origin = req.get_header("Sec-Fetch-Site"), req.get_header("Origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:
        ours = origin is not None and urlsplit(origin).netloc in (req.netloc, req.forwarded_host)
    if not ours:
        raise Forbidden("With a session this may be done from this server's own pages only; others need an API key.")
