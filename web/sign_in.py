"""Signing in at a browser, and what keeps guessers from it."""

from ipaddress import ip_address

from web.context import Request, Response
from web.quotas import Quota
from web.refusals import Unauthorized
from web.sessions import Cookies
from workflow import api_keys, sessions, sign_in_codes
from workflow.engine import Engine
from workflow.sessions import Session, SignedIn

FAILURES_OF_AN_ADDRESS = 30
FAILURES_AT_A_STATION = 10


class SignIn:
    """Turns an API key, a station's PIN or a one-time code into a session with its cookie.

    All raise Unauthorized for what opens nothing, and RateLimited after too many failures in a minute, for the right
    ones as well: of one client address, or, with PINs, at one station from wherever.
    """

    def __init__(self, engine: Engine, cookies: Cookies) -> None:
        self.cookies = cookies
        self._engine = engine
        self._addresses = Quota("sign-in", FAILURES_OF_AN_ADDRESS)
        self._stations = Quota("pin", FAILURES_AT_A_STATION)

    async def with_key(self, req: Request, resp: Response, api_key: str) -> SignedIn:
        self._addresses.expect_some(req.remote_addr)
        principal = await self._engine.read(api_keys.find, api_key)
        session = sessions.of_key(principal.key_id, self._engine.store.now()) if principal else None
        return await self._begun(req, resp, session, "There is no such API key, or it was revoked.")

    async def with_pin(self, req: Request, resp: Response, location: str, station: str, pin: str) -> SignedIn:
        place = f"{location}/{station}"
        self._stations.expect_some(place)
        self._addresses.expect_some(req.remote_addr)
        # Counted before it is known to be wrong: those that are being looked at count as well.
        self._stations.take(place)
        at = self._engine.store.now()
        session = await self._engine.read(sessions.of_station, location, station, pin, at)
        if session:
            self._stations.give_back(place)
        return await self._begun(req, resp, session, "That is not the PIN of this station.")

    async def with_code(self, req: Request, resp: Response, code: str) -> SignedIn:
        """From this machine only: such codes are printed on its terminal."""
        self._addresses.expect_some(req.remote_addr)
        session, at = None, self._engine.store.now()
        if is_local(req) and (key_id := await self._engine.write(sign_in_codes.redeem, code, at)):
            session = sessions.of_key(key_id, at)
        return await self._begun(req, resp, session, "This code was used, is over, or was meant for another machine.")

    async def _begun(self, req: Request, resp: Response, session: Session | None, objection: str) -> SignedIn:
        signed_in = await self.cookies.begin(req, resp, session) if session else None
        if signed_in is None:
            self._addresses.take(req.remote_addr)
            raise Unauthorized(objection)
        return signed_in


def is_local(req: Request) -> bool:
    """Whether the client is on this machine, and no proxy on it speaks for somebody elsewhere."""
    try:
        return all(ip_address(address).is_loopback for address in req.access_route)
    except ValueError:  # a proxy may call its client anything
        return False
