"""Which customers a person may see. Every list, page, fragment and API route starts from these querysets."""

from django.db.models import QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.models import Customer, LegalEntity


def visible_entities(user: User) -> QuerySet[LegalEntity]:
    """The legal entities of the person's teams; all of them with the right to see all teams."""
    if user.may(Capability.SEE_ALL_TEAMS):
        return LegalEntity.objects.all()
    return LegalEntity.objects.filter(team__in=user.teams.all())


def visible_customers(user: User) -> QuerySet[Customer]:
    """The customers looked after by the person's teams. Anything else is a stranger's, and answers 404."""
    if user.may(Capability.SEE_ALL_TEAMS):
        return Customer.objects.all()
    return Customer.objects.filter(entity__team__in=user.teams.all())
