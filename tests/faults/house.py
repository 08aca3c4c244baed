"""Passline's parts as real processes over one database, each started again when it dies, as a supervisor would."""

import http.client
import itertools
import time
from contextlib import contextmanager

from tests.faults.ledger import Ledger
from tests.faults.mailbox import Mailbox
from tests.faults.parts import Part, Trap
from workflow import demo, processes
from workflow.embedded.broker import EmbeddedBroker
from workflow.embedded.server import free_port
from workflow.jobs.lanes import LANES
from workflow.settings import Settings
from workflow.store.store import open_store

LEASE_SECONDS = 5
WORKER_PROCESSES = 2
PAUSE = 0.02
WELCOME = {"dispatcher": "The dispatcher has started.", "worker": " ready."}


class House:
    """The demo restaurant on *database*, with a mailbox for its guests.

    Its parts go by name: `web`, `worker`, `dispatcher`, `worker-2`; `worker-notifications` serves that lane only.
    `seen_as` is the database's address as the parts have it, if that is another. `hits` counts the moments at which a
    mail may have been sent and not been marked. *broker* is what makes one from a directory, or None.
    """

    def __init__(self, root, database, *, broker=EmbeddedBroker, seen_as=None):
        self.root, self.database, self.hits = root, database, 0
        self.mailbox = Mailbox()
        self.broker = broker(root / "broker").start() if broker else None
        self.settings = Settings(
            data=root,
            database=seen_as or database,
            broker=self.broker and self.broker.url,
            port=free_port(),
            smtp=self.mailbox.url,
            secret="a secret for the fault tests",
            lease_seconds=LEASE_SECONDS,
            worker_processes=WORKER_PROCESSES,
            testing=True,
        )
        self.store = open_store(database)
        self.keys = demo.load(self.store, root / "keys.json")
        self.ledger = Ledger(root / "ledger")
        self.parts = {}
        self._signs = itertools.count(1)

    def open(self, *names):
        for name in names:
            self.start(name)
        self.until(self.ready)
        return self

    def start(self, name, trap=None):
        """Starts a part, in the place of the one of that name, with the fail point *trap* in it or with none."""
        self.remove(name)
        logs = self.root / "logs"
        logs.mkdir(exist_ok=True)
        trap = trap and Trap(trap, self.root / f"sprung-{next(self._signs)}")
        environment = processes.environment(self.settings) | (trap.environment() if trap else {})
        self.parts[name] = Part(name, self._command(name), environment, logs / f"{name}.log")
        return trap

    def remove(self, name):
        """``kill -9``, for good; for a part that is at rest."""
        if part := self.parts.pop(name, None):
            part.kill()

    def crash(self, name):
        """``kill -9``, after which it comes back."""
        self.hits += WORKER_PROCESSES if name.startswith("worker") else 1
        self.parts[name].kill()

    def lose_connections(self):
        """Everybody's to the database were cut just now: ours are opened anew, what a worker was at may come again."""
        self.store.close()
        self.hits += WORKER_PROCESSES

    def tend(self):
        for part in self.parts.values():
            part.tend()

    def until(self, condition, seconds=60):
        """Waits for *condition*, tending the parts meanwhile; returns what it gave."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            self.tend()
            assert time.monotonic() < end, f"this did not happen within {seconds} s\n{self.last_words()}"
            time.sleep(PAUSE)
        return found

    def keeps_promising(self, more=8, seconds=30):
        """Waits for *more* promises to a load: what is broken by now does not keep it from its work."""
        before = len(self.ledger.promises)
        self.until(lambda: len(self.ledger.promises) >= before + more, seconds)

    def last_words(self):
        return "\n".join(part.last_words() for part in self.parts.values())

    def ready(self):
        """Whether every part is up."""
        return all(self._is_up(part) for part in self.parts.values())

    def answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def close(self):
        for name in list(self.parts):
            self.remove(name)
        if self.broker:
            self.broker.kill()
        self.store.close()
        self.mailbox.close()
        self.ledger.close()

    def _is_up(self, part):
        kind = _kind(part.name)
        return self.answers() if kind == "web" else part.has_said(WELCOME[kind])

    def _command(self, name):
        kind = _kind(name)
        if kind == "web":
            return processes.web(self.settings)
        if kind == "dispatcher":
            return processes.dispatcher()
        lane = name.partition("-")[2]
        return processes.worker(self.settings, [lane] if lane in LANES else None)


def _kind(name):
    return name.partition("-")[0]


@contextmanager
def opened(root, database, *names, **options):
    """A house with the parts *names*, gone at the end of the block."""
    house = House(root, database, **options)
    try:
        yield house.open(*names)
    finally:
        house.close()
