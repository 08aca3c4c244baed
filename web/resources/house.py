"""Stations, locations and keys."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from web.answers import say, say_made
from web.conditions import idempotency
from web.context import Request, Response
from web.contract.models import access
from web.contract.models import house as shown
from web.contract.models.access import NewApiKey
from web.contract.models.house import (
    LocationChange,
    LocationPart,
    LocationQuery,
    NewLocation,
    NewStation,
    StationChange,
)
from web.contract.models.orders import Part
from web.contract.operation import Answer, operation
from web.cursors import part_of
from web.principals import Principals
from web.sign_in import SignIn
from web.who import one_location
from workflow import api_keys, menu, set_up, station_pins
from workflow.api_keys import ApiKey
from workflow.engine import Engine
from workflow.once import once
from workflow.refusals import InvalidDraft, LocationNeeded, UnknownLocation, UnknownStation
from workflow.state_machine.events import instant
from workflow.station_loads import station_loads
from workflow.station_pins import StationNotFound


class Stations:
    """``/v1/stations``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "The stations, and how busy they are.",
        tag="Set-up",
        query=LocationPart,
        answers={200: Answer("Stations.", shown.Stations)},
        refusals=(UnknownLocation, LocationNeeded),
    )
    async def on_get(self, req: Request, resp: Response, query: LocationPart) -> None:
        where = await one_location(self._engine, req, query.location)
        say(resp, part_of(await self._engine.read(station_loads, where, self._engine.store.now()), query))


class Station:
    """``/v1/stations/{station}``"""

    def __init__(self, engine: Engine, sign_in: SignIn) -> None:
        self._engine = engine
        self._sign_in = sign_in

    @operation(
        "Make a station, or change it.",
        tag="Set-up",
        query=LocationQuery,
        body=NewStation,
        answers={
            200: Answer("The station as it is now.", shown.SavedStation),
            201: Answer("The new station.", shown.SavedStation, headers=("Location",)),
        },
        refusals=(UnknownLocation, LocationNeeded, InvalidDraft),
    )
    async def on_put(self, req: Request, resp: Response, station: str, body: NewStation, query: LocationQuery) -> None:
        where = await one_location(self._engine, req, query.location)
        save = partial(set_up.save_station, **body.model_dump())
        saved, is_new = await self._engine.write(save, where, station)
        if is_new:
            resp.set_header("location", f"/v1/stations/{saved.id}")
        say(resp, saved, 201 if is_new else 200)

    @operation(
        "Remove a station that nothing is cooked at any more.",
        tag="Set-up",
        query=LocationQuery,
        answers={204: Answer("It is gone, and its PIN with it.")},
        refusals=(UnknownLocation, LocationNeeded, StationNotFound, set_up.StationInUse),
    )
    async def on_delete(self, req: Request, resp: Response, station: str, query: LocationQuery) -> None:
        where = await one_location(self._engine, req, query.location)
        await self._engine.write(set_up.remove_station, where, station)
        self._sign_in.cookies.forget()
        resp.status = 204

    @operation(
        "Give a station another PIN. Whoever signed in with the one before is signed out.",
        tag="Set-up",
        query=LocationQuery,
        body=StationChange,
        answers={200: Answer("The station; its PIN is never shown.", shown.ChangedStation)},
        refusals=(UnknownLocation, LocationNeeded, StationNotFound),
    )
    async def on_patch(
        self, req: Request, resp: Response, station: str, body: StationChange, query: LocationQuery
    ) -> None:
        where = await one_location(self._engine, req, query.location)
        at = self._engine.store.now()
        changed = await self._engine.write(station_pins.set_pin, where, station, body.pin, at)
        self._sign_in.cookies.forget()
        say(resp, {"id": changed.id, "name": changed.name, "has_pin": body.pin is not None})


