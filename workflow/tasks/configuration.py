"""Celery's settings; each is here for something that was measured or met (docs/adr).

Nothing is stored as a result, delayed, prioritised or chained: all that is the database's.
"""

from typing import Any
from urllib.parse import urlsplit

from kombu import Exchange, Queue

from workflow.jobs.lanes import LANES

KEY_PREFIX = "passline:"
BELLS_IN_A_QUEUE = 10


def queue_name(lane: str) -> str:
    return f"passline.{lane}"


def configuration(broker: str | None) -> dict[str, Any]:
    """Celery's settings for *broker*; without one, for an app that only knows its tasks."""
    return COMMON | _transport(broker or "memory://")


def _transport(broker: str) -> dict[str, Any]:
    rabbit = urlsplit(broker).scheme in ("amqp", "amqps")
    return {
        "broker_url": broker,
        "broker_transport_options": RABBITMQ if rabbit else REDIS,
        "task_queues": [_quorum_queue(lane) if rabbit else _queue(lane) for lane in LANES],
        "task_default_queue": queue_name("estimates"),
        "task_create_missing_queues": False,
    }


def _queue(lane: str) -> Queue:
    return _unacknowledged(lane, Exchange("passline", type="direct"))


def _quorum_queue(lane: str) -> Queue:
    """The broker itself bounds how many bells wait where nobody answers them."""
    arguments = {"x-queue-type": "quorum", "x-max-length": BELLS_IN_A_QUEUE}
    return _unacknowledged(lane, Exchange("passline", type="topic"), queue_arguments=arguments)


def _unacknowledged(lane: str, exchange: Exchange, **options: Any) -> Queue:
    """A bell is gone once it was heard. One that waited for its acknowledgement when the broker died would end a worker
    of Celery 5.7.0 (AttributeError while it closes the connection), or leave it deaf for ever (the failed
    acknowledgement is logged, and still counts as one message too many to fetch another)."""
    return Queue(queue_name(lane), exchange, routing_key=queue_name(lane), no_ack=True, **options)


# Without a limit on reading, a broker that hangs would hold its caller for ever.
RABBITMQ = {"confirm_publish": True, "read_timeout": 5, "write_timeout": 5}
REDIS = {
    "global_keyprefix": KEY_PREFIX,
    # Above the second that a worker's BRPOP waits.
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
COMMON: dict[str, Any] = {
    "result_backend": None,
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": 4,
    "broker_pool_limit": len(LANES) + 1,
    "broker_pool_acquire_timeout": 2,
    # With no retry at all ("task_publish_retry": False), a broker that refuses costs six seconds instead of none.
    "task_publish_retry": True,
    "task_publish_retry_policy": {"max_retries": 0},
    "task_time_limit": 150,
    "task_soft_time_limit": 120,
    # A bell that nobody can answer yet waits in the broker, where it keeps the dispatcher from ringing again.
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_soft_shutdown_timeout": 25.0,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_max_tasks_per_child": 1000,
    "worker_eta_task_limit": 100,
}
