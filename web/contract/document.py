"""The OpenAPI 3.1 document, made from the same operations that are enforced."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.access import ACCESS, Access
from web.conditions import KEY_PATTERN, VERSION_PATTERN
from web.contract.addresses import documented
from web.contract.models.answers import InvalidRequestProblem, Problem
from web.contract.operation import Answer, Operation, operation_of
from web.problems import PROBLEM_JSON, status_of
from web.refusals import (
    ContentTooLarge,
    Forbidden,
    InternalError,
    InvalidHeader,
    MalformedRequest,
    NotFound,
    RateLimited,
    Unauthorized,
    UnsupportedMediaType,
)
from web.sessions import COOKIE
from workflow.refusals import (
    DatabaseUnavailable,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InvalidDraft,
    Overloaded,
)
from workflow.state_machine.refusals import Refusal
from workflow.state_machine.tables import ITEM, ORDER

REF = "#/components/schemas/{model}"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
# A stream is described by its events, one by one.
MODELLED = (JSON, EVENT_STREAM)
METHODS = ("get", "post", "put", "patch", "delete")
_PARAMETER = re.compile(r"{(\w+)}")

HEADERS: dict[str, dict[str, str]] = {
    "X-Request-Id": {"description": "The caller's, or one that was made; the log has it too."},
    "RateLimit": {"description": "What is left of the minute: draft-ietf-httpapi-ratelimit-headers-10."},
    "RateLimit-Policy": {"description": "How many requests a minute are allowed."},
    "ETag": {"description": "The version."},
    "Location": {"description": "Where it is."},
    "Poll-After": {"description": "Seconds after which asking again makes sense."},
    "Idempotent-Replayed": {"description": "true: this is the answer that was given before under the same key."},
    "Retry-After": {"description": "Seconds to wait."},
    "WWW-Authenticate": {"description": "How to say who is asking."},
    "Set-Cookie": {"description": "The session: HttpOnly, SameSite=Strict."},
}
SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A browser's, from POST /v1/session."},
}
ALWAYS = ("X-Request-Id", "RateLimit", "RateLimit-Policy")
PARAMETERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {
        "in": "header",
        "name": "Idempotency-Key",
        "description": "The client's name for this request; sent again with the same body it has the same answer.",
        "schema": {"type": "string", "pattern": KEY_PATTERN},
    },
    "If-Match": {
        "in": "header",
        "name": "If-Match",
        "description": "The version that the command is meant for; 412 if the order has moved on.",
        "schema": {"type": "string", "pattern": VERSION_PATTERN},
    },
    "If-None-Match": {
        "in": "header",
        "name": "If-None-Match",
        "description": "The ETag that the client has; 304 if nothing has changed.",
        "schema": {"type": "string"},
    },
    "Last-Event-ID": {
        "in": "header",
        "name": "Last-Event-ID",
        "description": "The id of the last event that was received; what came after it follows, or a fresh snapshot.",
        "schema": {"type": "string"},
    },
    "order_id": {"schema": {"type": "string", "format": "uuid"}},
    "item_id": {"schema": {"type": "string", "format": "uuid"}},
    "job_id": {"schema": {"type": "string", "format": "uuid"}},
    "run_id": {"schema": {"type": "string", "format": "uuid"}},
    "business_day": {"schema": {"type": "string", "format": "date"}},
}
ACTIONS = {
    "/v1/orders/{order_id}/{action}": ORDER.actions,
    "/v1/orders/{order_id}/items/{item_id}/{action}": ITEM.actions,
    "/v1/orders/{order_id}/stations/{station}/{action}": ITEM.actions,
}
INTRODUCTION = (
    "Orders go in by HTTP, kitchen clients move them with commands, guests follow them by a token. "
    "Money is in minor units, times are in UTC, unknown members are refused. Every error is a problem (RFC 9457). "
    "Clients have to live with members and values that they do not know: some may be added."
)


@dataclass(frozen=True, slots=True)
class Described:
    """One method of one address."""

    address: str
    method: str
    operation: Operation
    access: Access


def openapi(routes: Iterable[tuple[str, object]], version: str) -> bytes:
    """The document of *routes*, templates with their resources."""
    described = list(_described(routes))
    paths: dict[str, dict[str, Any]] = {}
    for one in described:
        paths.setdefault(one.address, {})[one.method] = _operation(one)
    return msgspec.json.encode(
        {
            "openapi": "3.1.1",
            "info": {"title": "Passline", "version": version, "description": INTRODUCTION},
            "paths": paths,
            "components": {
                "schemas": _schemas(described),
                "headers": {name: {**told, "schema": {"type": "string"}} for name, told in HEADERS.items()},
                "securitySchemes": SCHEMES,
            },
        }
    )


def _described(routes: Iterable[tuple[str, object]]) -> Iterator[Described]:
    for template, resource in routes:
        for method in METHODS:
            operation = operation_of(getattr(resource, f"on_{method}", None))
            if operation is not None:
                address = documented(template)
                yield Described(address, method, operation, ACCESS[address][method.upper()])


def _operation(one: Described) -> dict[str, Any]:
    operation = one.operation
    told: dict[str, Any] = {
        "operationId": _operation_id(one),
        "summary": operation.summary,
        "tags": [operation.tag],
        "description": _who(one.access),
        "parameters": [*_path_parameters(one.address), *_query_parameters(operation), *_header_parameters(one)],
        "responses": {**_answers(operation), **_problems(one)},
        "security": _security(one.access),
    }
    if operation.body:
        content = {JSON: {"schema": _ref(operation.body)}}
        told["requestBody"] = {"required": _needs_body(operation.body), "content": content}
    return told


def _operation_id(one: Described) -> str:
    words = re.sub(r"\W+", "_", one.address.replace("{", "").replace("}", "")).strip("_")
    return f"{one.method}_{words}"


def _who(access: Access) -> str:
    roles = ", ".join(sorted(access.roles))
    return (
        "Public."
        if access.guests and len(access.roles) == 4
        else f"For {roles}{' and guests' if access.guests else ''}."
    )


def _security(access: Access) -> list[dict[str, list[str]]]:
    return [{"key": []}, {"session": []}, *([{}] if access.guests else [])]


def _path_parameters(address: str) -> Iterator[dict[str, Any]]:
    for name in _PARAMETER.findall(address):
        schema: dict[str, Any] = PARAMETERS.get(name, {"schema": {"type": "string", "maxLength": 200, "minLength": 1}})
        if name == "action":
            schema = {"schema": {"type": "string", "enum": list(ACTIONS[address])}}
        yield {"in": "path", "name": name, "required": True, **schema}


def _query_parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    if operation.query is None:
        return
    schema = operation.query.model_json_schema()
    for name, member in schema["properties"].items():
        yield {"in": "query", "name": name, "required": False, "schema": _without_null(member)}


def _without_null(member: dict[str, Any]) -> dict[str, Any]:
    """In a query string null cannot be said."""
    kept = {name: value for name, value in member.items() if name not in ("anyOf", "default", "title")}
    choices = [choice for choice in member.get("anyOf", []) if choice != {"type": "null"}]
    return {**kept, **choices[0]} if choices else kept


def _header_parameters(one: Described) -> Iterator[dict[str, Any]]:
    names = one.operation.takes + (("Idempotency-Key",) if one.method == "post" else ())
    return (PARAMETERS[name] for name in names)


def _answers(operation: Operation) -> dict[str, Any]:
    return {str(status): _answer(answer) for status, answer in operation.answers.items()}


def _answer(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"description": answer.description, "headers": _headers(answer.headers)}
    if answer.model is not None:
        told["content"] = {
            media_type: {"schema": _ref(answer.model) if media_type in MODELLED else {"type": "string"}}
            for media_type in answer.media_types
        }
    elif answer.media_types != (JSON,):
        told["content"] = {media_type: {"schema": {"type": "string"}} for media_type in answer.media_types}
    return told


def _problems(one: Described) -> dict[str, Any]:
    by_status: dict[int, list[type[Refusal]]] = {}
    for kind in _refusals(one):
        by_status.setdefault(status_of(kind), []).append(kind)
    return {str(status): _problem(status, kinds) for status, kinds in sorted(by_status.items())}


def _problem(status: int, kinds: list[type[Refusal]]) -> dict[str, Any]:
    codes = sorted({kind.code for kind in kinds})
    model = InvalidRequestProblem if any(issubclass(kind, InvalidDraft) for kind in kinds) else Problem
    extra = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",), 412: ("ETag",)}.get(status, ())
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}.",
        "headers": _headers(extra),
        "content": {PROBLEM_JSON: {"schema": _ref(model)}},
    }


def _refusals(one: Described) -> Iterator[type[Refusal]]:
    """What may be refused here: by the responder, and by what every request meets."""
    operation = one.operation
    yield from operation.refusals
    yield from (RateLimited, InternalError, DatabaseUnavailable, Unauthorized, InvalidDraft)
    if not one.access.guests or len(one.access.roles) < 4:
        yield Forbidden
    if "{" in one.address:
        yield NotFound
    if operation.body is not None:
        yield from (MalformedRequest, ContentTooLarge, UnsupportedMediaType)
    if operation.takes or one.method == "post":
        yield InvalidHeader
    if one.method == "post":
        yield from (IdempotencyKeyReused, IdempotencyKeyInUse, Overloaded)


def _schemas(described: list[Described]) -> dict[str, Any]:
    received = {one.operation.body for one in described if one.operation.body}
    sent: set[type[BaseModel]] = {a.model for one in described for a in one.operation.answers.values() if a.model}
    models: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in received]
    models += [(model, "serialization") for model in sent | {Problem, InvalidRequestProblem}]
    _, schema = models_json_schema(sorted(models, key=lambda pair: pair[0].__name__), ref_template=REF)
    found: dict[str, Any] = schema["$defs"]
    return found


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, *ALWAYS)}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}


def _needs_body(model: type[BaseModel]) -> bool:
    """Whether an empty object would not do: a member is required, or one of several."""
    return "oneOf" in model.model_json_schema() or any(one.is_required() for one in model.model_fields.values())
