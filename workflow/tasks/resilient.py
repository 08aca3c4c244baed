"""A consumer that outlives its broker."""

from typing import Any

import structlog
from celery.worker.consumer import Consumer

log = structlog.get_logger(__name__)


class ResilientConsumer(Consumer):
    """Celery 5.7.0 ends the worker when the broker goes away while a message is unacknowledged.

    Closing the lost connection gives unacknowledged messages back through a client that is gone already, which raises
    an AttributeError that nobody expects. The restart of the consumer that follows connects anew.
    """

    def on_connection_error_after_connected(self, exc: Exception) -> Any:
        try:
            return super().on_connection_error_after_connected(exc)
        except AttributeError as error:
            log.warning("The lost broker's connection could not be closed in order.", error=str(error))
            return None
