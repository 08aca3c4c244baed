"""The real app over a real database, asked through ASGI."""

import json

import pytest
from falcon import testing

from web.app import create_app
from web.live.live import Live
from workflow import demo
from workflow.engine import Engine
from workflow.settings import Settings
from workflow.tracking import Tokens


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Caller:
    """Somebody with a key, or without one."""

    def __init__(self, conductor, key=None):
        self._conductor = conductor
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def ask(self, method, address, body=None, headers=()):
        """*body* is sent as JSON, or as it is where it is text or bytes."""
        if body is not None and not isinstance(body, str | bytes):
            body = json.dumps(body)
        said = {**self._headers, **({"Content-Type": "application/json"} if body is not None else {}), **dict(headers)}
        path, _, query = address.partition("?")
        return await self._conductor.simulate_request(method, path, query_string=query, headers=said, body=body)

    async def get(self, address, **headers):
        return await self.ask("GET", address, headers=spelt(headers))

    async def post(self, address, body=None, **headers):
        return await self.ask("POST", address, body, headers=spelt(headers))

    async def patch(self, address, body):
        return await self.ask("PATCH", address, body)

    async def put(self, address, body):
        return await self.ask("PUT", address, body)

    async def delete(self, address):
        return await self.ask("DELETE", address)

    async def place(self, *skus, **members):
        """An order of one piece of each sku; the whole answer as JSON."""
        items = [{"sku": sku, "quantity": 1} for sku in skus or ("MARGHERITA", "HOUSE-SALAD")]
        answer = await self.post("/v1/orders", {"channel": "takeaway", "items": items, **members})
        assert answer.status_code == 201, answer.text
        return answer.json

    async def move(self, order, action, body=None, **headers):
        return await self.post(f"/v1/orders/{order['id']}/{action}", body, **headers)


def spelt(headers):
    """``if_match`` → ``If-Match``"""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


class House:
    """The demo restaurant with a caller for each role."""

    def __init__(self, conductor, app, store, keys, clock, live):
        self.live = live
        self.app, self.store, self.keys, self.clock, self.conductor = app, store, keys, clock, conductor
        self.guest = Caller(conductor)
        self.pos, self.kitchen = self.with_key(keys["pos"]), self.with_key(keys["kitchen"])
        self.manager, self.admin = self.with_key(keys["manager"]), self.with_key(keys["admin"])

    def with_key(self, key):
        return Caller(self.conductor, key)


@pytest.fixture
def settings(tmp_path, database):
    return Settings(data=tmp_path, database=database, secret="a secret that only tests know")


@pytest.fixture
async def house(settings, store, clock):
    keys = demo.load(store, settings.data / "keys.json")
    engine = Engine(store)
    live = Live(engine, Tokens(settings.secret), settings)
    app = create_app(engine, settings, live)
    async with testing.ASGIConductor(app) as conductor:
        yield House(conductor, app, store, keys, clock, live)
