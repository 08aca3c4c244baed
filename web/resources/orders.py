"""Placing orders, looking at them, and adding to them."""

from web.answers import say, say_order, say_outcome, unchanged
from web.bodies import digest, digest_of
from web.conditions import idempotency, known_already, tag
from web.context import Request, Response
from web.contract import shapes
from web.contract.models import answers as shown
from web.contract.models.orders import MoreItems, NewOrder, NewPayment, OrdersQuery, Part, PlaceQuery
from web.contract.operation import Answer, operation
from web.contract.plain import PlainOrder, plain_order
from web.cursors import cursor_after, part_of, position
from web.drafts import items_of, needs_key, payment_of, place_draft
from web.refusals import Unauthorized
from web.who import GUEST, location_asked, readable, submission
from workflow import queries
from workflow.engine import Engine
from workflow.intake import AddDraft
from workflow.refusals import (
    ExternalIdConflict,
    ItemUnavailable,
    LocationNeeded,
    OrderNotFound,
    PriceMismatch,
    StaleVersion,
    TimeOutOfReach,
    UnknownItem,
    UnknownLocation,
    UnknownStation,
)
from workflow.state_machine.commands import AddPayment
from workflow.state_machine.refusals import InvalidTransition, OrderClosed, OrderFull
from workflow.submissions import Submission
from workflow.tracking import Tokens
from workflow.views import event_view, order_view

PRICING = (UnknownItem, ItemUnavailable, PriceMismatch, UnknownStation)


class Orders:
    """``/v1/orders``"""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "Place an order.",
        tag="Orders",
        body=NewOrder,
        plainly=plain_order,
        query=PlaceQuery,
        answers={201: shapes.PLACED, 200: shapes.EXISTING},
        refusals=(*PRICING, TimeOutOfReach, ExternalIdConflict, UnknownLocation, LocationNeeded),
    )
    async def on_post(self, req: Request, resp: Response, body: NewOrder | PlainOrder, query: PlaceQuery) -> None:
        say_outcome(resp, await self._engine.execute(self._placing(req, body, query.location)), self._tokens)

    @operation(
        "The orders of a location, newest first.",
        tag="Orders",
        query=OrdersQuery,
        answers={200: Answer("A page of orders.", shown.Orders)},
        refusals=(UnknownLocation,),
    )
    async def on_get(self, req: Request, resp: Response, query: OrdersQuery) -> None:
        where, before = location_asked(req, query.location), position(query.cursor)
        filters = queries.Filters(
            [query.status] if query.status else None,
            query.channel,
            query.station,
            query.business_day,
            query.external_id,
            query.placed_after,
            query.active,
        )
        found = await self._engine.read(queries.order_ids, where, filters, limit=query.limit + 1, before=before)
        page = found[: query.limit]
        orders = await self._engine.read(self._engine.store.orders, page)
        at = self._engine.store.now()
        views = [order_view(orders[order_id], at, self._tokens) for order_id in page]
        say(resp, {"data": views, "next_cursor": cursor_after(page[-1]) if len(found) > len(page) else None})

    def _placing(self, req: Request, body: NewOrder | PlainOrder, wanted: str | None) -> Submission:
        principal = req.context.principal
        if principal is None and (objection := needs_key(body)):
            raise Unauthorized(objection)
        where = location_asked(req, wanted)
        if isinstance(body, PlainOrder):
            # It is all that the body says, and shorter than reading that again.
            req.context.digest = digest_of(body)
        return Submission(
            place_draft(body, digest(req), guest=principal is None),
            where,
            principal.actor if principal else GUEST,
            idempotency=idempotency(req, principal.key_id if principal else f"{GUEST}:{where or ''}"),
        )


class Order:
    """``/v1/orders/{order_id}``"""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "One order.",
        tag="Orders",
        answers={200: Answer("The order.", shown.Order, headers=("ETag", "Poll-After")), 304: shapes.UNCHANGED},
        refusals=(OrderNotFound,),
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, order_id: str) -> None:
        if req.get_header("If-None-Match"):
            found = readable(req, await self._engine.version(order_id), order_id)
            if known_already(req, tag(found.version)):
                unchanged(resp, tag(found.version))
                return
        order = readable(req, await self._engine.order(order_id), order_id)
        say_order(resp, order, order_view(order, self._engine.store.now(), self._tokens))


class OrderEvents:
    """``/v1/orders/{order_id}/events``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "The whole history of an order, oldest first.",
        tag="Orders",
        query=Part,
        answers={200: Answer("Its events.", shown.Events)},
        refusals=(OrderNotFound,),
    )
    async def on_get(self, req: Request, resp: Response, order_id: str, query: Part) -> None:
        readable(req, await self._engine.version(order_id), order_id)
        history = await self._engine.read(queries.history, order_id)
        say(resp, part_of([event_view(recorded) for recorded in history], query))


class OrderItems:
    """``/v1/orders/{order_id}/items``"""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "Add items to an order that is not completed yet.",
        tag="Orders",
        body=MoreItems,
        answers={200: shapes.ORDER},
        refusals=(*PRICING, OrderNotFound, StaleVersion, InvalidTransition, OrderClosed, OrderFull),
        takes=shapes.CONDITIONS,
    )
    async def on_post(self, req: Request, resp: Response, order_id: str, body: MoreItems) -> None:
        command = AddDraft(items_of(body.items))
        say_outcome(resp, await self._engine.execute(submission(req, order_id, command)), self._tokens)


class OrderPayments:
    """``/v1/orders/{order_id}/payments``"""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "Take a payment.",
        tag="Orders",
        body=NewPayment,
        answers={200: shapes.ORDER},
        refusals=(OrderNotFound, StaleVersion, OrderClosed),
        takes=shapes.CONDITIONS,
    )
    async def on_post(self, req: Request, resp: Response, order_id: str, body: NewPayment) -> None:
        command = AddPayment(payment_of(body))
        say_outcome(resp, await self._engine.execute(submission(req, order_id, command)), self._tokens)
