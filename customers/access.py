"""Which customers a person may see. Every list, page, fragment and API route starts from these querysets."""

from django.db.models import QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.models import Customer, LegalEntity


def visible_entities(user: User) -> QuerySet[LegalEntity]:
    """The legal entities of the person's teams; all of them with the right to see all teams."""
    if user.may(Capability.SEE_ALL_TEAMS):
        return LegalEntity.objects.all()
    return LegalEntity.objects.filter(team_id__in=team_ids(user))


def visible_customers(user: User) -> QuerySet[Customer]:
    """The customers looked after by the person's teams. Anything else is a stranger's, and answers 404."""
    if user.may(Capability.SEE_ALL_TEAMS):
        return Customer.objects.all()
    return Customer.objects.filter(entity__team_id__in=team_ids(user))


def team_ids(user: User) -> tuple[int, ...]:
    """The person's teams by id, asked for once per request: every list and fragment of a page starts from them."""
    known: tuple[int, ...] | None = getattr(user, "_team_ids", None)
    if known is None:
        known = tuple(user.teams.values_list("pk", flat=True))
        user._team_ids = known  # type: ignore[attr-defined]
    return known
