"""Who watches what in this process, and what each of them is sent; it lives on the event loop and never waits."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from web.live import events
from web.live.events import OrderEvents
from web.live.watcher import Watcher
from web.refusals import NotReady, TooManyStreams
from workflow.clock import Clock
from workflow.feed import Change
from workflow.state_machine.model import Order
from workflow.tracking import Tokens

MOST_REMEMBERED = 20_000
# Screens of the house come first: guests cannot take all the places.
GUESTS_SHARE = 0.9
RETRY_SECONDS = 5


class Hub:
    """`position` is how far in the feed every watcher has come; whoever resumes there misses nothing."""

    def __init__(self, now: Clock, tokens: Tokens, limit: int) -> None:
        self.position = 0
        self.given_up = 0
        self._now = now
        self._tokens = tokens
        self._limit = limit
        self._ended = False
        self._all: set[Watcher] = set()
        self._of_order: defaultdict[str, set[Watcher]] = defaultdict(set)
        self._of_location: defaultdict[str, set[Watcher]] = defaultdict(set)
        # The versions that were sent to all who watch: what is told again, by another way, is not sent again.
        self._sent: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._all)

    def counts(self) -> Counter[str]:
        """How many streams of each kind are open."""
        return Counter(str(watcher.kind) for watcher in self._all)

    def enter(self, watcher: Watcher) -> None:
        """From now on *watcher* is sent what happens. Raises TooManyStreams, or NotReady when the server is leaving."""
        if self._ended:
            raise NotReady("The server is stopping; another takes over.", retry_after_seconds=1)
        limit = self._limit * GUESTS_SHARE if watcher.kind == "track" else self._limit
        if len(self._all) >= limit:
            detail = f"{len(self._all)} streams are open already; poll, or try again."
            raise TooManyStreams(detail, retry_after_seconds=RETRY_SECONDS)
        self._all.add(watcher)
        self._circle(watcher).add(watcher)

    def leave(self, watcher: Watcher) -> None:
        """Nothing of *watcher* is kept."""
        if watcher not in self._all:
            return
        self._all.discard(watcher)
        self.given_up += watcher.cut_off
        circle = self._circle(watcher)
        circle.discard(watcher)
        if not circle:
            self._circles(watcher).pop(watcher.order_id or watcher.location_id or "", None)

    def end(self) -> None:
        """End every stream, and open no more."""
        if self._ended:
            return
        self._ended = True
        for watcher in self._all:
            watcher.end()

    def wants(self, change: Change) -> bool:
        """Whether somebody watches that has not been sent as much.

        What nobody watches has passed: whoever comes later looks for themselves.
        """
        if self._sent.get(change.order_id, 0) >= change.version:
            return False
        if change.order_id in self._of_order or change.location_id in self._of_location:
            return True
        self.passed(change.order_id, change.version)
        return False

    def passed(self, order_id: str, version: int) -> None:
        """Everybody has been sent this version of the order, or begins later than it."""
        if len(self._sent) >= MOST_REMEMBERED:
            self._sent.clear()
        self._sent[order_id] = version

    def deliver(self, order: Order) -> None:
        """Send *order* to everybody who watches it, unless they were sent this version or a later one."""
        if self._sent.get(order.id, 0) >= order.version:
            return
        self.passed(order.id, order.version)
        watching, screens = self._of_order.get(order.id), self._of_location.get(order.location_id)
        written = OrderEvents(order, self._now(), self._tokens, self.position)
        for watcher in watching or ():
            watcher.push(order.id, written.for_guest if watcher.kind == "track" else written.for_staff)
        for screen in screens or ():
            if screen.shows(order):
                screen.push(order.id, written.for_staff)

    def tell_dish(self, location_id: str, sku: str, *, available: bool) -> None:
        """Let the screens of the house know that a dish is out, or back."""
        view = {"sku": sku, "available": available}
        self._tell(self._of_location.get(location_id, ()), "menu", f"menu/{sku}", view)

    def tell_health(self, location_id: str, view: dict[str, Any]) -> None:
        dashboards = [screen for screen in self._of_location.get(location_id, ()) if screen.kind == "dashboard"]
        self._tell(dashboards, "health", "health", view)

    def dashboards(self) -> set[str]:
        """The locations whose dashboards are open."""
        kinds = {where: {screen.kind for screen in screens} for where, screens in self._of_location.items()}
        return {where for where, there in kinds.items() if "dashboard" in there}

    def staff(self) -> list[Watcher]:
        """Those who may be told to leave."""
        return [watcher for watcher in self._all if watcher.welcome is not None]

    def beats(self) -> Iterator[None]:
        """Send everybody a sign of life, one at each step."""
        written = events.beat(self._now(), self.position)
        for watcher in list(self._all):
            watcher.beat(written)
            yield

    def _tell(self, watchers: Iterable[Watcher], name: str, subject: str, view: dict[str, Any]) -> None:
        written = None
        for watcher in watchers:
            written = written or events.told(name, view, self.position)
            watcher.push(subject, written)

    def _circles(self, watcher: Watcher) -> defaultdict[str, set[Watcher]]:
        return self._of_order if watcher.order_id else self._of_location

    def _circle(self, watcher: Watcher) -> set[Watcher]:
        return self._circles(watcher)[watcher.order_id or watcher.location_id or ""]