class Locations:
    """``/v1/locations``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation("The locations.", tag="Set-up", query=Part, answers={200: Answer("Locations.", shown.Locations)})
    async def on_get(self, _req: Request, resp: Response, query: Part) -> None:
        say(resp, part_of(await self._engine.read(menu.locations), query))

    @operation(
        "Open a location, with its stations. Its menu is empty, and it has no keys yet.",
        tag="Set-up",
        body=NewLocation,
        answers={201: Answer("The location.", shown.Location, headers=("Location",))},
        refusals=(set_up.LocationExists, UnknownStation),
    )
    async def on_post(self, req: Request, resp: Response, body: NewLocation) -> None:
        at = self._engine.store.now()
        place = menu.Location(
            **body.model_dump(exclude={"stations", "default_station"}),
            default_station=body.default_station or body.stations[0].id,
            created_at=at,
        )
        stations = [menu.Station(one.id, one.name, index, one.slots) for index, one in enumerate(body.stations, 1)]
        opening = partial(_opened, place=place, stations=stations)
        again = idempotency(req, req.context.bearer.key_id)
        view, replayed = await self._engine.write(once, again, at, opening)
        resp.set_header("location", f"/v1/locations/{place.id}")
        say_made(resp, view, 201, replayed=replayed)


class Location:
    """``/v1/locations/{location}``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "One location.",
        tag="Set-up",
        answers={200: Answer("The location.", shown.Location)},
        refusals=(UnknownLocation,),
    )
    async def on_get(self, _req: Request, resp: Response, location: str) -> None:
        say(resp, await self._engine.read(set_up.location, location))

    @operation(
        "Change a location.",
        tag="Set-up",
        body=LocationChange,
        answers={200: Answer("The location as it is now.", shown.Location)},
        refusals=(UnknownLocation, UnknownStation),
    )
    async def on_patch(self, _req: Request, resp: Response, location: str, body: LocationChange) -> None:
        changes = body.model_dump(exclude_unset=True)
        say(resp, await self._engine.write(set_up.change_location, location, changes))


class ApiKeys:
    """``/v1/api-keys``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "The keys; never their secrets.", tag="Set-up", query=Part, answers={200: Answer("Keys.", access.ApiKeys)}
    )
    async def on_get(self, _req: Request, resp: Response, query: Part) -> None:
        say(resp, part_of([_key(key) for key in await self._engine.read(api_keys.every_key)], query))

    @operation(
        "Make a key. Its secret is shown this once, and not in a replay either.",
        tag="Set-up",
        body=NewApiKey,
        answers={201: Answer("The key with its secret.", access.IssuedApiKey, headers=("Location",))},
        refusals=(UnknownLocation,),
    )
    async def on_post(self, req: Request, resp: Response, body: NewApiKey) -> None:
        at, issued = self._engine.store.now(), Issuing(body)
        again = idempotency(req, req.context.bearer.key_id)
        view, replayed = await self._engine.write(once, again, at, lambda connection: issued(connection, at))
        resp.set_header("location", f"/v1/api-keys/{view['id']}")
        say_made(resp, {**view, "key": issued.text}, 201, replayed=replayed)


class Issuing:
    """Makes a key, and keeps its `text` beside the answer, which is stored where the secret must not be."""

    def __init__(self, asked: NewApiKey) -> None:
        self._asked = asked
        self.text: str | None = None

    def __call__(self, connection: Any, at: datetime) -> dict[str, Any]:
        asked = self._asked
        key, self.text = set_up.issue_key(connection, asked.role, asked.location, asked.name, at)
        return _key(key)


class Key:
    """``/v1/api-keys/{key_id}``"""

    def __init__(self, engine: Engine, principals: Principals, sign_in: SignIn) -> None:
        self._engine = engine
        self._principals = principals
        self._sign_in = sign_in

    @operation(
        "Revoke a key.",
        tag="Set-up",
        answers={204: Answer("It is revoked; other processes notice within seconds.")},
        refusals=(set_up.KeyNotFound,),
    )
    async def on_delete(self, _req: Request, resp: Response, key_id: str) -> None:
        await self._engine.write(set_up.revoke_key, key_id, self._engine.store.now())
        self._principals.forget()
        self._sign_in.cookies.forget()
        resp.status = 204


def _opened(connection: Any, *, place: menu.Location, stations: list[menu.Station]) -> dict[str, Any]:
    opened = set_up.open_location(connection, place, stations)
    return {**asdict(opened), "created_at": instant(opened.created_at)}


def _key(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "role": key.role,
        "location": key.location_id,
        "name": key.name,
        "created_at": instant(key.created_at),
        "revoked_at": key.revoked_at and instant(key.revoked_at),
    }
