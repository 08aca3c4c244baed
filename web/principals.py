"""Who is asking: API keys, remembered for some seconds so that a request needs no query of its own."""

import time
from collections.abc import Callable

from web.refusals import Unauthorized
from workflow import api_keys
from workflow.api_keys import Principal
from workflow.engine import Engine

REMEMBERED_SECONDS = 10.0
MOST_REMEMBERED = 10_000


class Principals:
    """The principals behind `Authorization` headers. A revoked key may be believed for REMEMBERED_SECONDS."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._remembered: dict[str, tuple[Principal, float]] = {}

    def known(self, authorization: str) -> Principal | None:
        """The principal, if it was looked up lately."""
        found = self._remembered.get(authorization)
        return found[0] if found and found[1] > self._clock() else None

    async def look_up(self, authorization: str) -> Principal:
        """The principal as the database has it. Raises Unauthorized."""
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise Unauthorized("Send `Authorization: Bearer` and an API key.")
        principal = await self._engine.read(api_keys.find, key.strip())
        if principal is None:
            raise Unauthorized("There is no such API key, or it was revoked.")
        self._remember(authorization, principal)
        return principal

    def forget(self) -> None:
        """Ask the database again for every key, because one was revoked."""
        self._remembered.clear()

    def _remember(self, authorization: str, principal: Principal) -> None:
        if len(self._remembered) >= MOST_REMEMBERED:
            self.forget()
        self._remembered[authorization] = (principal, self._clock() + REMEMBERED_SECONDS)
