"""The menu, and what is 86."""

from dataclasses import asdict
from typing import Any

from web.answers import say, say_tagged
from web.context import Request, Response
from web.contract import shapes
from web.contract.models import menu as shapes_of_menu
from web.contract.models.house import LocationQuery
from web.contract.models.menu import Availability, NewMenu, NewMenuItem
from web.contract.operation import Answer, operation
from web.live.live import Live
from web.who import one_location
from workflow import menu, set_up
from workflow.engine import Engine
from workflow.menu import MenuItem
from workflow.refusals import LocationNeeded, UnknownLocation, UnknownStation
from workflow.state_machine.model import Modifier

ANY_LOCATION = (UnknownLocation, LocationNeeded)


class Menu:
    """``/v1/menu``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "The menu.",
        tag="Menu",
        query=LocationQuery,
        answers={200: Answer("The menu.", shapes_of_menu.Menu, headers=("ETag",)), 304: shapes.UNCHANGED},
        refusals=ANY_LOCATION,
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response, query: LocationQuery) -> None:
        where = await one_location(self._engine, req, query.location)
        say_tagged(req, resp, await self._shown(where))

    @operation(
        "Replace the menu.",
        tag="Menu",
        query=LocationQuery,
        body=NewMenu,
        answers={200: Answer("The menu as it is now.", shapes_of_menu.Menu)},
        refusals=(*ANY_LOCATION, UnknownStation),
    )
    async def on_put(self, req: Request, resp: Response, body: NewMenu, query: LocationQuery) -> None:
        where = await one_location(self._engine, req, query.location)
        await self._engine.write(set_up.replace_menu, where, [_menu_item(item) for item in body.items])
        say(resp, await self._shown(where))

    async def _shown(self, where: str) -> dict[str, Any]:
        items = await self._engine.read(menu.menu, where)
        place = await self._engine.read(menu.location, where)
        house = {"name": place.name, "currency": place.currency} if place else {"name": None, "currency": None}
        return {"location": where, **house, "items": [shown(i) for i in items]}


class MenuItemAvailability:
    """``/v1/menu/items/{sku}``"""

    def __init__(self, engine: Engine, live: Live) -> None:
        self._engine = engine
        self._live = live

    @operation(
        "86 an item, or bring it back.",
        tag="Menu",
        query=LocationQuery,
        body=Availability,
        answers={200: Answer("The item.", shapes_of_menu.MenuItem)},
        refusals=(*ANY_LOCATION, set_up.MenuItemNotFound),
    )
    async def on_patch(self, req: Request, resp: Response, sku: str, body: Availability, query: LocationQuery) -> None:
        where = await one_location(self._engine, req, query.location)
        item = await self._engine.write(set_up.set_available, where, sku, body.available)
        self._live.sight.dish(where, item.sku, available=item.available)
        say(resp, shown(item))


def shown(item: MenuItem) -> dict[str, Any]:
    return {name: value for name, value in asdict(item).items() if name != "position"}


def _menu_item(item: NewMenuItem) -> MenuItem:
    return MenuItem(
        sku=item.sku,
        name=item.name,
        category=item.category,
        price=item.price,
        station=item.station,
        prep_seconds=item.prep_seconds,
        description=item.description,
        allergens=tuple(item.allergens),
        modifiers=tuple(Modifier(modifier.name, modifier.price) for modifier in item.modifiers),
        available=item.available,
    )
