"""Runs a POST once per Idempotency-Key (case D23), scoped to user and route.

The key's lock, the work and the kept answer live in one transaction: a crash leaves neither work nor answer, so nothing
can hang "in progress". A refused request keeps nothing: its key is free for the corrected body."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from collections_app.accounts.access import signed_in
from collections_app.accounts.models import User
from collections_app.api.models import KeptAnswer
from collections_app.lib.errors import BadInput, Conflict

KEPT_FOR = timedelta(days=7)
KEY_PATTERN = r"^[!-~]{1,128}$"


def once(request: Request, work: Callable[[], Response], *, required: bool = True) -> Response:
    """The answer of `work`, or the kept one if this key was answered before (marked `Idempotent-Replayed: true`).

    Raises ValidationError (400) without a key, BadInput (422) for the key with another body, Conflict (409) while the
    first request with it still runs."""
    key = request.headers.get("Idempotency-Key", "")
    if not key and not required:
        return work()
    if not re.fullmatch(KEY_PATTERN, key, re.ASCII):
        raise ValidationError(
            {
                "Idempotency-Key": [
                    "Send this header: up to 128 visible ASCII characters, a new one per payment, such as a UUID."
                ]
            }
        )
    user, route = signed_in(request._request), f"{request.method} {request.path}"
    digest = hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).hexdigest()
    with transaction.atomic():
        _lock(user, route, key)
        kept = KeptAnswer.objects.filter(user=user, route=route, key=key).first()
        if kept is not None:
            return _again(kept, digest)
        answer = work()
        _keep(user, route, key, digest, answer)
    return answer


def _lock(user: User, route: str, key: str) -> None:
    """A lock of this transaction on user, route and key; whoever comes second is told at once instead of waiting."""
    name = hashlib.sha256(f"{user.pk}\n{route}\n{key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(name, "big", signed=True)])
        (ours,) = cursor.fetchone()
    if not ours:
        raise Conflict(
            "A request with this Idempotency-Key is being worked on. Ask again in a moment.", code="in_progress"
        )


def _again(kept: KeptAnswer, digest: str) -> Response:
    if kept.body_digest != digest:
        raise BadInput(
            "This Idempotency-Key was used with another body. Use a new key for a new request.", code="key_reused"
        )
    return Response(kept.answer, status=kept.status, headers={"Idempotent-Replayed": "true"})


def _keep(user: User, route: str, key: str, digest: str, answer: Response) -> None:
    plain: Any = json.loads(json.dumps(answer.data, default=str))
    KeptAnswer.objects.filter(user=user, kept_at__lt=timezone.now() - KEPT_FOR).delete()
    KeptAnswer.objects.create(
        user=user, route=route[:200], key=key, body_digest=digest, status=answer.status_code, answer=plain
    )
