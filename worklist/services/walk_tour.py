"""Remembers how far a person has come on the tour. A matter of that person alone, so nothing is recorded elsewhere."""

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User


@transaction.atomic
def walk_tour(*, user: User, seen: str = "", done: bool | None = None) -> User:
    """The person with the stop `seen` remembered, once. `done` ends the tour; False begins it again from the start."""
    found = User.objects.select_for_update().get(pk=user.pk)
    if seen and seen not in found.tour_seen:
        found.tour_seen = [*found.tour_seen, seen]
    if done is not None:
        found.tour_done_at = timezone.now() if done else None
        found.tour_seen = found.tour_seen if done else []
    found.save(update_fields=["tour_seen", "tour_done_at"])
    return found
