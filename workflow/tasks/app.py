"""The Celery app and its tasks, one a lane, which never change their names and take no arguments.

A message is a bell: "there is work in this lane". Lost, doubled or late, it changes nothing but the latency, because
the database knows the jobs, and the dispatcher rings again.
"""

import logging

from celery import Celery
from celery.signals import setup_logging

from workflow import logs
from workflow.settings import Settings
from workflow.tasks.configuration import configuration, queue_name
from workflow.tasks.process import answer

settings = Settings()
app = Celery("passline")
app.conf.update(configuration(settings.broker))


@setup_logging.connect
def _set_up_logging(**_: object) -> None:
    logs.configure(settings)
    logs.include_standard_library(settings)
    for bell_by_bell in ("celery.app.trace", "celery.worker.strategy"):
        logging.getLogger(bell_by_bell).setLevel(logging.WARNING)


@app.task(name="passline.drain_estimates")
def drain_estimates() -> int:
    return answer("estimates", settings)


@app.task(name="passline.drain_notifications")
def drain_notifications() -> int:
    return answer("notifications", settings)


@app.task(name="passline.drain_webhooks")
def drain_webhooks() -> int:
    return answer("webhooks", settings)


@app.task(name="passline.drain_reports")
def drain_reports() -> int:
    return answer("reports", settings)


@app.task(name="passline.drain_timers")
def drain_timers() -> int:
    return answer("timers", settings)


def ring(lane: str) -> None:
    """Send the bell of *lane*. Raises whatever the broker's client raises, after seconds at most."""
    with app.producer_or_acquire() as producer:
        try:
            app.send_task(f"passline.drain_{lane}", queue=queue_name(lane), producer=producer)
        except Exception:
            # A line on which nothing came back may carry nothing ever again: the next bell takes a new one.
            producer.connection.collect()
            raise
