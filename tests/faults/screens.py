"""Screens as browsers are: each follows a stream, comes back whenever it breaks, and says how far it came."""

import http.client
import json
import threading
from contextlib import suppress

TIMEOUT = 25.0
PAUSE = 0.1


class Screen:
    """`orders` has the last version of each order that it was ever sent; `breaks` counts how often its stream broke."""

    def __init__(self, port, address, api_key):
        self.address, self.orders, self.breaks, self.snapshots = address, {}, 0, 0
        self._port, self._key = port, api_key
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
        told = {"Authorization": f"Bearer {self._key}"} | ({"Last-Event-ID": self._last} if self._last else {})
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        try:
            self._connection.request("GET", self.address, headers=told)
            if self._stopped.is_set():  # before there was anything to shut down
                return
            with self._connection.getresponse() as answer:
                self._listen(answer)
        finally:
            self._connection.close()

    def _listen(self, answer):
        lines = {}
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
        self.snapshots += lines["event"] == "snapshot"
        for order in {"snapshot": lambda: body["data"], "order": lambda: [body]}.get(lines["event"], list)():
            if order["version"] > self.orders.get(order["id"], {"version": 0})["version"]:
                self.orders[order["id"]] = order
