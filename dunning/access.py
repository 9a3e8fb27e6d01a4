"""Which runs, notices and policies a person may see: those of the customers and entities of their teams."""

from django.db.models import QuerySet

from collections_app.accounts.models import User
from customers.access import visible_customers, visible_entities
from dunning.models import Notice, Policy, Run


def visible_policies(user: User) -> QuerySet[Policy]:
    """Policies of visible legal entities."""
    return Policy.objects.filter(entity__in=visible_entities(user))


def visible_runs(user: User) -> QuerySet[Run]:
    """Runs of visible policies."""
    return Run.objects.filter(policy__in=visible_policies(user))


def visible_notices(user: User) -> QuerySet[Notice]:
    """Notices to visible customers."""
    return Notice.objects.filter(customer__in=visible_customers(user))
