"""Makes a scheduled task run sooner. When the broker is away nothing is lost: the next beat does the work."""

from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger("collections.nudge")


def nudge(task: Any) -> None:
    """Nothing; after the commit the task is published once, and a broker that does not take it is passed over."""
    transaction.on_commit(lambda: _publish(task))


def _publish(task: Any) -> None:
    try:
        task.apply_async(retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError):
        log.warning("nudge_lost", task=task.name)
