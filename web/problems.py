"""Refusals and failures as RFC 9457 problems; the only place that knows their HTTP statuses."""

from http import HTTPStatus
from typing import Any

import falcon
import msgspec
import structlog

from web.context import Request, Response
from web.refusals import (
    ContentTooLarge,
    Forbidden,
    InternalError,
    InvalidHeader,
    MalformedRequest,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    NotReady,
    PagesNotBuilt,
    RateLimited,
    TooManyStreams,
    Unauthorized,
    UnsupportedMediaType,
)
from workflow.letting_go import DeadLetterNotFound
from workflow.refusals import (
    DatabaseUnavailable,
    ExternalIdConflict,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InvalidDraft,
    LocationNeeded,
    OrderNotFound,
    Overloaded,
    StaleVersion,
    UnknownLocation,
)
from workflow.reporting.refusals import DayBeforeFirst, DayNotBegun, ReportRunNotFound
from workflow.set_up import KeyNotFound, LocationExists, MenuItemNotFound, StationInUse
from workflow.state_machine.refusals import (
    ItemNotFound,
    OrderFull,
    ReasonRequired,
    Refusal,
    TicketNotFound,
    TransitionRefusal,
)
from workflow.station_pins import StationNotFound

PROBLEM_JSON = "application/problem+json"

STATUS: dict[type[Refusal], int] = {
    TransitionRefusal: 409,
    ReasonRequired: 422,
    OrderFull: 409,
    ItemNotFound: 404,
    TicketNotFound: 404,
    OrderNotFound: 404,
    InvalidDraft: 422,
    UnknownLocation: 404,
    LocationNeeded: 422,
    StaleVersion: 412,
    ExternalIdConflict: 409,
    IdempotencyKeyReused: 422,
    IdempotencyKeyInUse: 409,
    Overloaded: 503,
    DatabaseUnavailable: 503,
    MenuItemNotFound: 404,
    KeyNotFound: 404,
    StationNotFound: 404,
    StationInUse: 409,
    LocationExists: 409,
    DayNotBegun: 404,
    DayBeforeFirst: 404,
    ReportRunNotFound: 404,
    DeadLetterNotFound: 404,
    MalformedRequest: 400,
    InvalidHeader: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    NotAcceptable: 406,
    ContentTooLarge: 413,
    UnsupportedMediaType: 415,
    RateLimited: 429,
    TooManyStreams: 503,
    PagesNotBuilt: 503,
    InternalError: 500,
    NotReady: 503,
}

# What Falcon refuses by itself, in our words.
_OF_FALCON: dict[int, type[Refusal]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    406: NotAcceptable,
    413: ContentTooLarge,
    415: UnsupportedMediaType,
    429: RateLimited,
    503: NotReady,
}

_log = structlog.get_logger("web")


def status_of(kind: type[Refusal]) -> int:
    """The HTTP status of a refusal: its own, or that of the nearest class above. Raises LookupError without one."""
    for ancestor in kind.__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    raise LookupError(f"{kind.__name__} has no HTTP status")


def problem(refusal: Refusal, *, instance: str, request_id: str) -> dict[str, Any]:
    status = status_of(type(refusal))
    return {
        "type": f"/problems/{refusal.code}",
        "title": refusal.title,
        "status": status,
        "detail": refusal.detail,
        "instance": instance,
        "code": refusal.code,
        "request_id": request_id,
        **refusal.members,
    }


def headers_of(refusal: Refusal) -> dict[str, str]:
    """The headers that a refusal's status asks for."""
    if isinstance(refusal, Unauthorized):
        return {"WWW-Authenticate": 'Bearer realm="passline"'}
    if "retry_after_seconds" in refusal.members:
        return {"Retry-After": str(refusal.members["retry_after_seconds"])}
    if isinstance(refusal, StaleVersion) and "current_version" in refusal.members:
        return {"ETag": f'"{refusal.members["current_version"]}"'}
    return {}


def answer_problem(req: Request, resp: Response, refusal: Refusal) -> None:
    shown = problem(refusal, instance=req.path, request_id=req.context.request_id)
    resp.status = shown["status"]
    resp.content_type = PROBLEM_JSON
    # Whatever the responder had begun to say is not the answer.
    resp.text = None
    resp.data = msgspec.json.encode(shown)
    resp.set_headers(headers_of(refusal))
    if refusal.replayed:
        resp.set_header("idempotent-replayed", "true")


async def refused(req: Request, resp: Response, refusal: Refusal, _params: dict[str, Any]) -> None:
    answer_problem(req, resp, refusal)


async def refused_by_falcon(req: Request, resp: Response, error: falcon.HTTPError, _params: dict[str, Any]) -> None:
    kind = _OF_FALCON.get(error.status_code, MalformedRequest)
    answer_problem(req, resp, kind(error.description or f"{HTTPStatus(error.status_code).phrase}."))
    resp.set_headers(error.headers or {})


async def failed(req: Request, resp: Response, error: Exception, _params: dict[str, Any]) -> None:
    """Something that nobody thought of: the log gets the whole of it, the client the id to ask about."""
    _log.error("request.failed", request_id=req.context.request_id, route=req.uri_template, exc_info=error)
    answer_problem(req, resp, InternalError(f"Tell whoever runs this server the id {req.context.request_id}."))
