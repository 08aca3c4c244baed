"""What is known of a request while it is being answered."""

import re
from typing import ClassVar

import falcon.asgi
from falcon._typing import AsgiReceive

from workflow.api_keys import Principal
from workflow.ids import new_id
from workflow.sessions import SignedIn

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class Context:
    """`principal` is None for a guest, and until the key was looked at; `signed_in` without a session."""

    started: float = 0.0
    request_id: str = ""
    traceparent: str | None = None
    principal: Principal | None = None
    signed_in: SignedIn | None = None
    body: bytes = b""
    digest: str | None = None

    @property
    def bearer(self) -> Principal:
        """The principal, where the access rules let no guest in."""
        assert self.principal is not None
        return self.principal


class Request(falcon.asgi.Request):
    context_type: ClassVar[type] = Context
    context: Context  # type: ignore[assignment]

    @property
    def receive(self) -> AsgiReceive:
        """What tells, once the body is read, that the client has left. Falcon keeps it to itself."""
        return self._receive

    @property
    def arrived(self) -> bytes | None:
        """The body, if all of it was there as soon as the head; None while there may be more to come."""
        first = self._first_event
        return None if first is None or first.get("more_body") else first.get("body", b"")

    def header(self, name: bytes) -> str | None:
        """The header *name*, in small letters. Falcon's get_header raises and catches where there is none."""
        value = self._asgi_headers.get(name)
        return None if value is None else value.decode("latin-1")


Response = falcon.asgi.Response


def adopt_ids(req: Request) -> None:
    """Take over the caller's X-Request-Id and traceparent where they are well formed; make an id otherwise."""
    given = req.header(b"x-request-id")
    req.context.request_id = given if given and _REQUEST_ID.fullmatch(given) else new_id()
    trace = req.header(b"traceparent")
    if trace and _TRACEPARENT.fullmatch(trace):
        req.context.traceparent = trace
