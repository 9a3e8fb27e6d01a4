"""Which customers make up one account: the survivor of merges and all it absorbed. Reads only."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from customers.models import Customer, CustomerMerge


def account_ids(customer_id: int) -> tuple[int, ...]:
    """The customers whose documents belong to this customer's account today, the customer itself included.

    For a customer that was merged into another one it is itself alone: its documents are the survivor's now."""
    ids = Customer.objects.filter(Q(pk=customer_id) | Q(merged_into=customer_id)).order_by("pk")
    return tuple(ids.values_list("pk", flat=True))


def accounts_of(customer_ids: Iterable[int]) -> Mapping[int, int]:
    """For each of these customers, the customer that holds its account today."""
    found = Customer.objects.filter(pk__in=list(customer_ids)).annotate(account=Coalesce(F("merged_into_id"), F("pk")))
    return dict(found.values_list("pk", "account"))


def merged_on(absorbed_ids: Iterable[int]) -> Mapping[int, date]:
    """The day on which each of these customers came to the account that holds it today; without those never merged."""
    rows = CustomerMerge.objects.filter(absorbed__in=list(absorbed_ids), survivor=F("absorbed__merged_into"))
    return dict(rows.values_list("absorbed_id", "merged_on"))
