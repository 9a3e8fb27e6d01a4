"""The audit log on a page: readable by those who may, only about their customers, and never changed by reading."""

import pytest
from django.test import Client

from collections_app.audit.models import AuditEntry
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
URL = "/settings/audit/"


def test_a_manager_reads_what_was_done_with_a_customer_and_by_whom(client: Client, cast: Cast) -> None:
    who = factories.customer(name="Meyer & <b>Sons</b>")
    factories.invoice(who, "120.00", number="R-77")
    client.force_login(cast.lead)
    page = client.get(URL, {"customer": who.number}).content.decode()
    assert "Meyer &amp; &lt;b&gt;Sons" in page
    assert "test" in page
    assert client.get("/settings/").content.decode().count(URL) == 1


def test_a_stranger_reads_nothing_of_it(client: Client, cast: Cast) -> None:
    who = factories.customer(name="Meyer")
    factories.invoice(who, "120.00")
    client.force_login(cast.stranger)
    for query in ({}, {"customer": who.number}):
        assert "Meyer" not in client.get(URL, query).content.decode()


def test_entries_about_no_customer_are_for_those_who_see_all_teams(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin)
    client.post("/settings/clock/", {"shift_days": "1"})
    assert AuditEntry.objects.filter(customer_id=None, action="clock.moved").exists()
    assert cast.admin.username.capitalize() in client.get(URL).content.decode()
    client.force_login(cast.lead)
    assert "shift_days" not in client.get(URL).content.decode()


@pytest.mark.parametrize("number", ["nobody", "\x00", "'; --", "9" * 500])
def test_a_number_nobody_has_finds_nothing(client: Client, cast: Cast, number: str) -> None:
    client.force_login(cast.lead)
    assert "No entries here" in client.get(URL, {"customer": number}).content.decode()
