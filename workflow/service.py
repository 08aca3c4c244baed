"""How the jobs of one lane get done: by ringing for a worker, or by doing them here."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

Bell = Callable[[str], None]
log = structlog.get_logger(__name__)

SILENCE = timedelta(seconds=30)
KNOCK_SECONDS = 10.0
LONGEST_REST = 30.0
INLINE_SECONDS = 2.0


class Service:
    """One lane's. The bell is tried first; what it cannot do is done here, as slow as that may be.

    A worker shows that it is there by its heartbeat, written whenever it answers a bell; so even a lane without work
    has its bell rung now and then. A bell that failed may take seconds to fail again, so nobody waits for that:
    `try_again` is for another thread.
    """

    def __init__(
        self,
        lane: str,
        drain: Callable[..., int],
        bell: Bell | None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lane = lane
        self._drain = drain
        self._bell = bell
        self._monotonic = monotonic
        self._failures = 0
        self._ring_again_at = 0.0
        self._knock_at = monotonic()
        # A worker that starts together with us has as long to show itself as one that falls silent.
        self._heard_at = monotonic()
        self._alone = False

    def wants_a_knock(self) -> bool:
        return self._bell is not None and not self._failures and self._monotonic() >= self._knock_at

    def wants_another_try(self) -> bool:
        return self._failures > 0 and self._monotonic() >= self._ring_again_at

    def heard_of_worker(self, beat_at: datetime | None, now: datetime) -> None:
        """*beat_at*: when any worker of this lane was last well."""
        if beat_at is not None:
            self._heard_at = max(self._heard_at, self._monotonic() - (now - beat_at).total_seconds())

    def serve(self, *, due: bool) -> None:
        """See to the lane, in which jobs are *due* or which only wants its knock."""
        rung = not self._failures and self._ring()
        if due and not (rung and self._somebody_answers()):
            self._drain(self._lane, seconds=INLINE_SECONDS)

    def try_again(self) -> None:
        """Ring a bell that failed. If it fails again, it is left alone for a while, longer each time."""
        self._ring()

    def _ring(self) -> bool:
        """Whether it rang."""
        if self._bell is None:
            return False
        self._knock_at = self._monotonic() + KNOCK_SECONDS
        try:
            self._bell(self._lane)
        except Exception as error:  # whatever a broker's client raises: the jobs must not depend on it
            self._rest(error)
            return False
        if self._failures:
            log.info("The bell rings again.", lane=self._lane)
        self._failures = 0
        return True

    def _rest(self, error: Exception) -> None:
        if not self._failures:
            log.warning(
                "The bell does not ring; jobs are done here.", lane=self._lane, error=repr(error.__cause__ or error)
            )
        self._failures += 1
        self._ring_again_at = self._monotonic() + min(2.0**self._failures, LONGEST_REST)

    def _somebody_answers(self) -> bool:
        alone = self._monotonic() - self._heard_at > SILENCE.total_seconds()
        if alone != self._alone:
            said = "No worker answers; jobs are done here." if alone else "A worker answers again."
            log.warning(said, lane=self._lane)
        self._alone = alone
        return not alone
