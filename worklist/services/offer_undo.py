"""Gives one person the right to take back what they just did, for a short while (U8)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from worklist.models import Undo

OFFERED_FOR = timedelta(seconds=60)  # the message shows for twelve seconds and waits while it is pointed at


@transaction.atomic
def offer_undo(
    *, actor: User, customer_id: int, action: str, target_id: int, before: dict[str, Any], after: dict[str, Any]
) -> Undo:
    """The token: how things were before, and how the action left them, which must still be so when it is used (D89)."""
    return Undo.objects.create(
        user=actor,
        customer_id=customer_id,
        action=action,
        target_id=target_id,
        before={"before": before, "after": after},
        expires_at=timezone.now() + OFFERED_FOR,
    )
