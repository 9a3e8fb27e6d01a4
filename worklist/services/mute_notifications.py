"""Keeps which kinds of notifications a person does not want. What was told before stays."""

from collections.abc import Collection

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput
from worklist.models import Notification


@transaction.atomic
def mute_notifications(*, user: User, kinds: Collection[str]) -> User:
    """The person, told of all kinds but these from now on. Raises BadInput for a kind that does not exist."""
    if not set(kinds) <= set(Notification.Kind.values):
        raise BadInput("One of these kinds does not exist. Load the page again and choose there.", code="unknown_kind")
    user.muted = sorted(set(kinds))
    user.save(update_fields=["muted"])
    return user
