"""A screen that follows a stream of the real app, and knows what it was sent."""

import asyncio
import json
from contextlib import asynccontextmanager
from typing import NamedTuple

PATIENCE = 10.0


class Event(NamedTuple):
    name: str
    id: str
    data: dict


class Screen:
    """`orders` has the last version of each order by id; `events` all that came, the oldest first."""

    def __init__(self, answer):
        self.answer, self.status, self.headers = answer, answer.status_code, answer.headers
        self.events, self.orders, self._rest, self._looked_at = [], {}, b"", 0

    async def next(self, name):
        """The next event of that name, waited for."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while self._looked_at < len(self.events):
                    event = self.events[self._looked_at]
                    self._looked_at += 1
                    if event.name == name:
                        return event
                await self.read()

    async def shows(self, order_id, **members):
        """The order once it has all these *members*."""
        async with asyncio.timeout(PATIENCE):
            while not (found := self.orders.get(order_id)) or not found.items() >= members.items():
                await self.read()
        return found

    async def read(self):
        self._rest += await self.answer.stream.read()
        *whole, self._rest = self._rest.split(b"\n\n")
        for text in whole:
            lines = dict(line.split(": ", 1) for line in text.decode().split("\n"))
            if "event" in lines:
                self._take(Event(lines["event"], lines["id"], json.loads(lines["data"])))
        if not whole:
            await asyncio.sleep(0.002)

    def _take(self, event):
        self.events.append(event)
        if event.name == "snapshot":
            self.orders = {order.get("id", "it"): order for order in event.data["data"]}
        if event.name == "order":
            have = self.orders.get(event.data.get("id", "it"))
            if have is None or event.data["version"] > have["version"]:
                self.orders[event.data.get("id", "it")] = event.data


@asynccontextmanager
async def screen(caller, address, **headers):
    """A screen at *address*, with the caller's key."""
    said = {**caller._headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    path, _, query = address.partition("?")
    async with caller._conductor.simulate_get_stream(path, query_string=query, headers=said) as answer:
        yield Screen(answer)
