"""Pay links: random, hashed at rest, typed, expiring, on our own address."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from invoices.models import PayLink
from invoices.queries.pay_links import find_pay_link, why_dead
from invoices.services.create_pay_link import create_pay_link
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def make(purpose: str = PayLink.Purpose.ACCOUNT, **fields: Any) -> tuple[PayLink, str]:
    who = factories.customer()
    return create_pay_link(purpose=purpose, customer=who, language="de", sent_to="ap@x.example", now=NOW, **fields)


def test_w05_only_a_digest_of_the_token_is_kept() -> None:
    link, address = make()
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert len(token) == 43
    stored = " ".join(str(value) for value in PayLink.objects.filter(pk=link.pk).values_list()[0])
    assert token not in stored
    assert find_pay_link(token, PayLink.Purpose.values) == link


def test_d62_the_address_stands_on_the_configured_base_url() -> None:
    _, address = make()
    assert address.startswith(f"{settings.BASE_URL}/pay/")


def test_d56_a_token_of_another_purpose_is_not_found() -> None:
    _, address = make()
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert find_pay_link(token, [PayLink.Purpose.RECEIPT]) is None


def test_d57_links_die_of_age_and_by_hand() -> None:
    link, _ = make(days_valid=10)
    assert why_dead(link, now=NOW + timedelta(days=10) - timedelta(seconds=1)) == ""
    assert why_dead(link, now=NOW + timedelta(days=10)) == "expired"
    link.revoked_at = NOW
    assert why_dead(link, now=NOW) == "revoked"


@pytest.mark.parametrize("text", ["", "x", "\x00" * 43, "é" * 43, "../" * 14, "\ud800", "a" * 100_000])
def test_d55_any_text_is_simply_not_found(text: str) -> None:
    assert find_pay_link(text, PayLink.Purpose.values) is None
