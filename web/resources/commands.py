"""The commands: an action on an order, on one of its items, or on one station's share of it."""

from web.answers import say_outcome
from web.context import Request, Response
from web.contract import shapes
from web.contract.models.orders import ActionBody, OrderActionBody, StatusBody
from web.contract.operation import operation
from web.refusals import NotFound
from web.who import submission
from workflow.engine import Engine
from workflow.refusals import OrderNotFound, SecondsRequired, StaleVersion
from workflow.state_machine import refusals as machine
from workflow.state_machine.commands import AdvanceItem, AdvanceOrder, AdvanceTicket, SetStatus
from workflow.state_machine.tables import ITEM, ORDER
from workflow.tracking import Tokens

ANY_ORDER = (OrderNotFound, StaleVersion)
MOVES = tuple(machine.TransitionRefusal.__subclasses__())


class OrderAction:
    """``POST /v1/orders/{order_id}/confirm``, and whatever else the order's table has."""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "Do something with an order.",
        tag="Commands",
        body=OrderActionBody,
        answers={200: shapes.ORDER},
        refusals=(*ANY_ORDER, *MOVES, SecondsRequired),
        takes=shapes.CONDITIONS,
    )
    async def on_post(self, req: Request, resp: Response, order_id: str, action: str, body: OrderActionBody) -> None:
        known(action, ORDER.actions)
        if action == "delay" and body.seconds is None:
            detail = "Say by how many seconds: 600, or -600 for earlier."
            raise SecondsRequired(detail, errors=[{"pointer": "/seconds", "detail": detail}])
        command = AdvanceOrder(action, body.reason, body.notes, body.course, body.seconds)
        say_outcome(resp, await self._engine.execute(submission(req, order_id, command)), self._tokens)


class OrderStatus:
    """``POST /orders/{order_id}/update_status/``, for kitchen clients that think in statuses."""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "Go to a status by the one action that leads there.",
        tag="Commands",
        body=StatusBody,
        answers={200: shapes.ORDER},
        refusals=(*ANY_ORDER, *MOVES),
        takes=shapes.CONDITIONS,
    )
    async def on_post(self, req: Request, resp: Response, order_id: str, body: StatusBody) -> None:
        command = SetStatus(body.new_status, body.notes)
        say_outcome(resp, await self._engine.execute(submission(req, order_id, command)), self._tokens)


class ItemAction:
    """``POST /v1/orders/{order_id}/items/{item_id}/bump``, and the other rows of the item's table."""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "Do something with one item.",
        tag="Commands",
        body=ActionBody,
        answers={200: shapes.ORDER},
        refusals=(*ANY_ORDER, *MOVES, machine.ItemNotFound),
        takes=shapes.CONDITIONS,
    )
    async def on_post(
        self, req: Request, resp: Response, order_id: str, item_id: str, action: str, body: ActionBody
    ) -> None:
        known(action, ITEM.actions)
        command = AdvanceItem(item_id, action, body.reason, body.notes)
        say_outcome(resp, await self._engine.execute(submission(req, order_id, command)), self._tokens)


class TicketAction:
    """``POST /v1/orders/{order_id}/stations/{station}/bump``: every item of the order at that station."""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    @operation(
        "Do something with one station's share of an order.",
        tag="Commands",
        body=ActionBody,
        answers={200: shapes.ORDER},
        refusals=(*ANY_ORDER, *MOVES, machine.TicketNotFound),
        takes=shapes.CONDITIONS,
    )
    async def on_post(
        self, req: Request, resp: Response, order_id: str, station: str, action: str, body: ActionBody
    ) -> None:
        known(action, ITEM.actions)
        command = AdvanceTicket(station, action, body.reason, body.notes)
        say_outcome(resp, await self._engine.execute(submission(req, order_id, command)), self._tokens)


def known(action: str, actions: tuple[str, ...]) -> None:
    """Raises NotFound for an action that no table has: there is no such address."""
    if action not in actions:
        raise NotFound(f"There is no action {action!r}; there are {', '.join(actions)}.", actions=list(actions))
