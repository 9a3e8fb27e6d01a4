"""Which customers make up one account: the survivor of merges and all it absorbed. Reads only."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.models import Customer, CustomerMerge


def account_ids(customer_id: int) -> tuple[int, ...]:
    """The customers whose documents belong to this customer's account today, the customer itself included.

    For a customer that was merged into another one it is itself alone: its documents are the survivor's now."""
    ids = Customer.objects.filter(Q(pk=customer_id) | Q(merged_into=customer_id)).order_by("pk")
    return tuple(ids.values_list("pk", flat=True))


def account_members(customer_id: int) -> QuerySet[Customer]:
    """The same customers as a set, for use inside another query."""
    return Customer.objects.filter(Q(pk=customer_id) | Q(merged_into=customer_id)).order_by()


def accounts_of(customer_ids: Iterable[int]) -> Mapping[int, int]:
    """For each of these customers, the customer that holds its account today."""
    found = Customer.objects.filter(pk__in=list(customer_ids)).annotate(account=Coalesce(F("merged_into_id"), F("pk")))
    return dict(found.values_list("pk", "account"))


def merged_on(absorbed_ids: Iterable[int]) -> Mapping[int, date]:
    """The day on which each of these customers came to the account that holds it today; without those never merged."""
    rows = CustomerMerge.objects.filter(absorbed__in=list(absorbed_ids), survivor=F("absorbed__merged_into"))
    return dict(rows.values_list("absorbed_id", "merged_on"))


def account_ids_on(customer_id: int, as_of: date) -> tuple[int, ...]:
    """The customers whose documents belonged to this customer's account at the end of that day: none for a customer
    that had been merged into another one by then."""
    latest = CustomerMerge.objects.filter(absorbed=OuterRef("pk"), merged_on__lte=as_of).order_by("-merged_on", "-pk")
    holder = Coalesce(Subquery(latest.values("survivor")[:1]), F("pk"), output_field=BigIntegerField())
    mine = Q(pk=customer_id) | Q(merges__survivor=customer_id)
    rows = Customer.objects.filter(mine).annotate(holder=holder).filter(holder=customer_id).order_by("pk").distinct()
    return tuple(rows.values_list("pk", flat=True))
