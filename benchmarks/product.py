"""Passline itself under load: its web processes on one database, and what is asked of them."""

import http.client
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import cpu, load
from benchmarks.figures import Slice
from benchmarks.findings import Findings
from benchmarks.load import MARK, Load, Outcome, Placed, request
from workflow import processes
from workflow.embedded.server import Server, free_port
from workflow.settings import Settings

CLIENTS = 32
#: Orders that a slice gives back at most, for commands to act on.
KEPT = 12_000
READ = 1000

BODY = json.dumps(
    {
        "external_id": MARK,
        "channel": "dine_in",
        "table": "12",
        "guests": 2,
        "customer": {"name": "Ada", "contact": "mailto:ada@example.com"},
        "notes": "birthday",
        "items": [
            {"sku": "MARGHERITA", "quantity": 2, "modifiers": [{"name": "extra basil", "price": 50}], "course": 1},
            {"sku": "HOUSE-SALAD", "quantity": 1},
            {"sku": "RIBEYE", "quantity": 1, "notes": "well done"},
            {"sku": "FRIES", "quantity": 1},
        ],
        "discounts": [{"name": "happy hour", "amount": 200}],
        "payments": [{"tender": "card", "amount": 3000, "tip": 200}],
    }
)
ITEMS = 4


class Web(Server):
    """The web processes, and the keys of the demo restaurant in their database."""

    def __init__(self, root: Path, database: str, keys: dict[str, str], *, workers: int) -> None:
        root.mkdir(parents=True, exist_ok=True)
        super().__init__(root)
        self.keys = keys
        self.settings = settings(root, database, web_workers=workers, port=free_port())

    def start(self) -> "Web":
        self._launch(
            processes.web(self.settings),
            self._is_ready,
            env=processes.environment(self.settings),
            cwd=processes.DIRECTORY,
        )
        return self

    def _is_ready(self) -> bool:
        try:
            return answered(self.settings.port, "GET", "/readyz", "")[0] == 200
        except (OSError, http.client.HTTPException):
            return False


def settings(root: Path, database: str, **others: Any) -> Settings:
    # A till's allowance is for a till; here a few clients stand for all of a town's.
    return Settings(data=root, database=database, rate_limit=10**9, public_rate_limit=10**9, **others)


def prepared(root: Path, database: str) -> dict[str, str]:
    """Migrates *database*, loads the demo restaurant, and gives its keys by role."""
    where = settings(root, database)
    root.mkdir(parents=True, exist_ok=True)
    for step in ("migrate", "demo"):
        done = subprocess.run(
            processes.passline(step),
            env=processes.environment(where),
            cwd=processes.DIRECTORY,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"passline {step} failed: {done.stdout}{done.stderr}")
    keys: dict[str, str] = json.loads((root / "keys.json").read_text())
    return keys


