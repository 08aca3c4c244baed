"""Ringing with moderation: what waits in a queue already need not be said again."""

import time
from collections.abc import Callable

import redis

from workflow import failpoints
from workflow.service import Bell
from workflow.settings import Settings
from workflow.tasks.configuration import KEY_PREFIX, REDIS, queue_name

OUTSTANDING = 2
PACE_SECONDS = 1.0


def bell(settings: Settings, send: Bell) -> Bell | None:
    """*send*, not too often; None where there is no broker."""
    if settings.broker is None:
        return None
    if settings.redis is None:
        return Paced(send)
    client = redis.Redis.from_url(
        settings.redis,
        socket_timeout=REDIS["socket_timeout"],
        socket_connect_timeout=REDIS["socket_connect_timeout"],
    )
    return Counted(send, lambda lane: int(client.llen(KEY_PREFIX + queue_name(lane))))


class Counted:
    """For a broker that can be asked how many bells of a lane wait."""

    def __init__(self, send: Bell, waiting: Callable[[str], int]) -> None:
        self._send = send
        self._waiting = waiting

    def __call__(self, lane: str) -> None:
        if self._waiting(lane) < OUTSTANDING:
            self._send(lane)
            failpoints.reach("bell_rung")


class Paced:
    """For a broker that cannot."""

    def __init__(self, send: Bell, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._monotonic = monotonic
        self._next: dict[str, float] = {}

    def __call__(self, lane: str) -> None:
        if self._monotonic() >= self._next.get(lane, 0.0):
            self._next[lane] = self._monotonic() + PACE_SECONDS
            self._send(lane)
            failpoints.reach("bell_rung")
