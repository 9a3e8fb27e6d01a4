"""Which runs, notices and policies a person may see: those of the customers and entities of their teams."""

from django.db.models import Q, QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.access import visible_customers, visible_entities
from customers.models import Customer
from dunning.models import Handover, InboundMessage, Notice, OwnMessage, Policy, Rehearsal, Run


def visible_policies(user: User) -> QuerySet[Policy]:
    """Policies of visible legal entities."""
    return Policy.objects.filter(entity__in=visible_entities(user))


def visible_runs(user: User) -> QuerySet[Run]:
    """Runs of visible policies."""
    return Run.objects.filter(policy__in=visible_policies(user))


def visible_notices(user: User) -> QuerySet[Notice]:
    """Notices to visible customers."""
    return Notice.objects.filter(customer__in=visible_customers(user))


def visible_own_messages(user: User) -> QuerySet[OwnMessage]:
    """Mails by hand to visible customers."""
    return OwnMessage.objects.filter(customer__in=visible_customers(user))


def visible_handovers(user: User) -> QuerySet[Handover]:
    """Handovers of visible customers."""
    return Handover.objects.filter(customer__in=visible_customers(user))


def visible_rehearsals(user: User) -> QuerySet[Rehearsal]:
    """Rehearsals of visible policies."""
    return Rehearsal.objects.filter(policy__in=visible_policies(user))


def found_customers(user: User, words: str, *, pk: int | None = None, limit: int = 6) -> QuerySet[Customer]:
    """Visible customers by name or number, the first by name; by their id where it is given. None for no words."""
    rows = visible_customers(user).select_related("entity").order_by("name", "pk")
    if pk is not None:
        return rows.filter(pk=pk)
    words = words.replace("\x00", "").strip()  # no database stores that sign
    if not words:
        return rows.none()
    return rows.filter(Q(name__icontains=words) | Q(number__istartswith=words))[:limit]


def visible_messages(user: User) -> QuerySet[InboundMessage]:
    """Messages of visible customers; those of nobody yet for those who work accounts and must assign them."""
    mine = Q(customer__in=visible_customers(user))
    if user.may(Capability.WORK_ACCOUNTS):
        mine |= Q(customer__isnull=True)
    return InboundMessage.objects.filter(mine)
