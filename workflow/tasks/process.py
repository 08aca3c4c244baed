"""What each process of a worker keeps while it lives: its store, and when it last showed a sign of life."""

import time
from functools import cache

import structlog
from celery.signals import worker_process_init

from workflow import heartbeats
from workflow.announcements import Announcer
from workflow.jobs.catalogue import KINDS
from workflow.jobs.drain import Drain
from workflow.settings import Settings
from workflow.store.store import LOST, Store, open_store

BEAT_SECONDS = 5.0
log = structlog.get_logger(__name__)
_beaten: dict[str, float] = {}


def answer(lane: str, settings: Settings) -> int:
    """Do what is due in *lane*; how many jobs that was. Without a database none are, and the next bell tries again."""
    try:
        _beat(lane, settings)
        return _drain(settings).drain(lane)
    except LOST as error:
        log.warning("The database does not answer.", lane=lane, error=str(error))
        return 0


@cache
def _store(settings: Settings) -> Store:
    """What its jobs commit is announced, so that screens show it at once."""
    store = open_store(settings.database)
    if settings.redis:
        store.told = Announcer(settings.redis).tell
    return store


def _drain(settings: Settings) -> Drain:
    return Drain(_store(settings), settings, KINDS)


def _beat(lane: str, settings: Settings) -> None:
    if time.monotonic() < _beaten.get(lane, 0.0) + BEAT_SECONDS:
        return
    _beaten[lane] = time.monotonic()
    store = _store(settings)
    with store.writing() as connection:
        heartbeats.beat(connection, heartbeats.WORKER.format(lane=lane), store.now())


@worker_process_init.connect
def _begin(**_: object) -> None:
    """Connections belong to the process that opened them: a fork must not use, nor close, its parent's."""
    _store.cache_clear()
    _beaten.clear()
