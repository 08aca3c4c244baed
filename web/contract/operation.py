"""What one responder takes and gives: enforced before it runs, and documented from the same words."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from web import bodies
from web.context import Request, Response
from web.contract.parsing import parsed_body, parsed_query, refuse_query
from workflow.state_machine.refusals import Refusal

Responder = TypeVar("Responder", bound=Callable[..., Awaitable[None]])
Quick = Callable[[bytes], Any]
EMPTY = (b"{}", b"")


def _never(_body: bytes) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its shape, its media types, and the headers that are particular to it."""

    description: str
    model: type[BaseModel] | None = None
    media_types: tuple[str, ...] = ("application/json",)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    summary: str
    tag: str
    answers: Mapping[int, Answer]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    refusals: tuple[type[Refusal], ...] = ()
    takes: tuple[str, ...] = field(default=())


def operation(
    summary: str,
    *,
    tag: str,
    answers: Mapping[int, Answer],
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    refusals: tuple[type[Refusal], ...] = (),
    takes: tuple[str, ...] = (),
    plainly: Quick = _never,
) -> Callable[[Responder], Responder]:
    """Give a responder its `body` and `query`, parsed; refuse what does not fit before it runs.

    `plainly` may read a body that is plainly right more quickly than its model does.
    `takes` names the request headers that it looks at: If-Match, If-None-Match. Every POST takes an Idempotency-Key.
    """
    described = Operation(summary, tag, answers, body, query, refusals, takes)

    def decorate(responder: Responder) -> Responder:
        parsing = _parsing(responder, _adapter(body), _adapter(query), plainly)
        parsing.operation = described  # type: ignore[attr-defined]
        return parsing  # type: ignore[return-value]

    return decorate


def operation_of(responder: Any) -> Operation | None:
    """What *responder* was decorated with."""
    found = getattr(responder, "operation", None)
    return found if isinstance(found, Operation) else None


def _adapter(model: type[BaseModel] | None) -> TypeAdapter[Any] | None:
    return TypeAdapter(model) if model else None


def _parsing(
    responder: Callable[..., Awaitable[None]],
    body: TypeAdapter[Any] | None,
    query: TypeAdapter[Any] | None,
    plainly: Quick,
) -> Callable[..., Awaitable[None]]:
    unasked = query.validate_strings({}) if query else None
    unsaid = _unsaid(body) if body else None

    @wraps(responder)
    async def parse(resource: Any, req: Request, resp: Response, **params: Any) -> None:
        if query is not None:
            params["query"] = parsed_query(query, req.params) if req.query_string else unasked
        elif req.query_string:
            refuse_query(req.params)
        if body is not None:
            said = req.context.body = await bodies.read(req)
            read = unsaid if said in EMPTY else plainly(said)
            params["body"] = parsed_body(body, said) if read is None else read
        await responder(resource, req, resp, **params)

    return parse


def _unsaid(body: TypeAdapter[Any]) -> Any:
    """What an empty body says; None where it does not fit."""
    try:
        return body.validate_python({})
    except ValidationError:
        return None
