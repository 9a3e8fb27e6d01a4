"""A manager merges two customers on a page; from then on there is one account."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import BusinessClock, Customer
from invoices.models import PayLink
from invoices.services.create_pay_link import create_pay_link
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client: Client, cast: Cast) -> Client:
    BusinessClock.objects.update_or_create(pk=1, defaults={"pinned_on": DAY, "shift_days": 0})
    client.force_login(cast.lead)
    return client


def merge(lead: Client, gone: Customer, **changes: str) -> int:
    values = {"survivor": "STAYS", "merged_on": DAY.isoformat(), "reason": "One company", "sure": "on", **changes}
    return lead.post(reverse("customer_merge", args=[gone.pk]), values).status_code


def test_after_a_merge_the_account_that_stays_shows_the_invoices_of_both(lead: Client) -> None:
    gone, stays = factories.customer(name="Old name"), factories.customer(number="STAYS")
    theirs = factories.invoice(gone, "40", due_on=DAY - timedelta(days=3))
    assert merge(lead, gone) == 302
    assert lead.get(reverse("account", args=[gone.pk])).headers["Location"] == reverse("account", args=[stays.pk])
    page = lead.get(reverse("account", args=[stays.pk])).content.decode()
    assert theirs.number in page
    assert "Old name" in page
    assert "Old name" not in lead.get(reverse("accounts")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("survivor", "NOBODY"), ("reason", ""), ("sure", ""), ("merged_on", (DAY + timedelta(days=1)).isoformat())],
)
def test_what_cannot_be_merged_is_told_at_its_field(lead: Client, field: str, value: str) -> None:
    gone = factories.customer()
    factories.customer(number="STAYS")
    assert merge(lead, gone, **{field: value}) == 422
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_d57_a_link_to_the_account_that_is_gone_opens_a_neutral_page(lead: Client, client: Client) -> None:
    gone = factories.customer(name="Old name")
    factories.customer(number="STAYS")
    factories.invoice(gone, "40")
    _, address = create_pay_link(
        purpose=PayLink.Purpose.ACCOUNT,
        customer=gone,
        language="en",
        sent_to="a@example.com",
        now=timezone.now(),
        by="test",
    )
    assert merge(lead, gone) == 302
    answer = Client().get(urlsplit(address).path)
    assert answer.status_code == 410
    assert "Old name" not in answer.content.decode()
