"""``python -m workflow.tasks.dispatcher``: the dispatcher with Celery's bell."""

import signal
import threading

import structlog

from workflow import logs
from workflow.announcements import Announcer
from workflow.dispatcher import Dispatcher
from workflow.jobs.catalogue import KINDS
from workflow.store.store import open_store
from workflow.tasks.app import ring, settings
from workflow.tasks.bells import bell

log = structlog.get_logger(__name__)


def main() -> None:
    """Runs until SIGTERM or SIGINT, and then finishes what is under way."""
    logs.configure(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    store = open_store(settings.database, pool_size=8)
    announcer = Announcer(settings.redis) if settings.redis else None
    store.told = announcer.tell if announcer else None
    dispatcher = Dispatcher(store, settings, KINDS, bell(settings, ring))
    log.info("The dispatcher has started.", broker=bool(settings.broker))
    dispatcher.run(stop)
    if announcer:
        announcer.close()
    store.close()


if __name__ == "__main__":
    main()
