"""The demo restaurant as real processes: what stands behind the pages that are tried."""

import http.client
import json
import time

from tests.faults.parts import Part
from workflow import demo, processes
from workflow.embedded.server import free_port
from workflow.settings import Settings
from workflow.store.store import open_store

PARTS = ("web", "dispatcher")
PAUSE = 0.02


class Place:
    """`url` is where it answers, `keys` are its API keys by role.

    The dispatcher does the jobs itself. A part that was killed stays so until it is started again.
    """

    def __init__(self, root, database, **settings):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.root, self._parts = root, {}
        self._settings = Settings(
            data=root,
            database=database,
            port=port,
            secret="a secret for the browser tests",
            public_rate_limit=1_000_000,
            rate_limit=1_000_000,
            **settings,
        )
        store = open_store(database)
        self.keys = demo.load(store, root / "keys.json")
        store.close()

    def start(self, *names):
        """Starts the parts of these names where they are not running, all by default; returns when they answer."""
        for name in names or PARTS:
            if name not in self._parts:
                self._parts[name] = self._started(name)
        until(self.answers, self.last_words)

    def kill(self, name):
        """``kill -9``: the line is cut, and nobody is told."""
        if part := self._parts.pop(name, None):
            part.kill()

    def close(self):
        for name in list(self._parts):
            self.kill(name)

    def answers(self):
        try:
            return self._exchange("GET", "/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, method, path, body=None, role="manager", **headers):
        """The JSON that it answers; AssertionError for a refusal."""
        told = {"Authorization": f"Bearer {self.keys[role]}", **headers}
        status, text = self._exchange(method, path, body, told)
        assert status < 300, f"{method} {path}: {status} {text}"
        return json.loads(text) if text else None

    def order(self, *skus, role="pos", **members):
        """Places an order of one piece of each sku, or of the *items* given."""
        items = members.pop("items", None) or [{"sku": sku, "quantity": 1} for sku in skus or ("MARGHERITA",)]
        return self.ask("POST", "/v1/orders", {"channel": "takeaway", "items": items, **members}, role)

    def move(self, order, action, **body):
        """``move(order, "start")``, ``move(order, "cancel", reason="…")``; the order after it."""
        return self.ask("POST", f"/v1/orders/{order['id']}/{action}", body)

    def move_item(self, order, line, action, **body):
        """The same for the item of that index."""
        item = order["items"][line]["id"]
        return self.ask("POST", f"/v1/orders/{order['id']}/items/{item}/{action}", body)

    def bump_ticket(self, order, station):
        return self.ask("POST", f"/v1/orders/{order['id']}/stations/{station}/bump", {})

    def look(self, order):
        return self.ask("GET", f"/v1/orders/{order['id']}")

    def sell(self, sku, *, available):
        """Puts a dish back on the menu, or 86es it."""
        return self.ask("PATCH", f"/v1/menu/items/{sku}", {"available": available})

    def clear(self):
        """Nothing is open, nothing waits to be seen, and everything is on the menu."""
        while open_orders := self.ask("GET", "/v1/orders?active=true&limit=200")["data"]:
            for order in open_orders:
                self._finish(order)
        for ticket in self.ask("GET", "/v1/kitchen/tickets")["data"]:
            for item in ticket["items"]:
                self.ask("POST", f"/v1/orders/{ticket['order_id']}/items/{item['id']}/acknowledge", {})
        for dish in self.ask("GET", "/v1/menu")["items"]:
            if not dish["available"]:
                self.sell(dish["sku"], available=True)

    def last_words(self):
        return "\n".join(part.last_words() for part in self._parts.values())

    def _finish(self, order):
        if "bump" in order["actions"]:
            order = self.move(order, "bump")
        if order["status"] == "ready":
            self.move(order, "complete")
        else:
            self.move(order, "cancel", reason="The test is over.")

    def _started(self, name):
        commands = {"web": processes.web(self._settings), "dispatcher": processes.dispatcher()}
        logs = self.root / "logs"
        logs.mkdir(exist_ok=True)
        return Part(name, commands[name], processes.environment(self._settings), logs / f"{name}.log")

    def _exchange(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self._settings.port, timeout=20)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def until(condition, explain=lambda: "", seconds=30):
    """Waits for *condition* to become true, and returns what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"this did not happen within {seconds} s\n{explain()}"
        time.sleep(PAUSE)
    return found
