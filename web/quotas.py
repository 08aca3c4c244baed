"""How many requests a minute one caller may make, counted per process."""

import time
from collections.abc import Callable

from web.refusals import RateLimited

WINDOW_SECONDS = 60


class Quota:
    """A fixed window of one minute.

    `policy` and what `take` returns are header fields of draft-ietf-httpapi-ratelimit-headers-10.
    """

    def __init__(self, name: str, quota: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._quota = quota
        self._clock = clock
        self._window = -1
        self._used: dict[str, int] = {}
        self.policy = f'"{name}";q={quota};w={WINDOW_SECONDS}'

    def expect_some(self, caller: str) -> None:
        """Raises RateLimited when *caller* has used up its requests; counts none."""
        into = self._turn()
        if self._used.get(caller, 0) >= self._quota:
            raise self._limited(WINDOW_SECONDS - into)

    def take(self, caller: str) -> str:
        """Count one request of *caller*, and say what is left. Raises RateLimited when nothing is."""
        into = self._turn()
        used = self._used[caller] = self._used.get(caller, 0) + 1
        left = WINDOW_SECONDS - into
        if used > self._quota:
            raise self._limited(left)
        return f'"{self._name}";r={self._quota - used};t={left}'

    def give_back(self, caller: str) -> None:
        """Uncount one request of *caller*."""
        if self._used.get(caller):
            self._used[caller] -= 1

    def _turn(self) -> int:
        """Begin a new window where the last one is over; how many seconds into it we are."""
        window, into = divmod(int(self._clock()), WINDOW_SECONDS)
        if window != self._window:
            self._window = window
            self._used = {}
        return into

    def _limited(self, left: int) -> RateLimited:
        return RateLimited(f"{self._quota} requests a minute are allowed.", retry_after_seconds=left)
