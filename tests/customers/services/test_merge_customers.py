"""Merging two customers: one account from a day on, and every day before stays what it was."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import InternalError, transaction

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer, CustomerMerge
from customers.queries.accounts import account_ids
from customers.services.merge_customers import merge_customers
from invoices.services.allocate import allocate
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def merge(absorbed: Customer, survivor: Customer, **more: Any) -> CustomerMerge:
    given = {"merged_on": DAY, "on": DAY, "reason": "One company under two numbers.", "actor": None, **more}
    return merge_customers(absorbed=absorbed, survivor=survivor, **given)


def test_a_chain_of_merges_ends_at_the_last_survivor() -> None:
    a, b, c = (factories.customer() for _ in range(3))
    merge(a, b)
    merge(b, c, merged_on=DAY + timedelta(days=3), on=DAY + timedelta(days=3))
    assert account_ids(c.pk) == (a.pk, b.pk, c.pk)
    assert Customer.objects.get(pk=a.pk).merged_into_id == c.pk
    days = CustomerMerge.objects.filter(absorbed=a).order_by("merged_on").values_list("survivor_id", "merged_on")
    assert list(days) == [(b.pk, DAY), (c.pk, DAY + timedelta(days=3))]


def test_money_of_one_pays_the_other_from_the_merge_on() -> None:
    a, b = factories.customer(), factories.customer()
    invoice = factories.invoice(a, total="100", issued_on=DAY - timedelta(days=40))
    payment = factories.payment(b, "60", received_on=DAY - timedelta(days=20))
    with pytest.raises(BadInput, match="belongs to another customer"):
        allocate(source=payment, shares=[(invoice, None)])
    merge(a, b)
    made = allocate(source=payment, shares=[(invoice, None)])
    assert (made[0].amount, made[0].effective_on) == (Decimal(60), DAY)


def test_a_merge_is_refused_where_it_would_rewrite_or_mix_books() -> None:
    a, b = factories.customer(), factories.customer()
    abroad = factories.customer(of=factories.entity("SE01"))
    for absorbed, survivor, more, code in (
        (a, a, {}, "same_customer"),
        (a, abroad, {}, "other_entity"),
        (a, b, {"reason": " "}, "no_reason"),
        (a, b, {"merged_on": DAY + timedelta(days=1)}, "merge_to_come"),
    ):
        with pytest.raises(BadInput) as refused:
            merge(absorbed, survivor, **more)
        assert refused.value.code == code
    merge(a, b)
    with pytest.raises(Conflict):
        merge(a, b)


def test_d18_a_merge_cannot_be_edited_or_deleted() -> None:
    row = merge(factories.customer(), factories.customer())
    for change in (lambda: CustomerMerge.objects.update(reason="x"), row.delete):
        with pytest.raises(InternalError), transaction.atomic():
            change()
