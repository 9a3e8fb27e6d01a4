"""Hears that facts changed and asks a worker to score those customers again. Beat does it anyway."""

import logging
from typing import Any

from worklist.tasks import rescore_customers

logger = logging.getLogger("collections.worklist")
CHUNK = 2000


def rescore_soon(sender: object, customer_ids: frozenset[int], **_: Any) -> None:
    """Nothing; a worker is asked. A broker that is away costs the request nothing but this log line."""
    ids = sorted(customer_ids)
    try:
        for start in range(0, len(ids), CHUNK):
            rescore_customers.apply_async([ids[start : start + CHUNK]], retry=False)
    except Exception as error:  # noqa: BLE001, RUF100 (whatever a broker can raise; the schedule repairs it)
        logger.warning("No worker was asked to score %d customers: %s", len(ids), error)
