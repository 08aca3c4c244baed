"""Numbers the events, rings for the jobs that are due, and watches the clock. Any number of dispatchers may run.

It never talks to a broker itself: a bell is a callable that is handed in. Where there is none, or nobody answers it,
the dispatcher does the jobs.
"""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import structlog

from workflow import heartbeats, sequencer
from workflow.jobs import pruning
from workflow.jobs.claim import due_lanes
from workflow.jobs.drain import Drain
from workflow.jobs.kinds import Kind
from workflow.jobs.lanes import LANES
from workflow.reporting.closing import ensure_days_closed
from workflow.service import Bell, Service
from workflow.settings import Settings
from workflow.store.store import LOST, Store

log = structlog.get_logger(__name__)

CYCLE_SECONDS = 0.15
LONGEST_PAUSE = 5.0
BEAT_SECONDS = 5.0
CHORES_SECONDS = 60.0
JUMP = timedelta(seconds=60)
AT_ONCE = 20


class Dispatcher:
    """One process that keeps things going; `run` it until it is told to stop."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        kinds: Iterable[Kind],
        bell: Bell | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        known = tuple(kinds)
        self._store = store
        self._settings = settings
        self._kinds = [kind.name for kind in known]
        self._monotonic = monotonic
        self._clocks = Clocks(store.now, monotonic)
        self._beat_due = self._chores_due = monotonic()
        drain = Drain(store, settings, known, monotonic=monotonic)
        self._services = {lane: Service(lane, drain.drain, bell, monotonic=monotonic) for lane in LANES}
        # A lane whose receiver is slow, or a broker that hangs, must not keep the feed or the other lanes waiting.
        self._hands = ThreadPoolExecutor(2 * len(LANES) + 1, thread_name_prefix="dispatcher")
        self._busy: dict[str, Future[None]] = {}

    def run(self, stop: threading.Event) -> None:
        """Cycle until *stop*; the cycle that is under way is finished. A database that goes away is waited for."""
        pause, lost = CYCLE_SECONDS, False
        while not stop.is_set():
            try:
                self.cycle()
            except LOST as error:
                pause = min(max(pause * 2, CYCLE_SECONDS), LONGEST_PAUSE)
                if not lost:
                    log.error("The database does not answer.", error=str(error))
                lost = True
            except Exception:
                pause = LONGEST_PAUSE
                log.exception("A cycle failed.")
            else:
                if lost:
                    log.info("The database answers again.")
                pause, lost = CYCLE_SECONDS, False
            stop.wait(pause)
        self.close()

    def close(self) -> None:
        """Wait for what is under way."""
        self._hands.shutdown(wait=True)

    def cycle(self) -> None:
        """One look at the events, the lanes and the clocks."""
        jumped = self._clocks.jumped()
        for _ in range(AT_ONCE):
            if sequencer.number_events(self._store) < sequencer.BATCH:
                break
        self._beat()
        with self._store.reading() as connection:
            due = due_lanes(connection, self._kinds, self._store.now())
        for lane, service in self._services.items():
            if lane == "timers" and jumped:
                continue
            if lane in due or service.wants_a_knock():
                self._start(lane, partial(service.serve, due=lane in due))
            if service.wants_another_try():
                self._start(f"bell of {lane}", service.try_again)
        if self._monotonic() >= self._chores_due:
            self._chores_due = self._monotonic() + CHORES_SECONDS
            self._start("chores", self._chores)

    def _start(self, name: str, work: Callable[[], None]) -> None:
        """In a thread of its own, unless the last time is still under way."""
        running = self._busy.get(name)
        if running is None or running.done():
            self._busy[name] = self._hands.submit(_guarded, name, work)

    def _beat(self) -> None:
        if self._monotonic() < self._beat_due:
            return
        self._beat_due = self._monotonic() + BEAT_SECONDS
        with self._store.writing() as connection:
            heartbeats.beat(connection, heartbeats.DISPATCHER, self._store.now())
            beats = heartbeats.last_beats(connection)
        for lane, service in self._services.items():
            service.heard_of_worker(beats.get(heartbeats.WORKER.format(lane=lane)), self._store.now())

    def _chores(self) -> None:
        """What is due by the calendar, and what nobody needs any more."""
        with self._store.writing() as connection:
            ensure_days_closed(connection, self._store.now())
        while self._prune() >= pruning.BATCH:
            pass

    def _prune(self) -> int:
        with self._store.writing() as connection:
            return pruning.prune(connection, self._settings, self._store.now())


class Clocks:
    """The wall's clock beside one that nobody can set: a leap of the first must not fire every timer at once."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now = now
        self._monotonic = monotonic
        self._last = now(), monotonic()

    def jumped(self) -> bool:
        """Whether the wall's clock has gone ahead of the other since it was last asked; also says so in the log."""
        now, ticks = self._now(), self._monotonic()
        ahead = now - self._last[0] - timedelta(seconds=ticks - self._last[1])
        self._last = now, ticks
        if ahead <= JUMP:
            return False
        log.warning("The clock has jumped ahead; timers wait a cycle.", seconds=round(ahead.total_seconds()))
        return True


def _guarded(name: str, work: Callable[[], None]) -> None:
    try:
        work()
    except LOST as error:
        log.warning("The database does not answer.", work=name, error=str(error))
    except Exception:
        log.exception("Something failed, and is tried again.", work=name)
