"""How answers are written: bytes, entity tags, and what makes polling cheap."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from web.conditions import known_already, tag
from web.context import Request, Response
from workflow.state_machine.model import Order
from workflow.store.batch import Result
from workflow.submissions import Outcome
from workflow.tracking import Tokens
from workflow.views import OrderView, encode, order_view

POLL_SECONDS = "3"


def say(resp: Response, view: Any, status: int = 200) -> None:
    resp.status = status
    resp.data = encode(view)


def write_early(results: Sequence[Result], tokens: Tokens) -> None:
    """The answers to a batch, while its commit waits for the disk; they are said once that is done."""
    for result in results:
        if isinstance(result, Outcome):
            result.answer = _answer(result, tokens)


def _answer(outcome: Outcome, tokens: Tokens) -> bytes:
    return encode(order_view(outcome.order, outcome.at, tokens))


def say_outcome(resp: Response, outcome: Outcome, tokens: Tokens) -> None:
    """The order after a command; 201 with its Location where it is new."""
    order = outcome.order
    resp.set_header("etag", tag(order.version))
    if outcome.kind == "placed":
        resp.status = 201
    if outcome.kind != "done":
        resp.set_header("location", f"/v1/orders/{order.id}")
    if outcome.replayed:
        resp.set_header("idempotent-replayed", "true")
    resp.data = outcome.answer or _answer(outcome, tokens)


def say_order(resp: Response, order: Order, view: OrderView) -> None:
    resp.set_headers([("etag", tag(order.version)), ("poll-after", POLL_SECONDS)])
    resp.data = encode(view)


def unchanged(resp: Response, current: str) -> None:
    resp.status = 304
    resp.set_headers([("etag", current), ("poll-after", POLL_SECONDS)])


def say_polled(req: Request, resp: Response, view: Any) -> None:
    """An answer that has no version of its own: 304 when its bytes are those that the client has."""
    say_tagged(req, resp, view)
    resp.set_header("poll-after", POLL_SECONDS)


def say_tagged(req: Request, resp: Response, view: Any) -> None:
    body = encode(view)
    current = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    resp.set_header("etag", current)
    if known_already(req, current):
        resp.status = 304
    else:
        resp.data = body


def say_made(resp: Response, view: Any, status: int, *, replayed: bool) -> None:
    """The answer to a POST outside the orders."""
    if replayed:
        resp.set_header("idempotent-replayed", "true")
    say(resp, view, status)


def say_bytes(resp: Response, body: bytes, media_type: str) -> None:
    resp.content_type = media_type
    resp.data = body
