"""Counts what strangers do, per minute, in the cache. A cache that is away limits nothing and breaks nothing."""

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

log = structlog.get_logger("collections.limits")

WINDOW_SECONDS = 60


def client_address(request: HttpRequest) -> str:
    """The address of the browser: what our own proxy added last where there is one, else the connection's."""
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:64]
    return str(request.META.get("REMOTE_ADDR") or "unknown")


def is_over(what: str, who: str, *, limit: int) -> bool:
    """Whether `who` has done `what` more than `limit` times within the minute, without counting this time."""
    try:
        return int(cache.get(_key(what, who)) or 0) > limit
    except (RedisError, OSError):
        return False


def count(what: str, who: str) -> int:
    """How often `who` has done `what` within the minute, this time included; 0 when the cache is away."""
    key = _key(what, who)
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two lines
        return 1
    except (RedisError, OSError):
        log.warning("limit_not_counted", what=what)
        return 0


def _key(what: str, who: str) -> str:
    return f"limit:{what}:{who}"
