"""Screens as browsers are: each follows a stream, comes back whenever it breaks, and says how far it came."""

import http.client
import json
import threading
import time
from contextlib import suppress

import sqlalchemy as sa

from tests.faults.oracle import publish, settle
from workflow.queries import open_lines
from workflow.schema import order_items, orders

TIMEOUT = 25.0
PAUSE = 0.1


class Screen:
    """`orders` has the last version of each order that it was ever sent; `breaks` counts how often its stream broke.

    `order_id` is of a guest's, who has no *api_key*. `backwards` counts the orders that were sent in an earlier version
    than before; what is sent first on a connection is apart, as it may be later than what was on its way already.
    """

    def __init__(self, port, address, api_key=None, order_id=None):
        self.port, self.address, self.order_id, self.orders = port, address, order_id, {}
        self.breaks = self.snapshots = self.events = self.backwards = 0
        self._key, self._pushed = api_key, None
        self._last, self._connection, self._stopped = None, None, threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def close(self):
        self._stopped.set()
        if self._connection and self._connection.sock:
            self._connection.sock.shutdown(2)
        self._thread.join(TIMEOUT)

    def _follow(self):
        while not self._stopped.is_set():
            with suppress(OSError, http.client.HTTPException, ValueError):
                self._read()
            self.breaks += 1
            self._stopped.wait(PAUSE)

    def _read(self):
        told = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        if self._last:
            told["Last-Event-ID"] = self._last
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            self._connection.request("GET", self.address, headers=told)
            if self._stopped.is_set():  # before there was anything to shut down
                return
            with self._connection.getresponse() as answer:
                self._listen(answer)
        finally:
            self._connection.close()

    def _listen(self, answer):
        lines, self._pushed = {}, None
        while answer.status == 200 and (line := answer.readline()):
            if line.strip():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                lines[name] = value
            else:
                self._take(lines)
                lines = {}

    def _take(self, lines):
        if "event" not in lines:
            return
        body = json.loads(lines["data"])
        self._last = lines["id"]
        self.events += 1
        self.snapshots += lines["event"] == "snapshot"
        if lines["event"] == "beat" and self._pushed is None:
            self._pushed = {}
        for order in {"snapshot": lambda: body["data"], "order": lambda: [body]}.get(lines["event"], list)():
            self._show(order)

    def _show(self, order):
        if self._pushed is not None:
            self.backwards += order["version"] < self._pushed.get(order["id"], 0)
            self._pushed[order["id"]] = order["version"]
        if order["version"] > self.orders.get(order["id"], {"version": 0})["version"]:
            self.orders[order["id"]] = order


class Books:
    """What the database has at one moment, to compare screens with."""

    def __init__(self, store):
        with store.snapshot() as connection:
            self.versions = dict(connection.execute(sa.select(orders.c.id, orders.c.version)).all())
            live = connection.execute(sa.select(orders.c.id).where(orders.c.live)).scalars()
            self._lines = [(line["order_id"], line["station"]) for line in open_lines(connection, "main")]
            self._cooked = set(connection.execute(sa.select(order_items.c.order_id, order_items.c.station)).all())
        self._live = set(live)

    def missing(self, screen, begun):
        """What is on the board of *screen* now, or has changed there since *begun*, and was not sent to it."""
        return self._belong(screen, begun) - screen.orders.keys()

    def stale(self, screen):
        """What *screen* shows in another version than the last."""
        return {each for each, order in screen.orders.copy().items() if order["version"] != self.versions[each]}

    def _belong(self, screen, begun):
        if screen.order_id:
            return {screen.order_id}
        changed = {each for each, version in self.versions.items() if version != begun.versions.get(each)}
        board, _, station = screen.address.partition("?station=")
        if station:
            changed = {each for each in changed if (each, station) in self._cooked}
        if "dashboard" in board:
            return changed | self._live
        return changed | {each for each, cooked_at in self._lines if cooked_at == station or not station}


def lags(house, screen, begun):
    """What *screen* does not show as it is, of all that was open or has changed since the `Books` *begun*."""
    now = Books(house.store)
    return now.missing(screen, begun) | now.stale(screen)


def judge_screens(house, shown, begun, run, seconds=20):
    """Waits until all is done and shown, for so many *seconds*; prints what it has come to, and expects no lag."""
    stuck, end = settle(house), time.monotonic() + seconds
    while any(lags(house, screen, begun) for screen in shown) and time.monotonic() < end:
        house.tend()
        time.sleep(PAUSE)
    now = Books(house.store)
    counts = {
        "run": run,
        "screens": len(shown),
        "events": sum(screen.events for screen in shown),
        "reconnects": sum(screen.breaks for screen in shown),
        "snapshots": sum(screen.snapshots for screen in shown),
        "missing": sum(len(now.missing(screen, begun)) for screen in shown),
        "stale": sum(len(now.stale(screen)) for screen in shown),
        "backwards": sum(screen.backwards for screen in shown),
        "stuck": stuck,
    }
    publish(json.dumps(counts))
    assert (counts["missing"], counts["stale"], counts["backwards"], stuck) == (0, 0, 0, 0), counts
