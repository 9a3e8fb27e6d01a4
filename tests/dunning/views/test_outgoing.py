"""The page of the kill switch, the test mode and the limits; and the banner that everybody sees meanwhile."""

import pytest
from django.test import Client
from django.urls import reverse

from collections_app.audit.models import AuditEntry
from customers.models import OutgoingRules
from customers.queries.outgoing import outgoing_rules
from customers.rules.outgoing import is_allowed
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

LIMITS = {"test_address": "", "allowed": "", "bank_days": "", "invoice_days": "", "contacts_per_week": "7"}


def test_without_a_row_nothing_is_stopped_and_everybody_may_be_written_to(db: None) -> None:
    rules = outgoing_rules()
    assert (rules.stopped_at, rules.test_address, rules.allowed, rules.bank_days) == (None, "", [], None)
    assert not OutgoingRules.objects.exists()


def test_o17_the_kill_switch_needs_a_reason_and_is_seen_on_every_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.lead)
    url = reverse("dunning_outgoing_switch")
    assert client.post(url, {"stop": "1", "why": " "}).status_code == 422
    client.post(url, {"stop": "1", "why": "Wrong template in use."})
    rules = outgoing_rules()
    assert rules.stopped_at is not None
    assert rules.stopped_by == cast.lead
    client.force_login(cast.viewer)
    assert "All outgoing messages are stopped: Wrong template" in client.get(reverse("settings")).content.decode()
    client.force_login(cast.lead)
    client.post(url)
    assert outgoing_rules().stopped_at is None
    assert "are stopped" not in client.get(reverse("settings")).content.decode()
    assert AuditEntry.objects.filter(action="outgoing.changed").count() == 2


def test_saving_limits_leaves_the_kill_switch_alone(client: Client, cast: Cast) -> None:
    client.force_login(cast.lead)
    client.post(reverse("dunning_outgoing_switch"), {"stop": "1", "why": "Audit."})
    client.post(reverse("dunning_outgoing"), {**LIMITS, "test_address": "box@example.com"})
    rules = outgoing_rules()
    assert (rules.stopped_why, rules.test_address) == ("Audit.", "box@example.com")
    client.post(reverse("dunning_outgoing_switch"))
    assert outgoing_rules().test_address == "box@example.com"


def test_o17_the_test_mode_is_seen_on_every_page(client: Client, cast: Cast) -> None:
    OutgoingRules.objects.create(pk=1, test_address="box@example.com")
    client.force_login(cast.collector)
    page = client.get(reverse("dunning")).content.decode()
    assert "Test mode: every mail goes to box@example.com instead of the customer." in page


def test_the_allow_list_takes_addresses_and_domains_in_any_case(client: Client, cast: Cast) -> None:
    client.force_login(cast.lead)
    client.post(reverse("dunning_outgoing"), {**LIMITS, "allowed": "Ann@Example.com\n@nordwind.example, beta.test"})
    allowed = outgoing_rules().allowed
    assert allowed == ["ann@example.com", "beta.test", "nordwind.example"]
    assert is_allowed("ANN@example.com", allowed)
    assert is_allowed("x@beta.test", allowed)
    assert not is_allowed("bob@example.com", allowed)
    assert not is_allowed("x@sub.beta.test", allowed)
    assert is_allowed("anyone@anywhere.test", [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("test_address", "nobody"),
        ("allowed", "not an address"),
        ("allowed", "a@b@c"),
        ("bank_days", "0"),
        ("bank_days", "-3"),
        ("invoice_days", "many"),
        ("contacts_per_week", ""),
        ("contacts_per_week", "1000"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(client: Client, cast: Cast, field: str, value: str) -> None:
    client.force_login(cast.lead)
    response = client.post(reverse("dunning_outgoing"), {**LIMITS, field: value})
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert not OutgoingRules.objects.exists()


def test_a_collector_sees_the_rules_and_may_not_change_them(client: Client, cast: Cast) -> None:
    client.force_login(cast.collector)
    assert client.get(reverse("dunning_outgoing")).status_code == 200
    assert client.post(reverse("dunning_outgoing"), LIMITS).status_code == 403
    assert client.post(reverse("dunning_outgoing_switch"), {"stop": "1", "why": "x"}).status_code == 403
