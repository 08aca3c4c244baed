"""What every request meets on its way in and out, in one pass."""

from time import perf_counter
from typing import Any

from web.access import ACCESS, Access
from web.access_log import AccessLog
from web.context import Request, Response, adopt_ids
from web.contract.addresses import documented
from web.figures import Figures
from web.principals import Principals
from web.quotas import Quota
from web.sessions import Cookies, expect_own_page
from workflow.api_keys import Principal

# Nothing that we answer may be framed, sniffed, or kept by anybody on the way, unless the responder says otherwise.
GUARDED = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
STREAM = "/stream"
UNLOGGED = frozenset({"/livez", "/readyz", "/metrics"})


class Passage:
    """Ids, key, role and quota on the way in; headers, the log's line and figures on the way out."""

    def __init__(
        self,
        *,
        principals: Principals,
        cookies: Cookies,
        keys: Quota,
        guests: Quota,
        log: AccessLog,
        figures: Figures,
    ) -> None:
        self._principals = principals
        self._cookies = cookies
        self._keys = keys
        self._guests = guests
        self._log = log
        self._figures = figures
        self._access: dict[str, dict[str, Access]] = {}

    async def process_request(self, req: Request, resp: Response) -> None:
        req.context.started = perf_counter()
        if req.method == "HEAD" and not req.path.endswith(STREAM):
            req.method = "GET"  # the server leaves the body out
        adopt_ids(req)
        resp.set_header("x-request-id", req.context.request_id)
        # Past Falcon's set_headers, which would look at these names again for every request.
        resp._headers.update(GUARDED)

    async def process_resource(self, req: Request, resp: Response, _resource: object, _params: dict[str, Any]) -> None:
        """Raises RateLimited, Unauthorized or Forbidden."""
        access = self._of_route(req.uri_template or "").get(req.method)
        if access is None:
            return
        principal = await self._who(req, resp)
        if req.context.signed_in:
            principal = _through_cookie(req, access)
        access.check(principal)

    async def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        context = req.context
        if context.traceparent:
            resp.set_header("traceparent", context.traceparent)
        seconds = perf_counter() - context.started
        self._figures.count(req.method, req.uri_template or "(unknown)", resp.status_code, seconds)
        if req.uri_template not in UNLOGGED:
            self._log.served(req, resp, seconds)

    async def _who(self, req: Request, resp: Response) -> Principal | None:
        """The principal, None for a guest, having counted the request on its quota."""
        authorization = req.auth
        if authorization is None:
            return await self._signed_in(req, resp)
        principal = self._principals.known(authorization)
        if principal is None:
            # Guessing keys costs the guesser's address, not a key's quota.
            self._count(resp, self._guests, req.remote_addr)
            principal = await self._principals.look_up(authorization)
        self._count(resp, self._keys, principal.key_id)
        req.context.principal = principal
        return principal

    async def _signed_in(self, req: Request, resp: Response) -> Principal | None:
        """The same for a browser's session; a guest's where there is none, or it is over."""
        context = req.context
        context.signed_in = await self._cookies.read(req) if req.header(b"cookie") else None
        if context.signed_in is None:
            self._count(resp, self._guests, req.remote_addr)
            return None
        context.principal = context.signed_in.person.principal
        self._count(resp, self._keys, context.principal.key_id)
        return context.principal

    def _count(self, resp: Response, quota: Quota, caller: str) -> None:
        resp.set_header("ratelimit-policy", quota.policy)
        resp.set_header("ratelimit", quota.take(caller))

    def _of_route(self, template: str) -> dict[str, Access]:
        found = self._access.get(template)
        if found is None:
            found = self._access[template] = dict(ACCESS[documented(template)])
        return found


def _through_cookie(req: Request, access: Access) -> Principal | None:
    """The principal of a session, None where it may act as a guest only. Raises Forbidden for a stranger's page."""
    expect_own_page(req)
    context = req.context
    if access.guests and context.bearer.role not in access.roles:
        # A cook who orders lunch from the menu page does so as a guest: the browser cannot leave its cookie at home.
        context.principal = context.signed_in = None
    return context.principal