def answered(port: int, method: str, path: str, key: str, body: str | None = None, **headers: str) -> tuple[int, bytes]:
    """One request on a connection of its own: the status and the body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"} if key else {}
        connection.request(method, path, body, sent | headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def place(web: Web, mark: str) -> Placed:
    """Places one order of the kind that all slices place."""
    body = BODY.replace(MARK, mark)
    headers = {"Idempotency-Key": f'"{mark}"'}
    return msgspec.json.decode(_done(web, "/v1/orders", "pos", body, **headers), type=Placed)


def command(web: Web, path: str) -> None:
    _done(web, path, "kitchen", "{}")


def _done(web: Web, path: str, role: str, body: str, **headers: str) -> bytes:
    status, answer = answered(web.settings.port, "POST", path, web.keys[role], body, **headers)
    if status not in (200, 201):
        raise RuntimeError(f"POST {path} was answered {status}: {answer.decode(errors='replace')[:1000]}")
    return answer


def life(order: Placed) -> list[str]:
    """The commands that take *order* through the kitchen, every one a real change: 4 items make 9 of them."""
    path = f"/v1/orders/{order.id}"
    steps = [f"{path}/items/{item.id}/{action}" for item in order.items for action in ("start", "bump")]
    return [*steps, f"{path}/complete"]


@contextmanager
def running(web: Web, findings: Findings, *, seconds: float, database: int | None = None) -> Iterator["Product"]:
    """A `Product` on *web*, which is started, warmed up, and stopped at the end of the block."""
    web.start()
    try:
        product = Product(web, findings, seconds=seconds, database=database)
        product.warm_up()
        yield product
    finally:
        web.stop()


class Product:
    """The slices that are measured on one running `Web`; *database* is the process id of its database's server."""

    def __init__(self, web: Web, findings: Findings, *, seconds: float, database: int | None = None) -> None:
        self.web = web
        self._findings = findings
        self._seconds = seconds
        self._database = database
        self._placed: list[Placed] = []
        self._untouched: list[Placed] = []

    def warm_up(self) -> None:
        """What a process does only once, it has done after this."""
        load.run(msgspec.structs.replace(self._orders(), seconds=min(1.0, self._seconds)))

    def orders(self) -> Slice:
        """Orders as fast as they are accepted."""
        return self._measured(self._orders())

    def orders_at(self, rate: float) -> Slice:
        """Orders that arrive at random, *rate* a second on average, whether or not those before are answered."""
        return self._measured(self._orders(rate))

    def commands(self) -> Slice:
        """Starts and bumps of items, and completions, on the orders that were placed before."""
        return self._measured(self._commands())

    def commands_at(self, rate: float) -> Slice:
        return self._measured(self._commands(rate))

    def unchanged(self) -> Slice:
        """Reads of orders that have not changed since the client's last, answered 304."""
        seen = [
            request("GET", f"/v1/orders/{order.id}", self.web.keys["pos"], **{"If-None-Match": f'"{order.version}"'})
            for order in self._untouched
        ]
        return self._measured(self._load(chains=[[text] for text in seen], again=True, expected=304))

    def trivial(self) -> Slice:
        """The least that the web process can answer: `GET /livez`."""
        return self._measured(self._load(chains=[[request("GET", "/livez", "")]], again=True, expected=200))

    def _orders(self, rate: float | None = None) -> Load:
        headers = {"Idempotency-Key": f'"{MARK}"'}
        text = request("POST", "/v1/orders", self.web.keys["pos"], BODY, **headers)
        return self._load(chains=[[text]], marked=True, expected=201, rate=rate, keep=KEPT)

    def _commands(self, rate: float | None = None) -> Load:
        key = self.web.keys["kitchen"]
        chains = [[request("POST", path, key, "{}") for path in life(order)] for order in self._placed]
        self._placed = []
        return self._load(chains=chains, expected=200, rate=rate)

    def _load(self, **what: Any) -> Load:
        return Load(port=self.web.settings.port, clients=CLIENTS, seconds=self._seconds, **what)

    def _measured(self, what: Load) -> Slice:
        before = self._cpu()
        outcome = load.run(what)
        spent = {side: seconds - before[side] for side, seconds in self._cpu().items()}
        if not outcome.count:
            raise RuntimeError(f"Nothing was answered as it should be: {outcome.statuses} {outcome.refusal}")
        self._note(outcome)
        if outcome.orders:
            untouched = min(READ, len(outcome.orders) // 4)
            self._placed, self._untouched = outcome.orders[untouched:], outcome.orders[:untouched]
        return Slice(outcome.rate, outcome.count, outcome.p50, outcome.p99, {**spent, "load": outcome.cpu})

    def _cpu(self) -> dict[str, float]:
        roots = {"web": self.web.process and self.web.process.pid, "database": self._database}
        return {side: cpu.used(root) for side, root in roots.items() if root}

    def _note(self, outcome: Outcome) -> None:
        failures, notes = self._findings.failures, self._findings.notes
        if outcome.failed:
            failures.append(f"Of {outcome.statuses} answers {outcome.failed} should not be: {outcome.refusal}")
        if outcome.lost_connections:
            failures.append(f"{outcome.lost_connections} connections were lost.")
        if outcome.unanswered:
            notes.append(f"{outcome.unanswered} requests were due and not sent at the end of a slice.")
        if outcome.short:
            notes.append(f"The orders for commands were used up after {outcome.seconds:.1f} s of a slice.")
