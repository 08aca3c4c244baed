"""Whether whoever opened a stream may still see it: a key may be revoked, a PIN changed, a session over."""

from collections.abc import Awaitable, Callable

from web.context import Request
from web.principals import Principals
from web.refusals import Unauthorized
from web.sessions import COOKIE, Cookies
from workflow.refusals import DatabaseUnavailable

Welcome = Callable[[], Awaitable[bool]]


def welcome(req: Request, principals: Principals, cookies: Cookies) -> Welcome | None:
    """Asks again, for the person behind *req*; None for a guest. Keeps no more of the request than it has to."""
    if (authorization := req.auth) is not None:
        return lambda: _known(authorization, principals)
    if req.context.signed_in is not None and (sealed := req.get_cookie_values(COOKIE)):
        return lambda: _signed_in(sealed[0], cookies)
    return None


async def _known(authorization: str, principals: Principals) -> bool:
    try:
        return bool(principals.known(authorization) or await principals.look_up(authorization))
    except Unauthorized:
        return False
    except DatabaseUnavailable:
        return True


async def _signed_in(sealed: str, cookies: Cookies) -> bool:
    try:
        return await cookies.behind(sealed) is not None
    except DatabaseUnavailable:
        return True
