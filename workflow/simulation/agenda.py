"""What is to be done when: simulated time on real threads."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Act = Callable[[], None]


@dataclass(order=True, slots=True)
class Entry:
    """Something to do at `due`; an `owed` one has to be done before the evening is over, a poll has not."""

    due: float
    turn: int
    act: Act = field(compare=False)
    owed: bool = field(compare=False)


class Agenda:
    """Runs acts at their time on a few threads; `speed` is simulated seconds per real second.

    An act that raises does not stop the others: `complain` is called with the exception.
    """

    def __init__(self, speed: float, *, threads: int, complain: Callable[[Exception], None]) -> None:
        self.speed = speed
        self._complain = complain
        self._entries: list[Entry] = []
        self._turns = itertools.count()
        self._owed = 0
        self._closed = False
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    @property
    def owed(self) -> int:
        """How many acts that have to be done are waiting or under way."""
        return self._owed

    def real(self, seconds: float, *, at_least: float = 0.0) -> float:
        """Simulated *seconds* in real ones."""
        return max(seconds / self.speed, at_least)

    def after(self, seconds: float, act: Act, *, owed: bool = True, at_least: float = 0.0) -> None:
        """Do *act* in so many simulated seconds, but not sooner than `at_least` real ones."""
        due = time.monotonic() + self.real(seconds, at_least=at_least)
        with self._changed:
            heapq.heappush(self._entries, Entry(due, next(self._turns), act, owed))
            self._owed += owed
            self._changed.notify()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self, *, patience: float = 5.0) -> None:
        """Forget what waits, and let what is under way come to its end for so many seconds."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        while (entry := self._next()) is not None:
            try:
                entry.act()
            except Exception as problem:
                self._complain(problem)
            finally:
                with self._changed:
                    self._owed -= entry.owed

    def _next(self) -> Entry | None:
        with self._changed:
            while not self._closed:
                wait = self._entries[0].due - time.monotonic() if self._entries else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._entries)
                self._changed.wait(wait)
        return None
