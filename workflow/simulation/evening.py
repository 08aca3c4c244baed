"""One evening from the first guest to the reconciled books."""

import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from workflow.simulation import day_report, menu, plan
from workflow.simulation.agenda import Agenda
from workflow.simulation.books import Books, OrderBook
from workflow.simulation.client import Answer, Client, Stopped, Unanswered
from workflow.simulation.desk import Desk
from workflow.simulation.dining_room import DiningRoom
from workflow.simulation.findings import Findings
from workflow.simulation.guests import Guests
from workflow.simulation.kitchen import Station
from workflow.simulation.reconciliation import Reconciliation
from workflow.simulation.till import Till
from workflow.simulation.traffic import Traffic

THREADS = 24
GLANCE_SECONDS = 0.1
# Longer than the longest dish takes, with every hand of its station full before it.
STANDSTILL_SECONDS = 5400.0
STANDSTILL_REAL_SECONDS = 60.0
CLEARING_REAL_SECONDS = 20.0


class NoServer(Exception):
    """There is no server at the address that a restaurant could work with."""


class Evening:
    """A restaurant's evening against the server at *url*: `play`, then `reconcile`, then read the findings."""

    def __init__(self, url: str, keys: Mapping[str, str], *, orders: int, speed: float, seed: int) -> None:
        self.seed, self.orders, self.speed = seed, orders, speed
        self.run = f"sim-{secrets.token_hex(4)}"
        self.traffic, self.findings, self.books = Traffic(), Findings(), Books()
        self.client = Client(url, keys, traffic=self.traffic, findings=self.findings, connections=THREADS + 8)
        self.agenda = Agenda(speed, threads=THREADS, complain=self._complain)
        self.seconds = 0.0
        self._desk = Desk(self.client, self.books, self.findings)
        self._stations: list[Station] = []
        self._opened = datetime.now(UTC)
        self._before: dict[str, Any] = {}

    def play(self, served: Callable[[int], None]) -> None:
        """Open, serve everybody, clear the screens. Raises NoServer when it cannot even begin.

        *served* hears how many orders are over.
        """
        dishes = self._read_menu()
        self._before = self._day_reports(
            (self._opened.date() + timedelta(days=shift)).isoformat() for shift in (-1, 0, 1)
        )
        started = time.monotonic()
        self._open(dishes, plan.evening(dishes, orders=self.orders, seed=self.seed))
        try:
            self._serve(served)
            self._clear_screens()
        finally:
            self.agenda.close()
        self.seconds = time.monotonic() - started

    def reconcile(self, checked: Callable[[], None]) -> None:
        """Hold the server's books against our own; *checked* is called after each order."""
        if self.client.knock("/v1/menu") is None:
            self.findings.add("reconciliation", "The server has gone; its books could not be read.")
            return
        self.client.stopping.clear()
        try:
            Reconciliation(self.client, self.books, self.findings, self.run, self._since).check(checked)
            days = {order.business_day for order in self.books.accepted()}
            days |= {day for day, report in self._before.items() if report}
            after = self._day_reports(sorted(days))
        except (Unanswered, LookupError) as problem:
            self.findings.add("reconciliation", f"The server's books could not be read: {problem}")
            return
        for detail in day_report.flaws(self.books.accepted(), self._before, after):
            self.findings.add("day report", detail)

    def stop(self) -> None:
        """Have everybody put down what they wait for."""
        self.client.stopping.set()

    @property
    def _since(self) -> str:
        """A moment before the first order, whatever the clocks of two machines think."""
        return (self._opened - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _read_menu(self) -> list[menu.Dish]:
        answer = self._knocked("/v1/menu")
        try:
            dishes = menu.read(answer.body)
        except menu.UnreadableMenu as problem:
            raise NoServer(str(problem)) from problem
        for role in ("pos", "manager"):
            self._knocked("/v1/orders?limit=1", role)
        self._knocked(f"/v1/kitchen/tickets?station={dishes[0].station}", "kitchen")
        return dishes

    def _knocked(self, path: str, role: str | None = None) -> Answer:
        answer = self.client.knock(path, role=role)
        if answer is None:
            raise NoServer(f"No server answers at {self.client.url}. Start one with `passline up --demo`.")
        if answer.status in (401, 403) and role:
            raise NoServer(f"{self.client.url} does not accept the key for {role}: {answer.status} {answer.code}.")
        if not answer.ok:
            raise NoServer(f"{self.client.url}{path} was answered {answer.status} {answer.code}.")
        return answer

    def _open(self, dishes: list[menu.Dish], plans: Iterable[plan.Plan]) -> None:
        self._stations = [Station(name, self._desk, self.agenda) for name in menu.stations(dishes)]
        room, guests = DiningRoom(self._desk, self.agenda), Guests(self._desk, self.agenda)

        def seat(order: OrderBook) -> None:
            room.seat(order)
            guests.seat(order)

        till = Till(self._desk, self.agenda, dishes, self.run, seat)
        for station in self._stations:
            station.open()
        for each in plans:
            self.agenda.after(each.arrives, partial(till.ring_up, each))
        self.agenda.start()

    def _serve(self, served: Callable[[int], None]) -> None:
        """Wait until nothing is owed to anybody, or nothing moves any more."""
        standstill = self.agenda.real(STANDSTILL_SECONDS, at_least=STANDSTILL_REAL_SECONDS)
        steps, moved_at = -1, time.monotonic()
        while self.agenda.owed and not self.client.stopping.is_set():
            time.sleep(GLANCE_SECONDS)
            served(self.books.closed)
            now = self.books.steps
            if now != steps:
                steps, moved_at = now, time.monotonic()
            elif time.monotonic() - moved_at > standstill:
                self.findings.add("standstill", f"Nothing has moved for {standstill:.0f} s; giving up on what is open.")
                return

    def _clear_screens(self) -> None:
        """Closed orders, and voids that were acknowledged, leave the screens."""
        deadline = time.monotonic() + CLEARING_REAL_SECONDS
        while self._still_shown() and time.monotonic() < deadline and not self.client.stopping.is_set():
            time.sleep(GLANCE_SECONDS)
        for station, external_id in self._still_shown():
            self.findings.add("kitchen", f"it is over, and still on the screen of {station}.", external_id)

    def _still_shown(self) -> list[tuple[str, str]]:
        over = {order.external_id for order in self.books.accepted() if order.closed}
        return [(station.name, each) for station in self._stations for each in sorted(station.showing & over)]

    def _day_reports(self, days: Iterable[str]) -> dict[str, Any]:
        """The live report of each day; a day without one counts as empty."""
        reports = {}
        for day in days:
            answer = self.client.get(f"/v1/reports/days/{day}", what="read report", role="manager")
            reports[day] = answer.body if answer.ok else {}
        return reports

    def _complain(self, problem: Exception) -> None:
        if isinstance(problem, Unanswered):
            self.findings.add("unanswered", str(problem))
            if self.client.knock("/v1/menu") is None:
                self.stop()  # nobody is there any more: everybody else would only wait as long for the same
        elif not isinstance(problem, Stopped):
            kind = "contract" if isinstance(problem, (LookupError, TypeError, AttributeError)) else "simulator"
            self.findings.add(kind, f"An answer could not be read: {problem!r}")


def read_keys(text: str) -> dict[str, str]:
    """The API keys by role; raises ValueError when the text is no such thing."""
    keys = json.loads(text)
    if not isinstance(keys, dict) or not {"pos", "kitchen", "manager"} <= keys.keys():
        raise ValueError("it needs the keys pos, kitchen and manager")
    return keys
