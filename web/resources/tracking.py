"""The order as its guest may follow it, by a token that nobody can guess."""

from typing import TypeVar

from web.answers import say, say_order, unchanged
from web.conditions import known_already, tag
from web.context import Request, Response
from web.contract import shapes
from web.contract.models import answers as shown
from web.contract.models.orders import Part
from web.contract.operation import Answer, operation
from web.cursors import part_of
from workflow import queries
from workflow.engine import Engine
from workflow.refusals import OrderNotFound
from workflow.tracking import Tokens
from workflow.views import public_history, public_view

Found = TypeVar("Found")


class Track:
    """``/v1/track/{token}``"""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "An order, as its guest may see it.",
        tag="Tracking",
        answers={200: Answer("The order.", shown.TrackedOrder, headers=("ETag", "Poll-After")), 304: shapes.UNCHANGED},
        refusals=(OrderNotFound,),
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, token: str) -> None:
        order_id = order_behind(self._tokens, token)
        if req.get_header("If-None-Match"):
            found = there(await self._engine.version(order_id))
            if known_already(req, tag(found.version)):
                unchanged(resp, tag(found.version))
                return
        order = there(await self._engine.order(order_id))
        say_order(resp, order, public_view(order, self._engine.store.now(), self._tokens))


class TrackEvents:
    """``/v1/track/{token}/events``"""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "What has happened to an order, as its guest may read it.",
        tag="Tracking",
        query=Part,
        answers={200: Answer("Its events, oldest first.", shown.Events)},
        refusals=(OrderNotFound,),
    )
    async def on_get(self, _req: Request, resp: Response, token: str, query: Part) -> None:
        history = await self._engine.read(queries.history, order_behind(self._tokens, token))
        there(history or None)
        say(resp, part_of(public_history(history), query))


def order_behind(tokens: Tokens, token: str) -> str:
    return there(tokens.order_id(token))


def there(found: Found | None) -> Found:
    """Raises OrderNotFound for None; the token is not repeated, as it may be a typing error away from a real one."""
    if found is None:
        raise OrderNotFound("There is no order with this token.")
    return found
