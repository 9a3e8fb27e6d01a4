"""The pages of write-offs and approvals: who may, what is shown, what is posted, what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from customers.models import BusinessClock
from invoices.models import Adjustment, Approval, CurrencyRules, Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.services.allocate import unallocated
from invoices.services.request_approval import request_approval
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db

TODAY = DAY + timedelta(days=9)


@pytest.fixture(autouse=True)
def today() -> None:
    BusinessClock.objects.create(pinned_on=TODAY)


@pytest.fixture
def accountant(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accountant)
    return client


@pytest.fixture
def lead(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.lead)
    return client


@pytest.fixture
def invoice() -> Invoice:
    return factories.invoice(factories.customer(), "100.00")


def limit(amount: str) -> CurrencyRules:
    return CurrencyRules.objects.create(currency="EUR", approval_over=Decimal(amount))


def adjusted(client: Client, invoice: Invoice, amount: str = "40.00", **more: str) -> Any:
    sent = {"kind": "write_off", "effective_on": DAY.isoformat(), "reason": "Insolvent", f"share_{invoice.pk}": amount}
    return client.post(reverse("invoice_adjust", args=[invoice.pk]), {**sent, **more})


def asked(invoice: Invoice, person: Any, amount: str = "60.00") -> Approval:
    return request_approval(
        kind="write_off", entity=invoice.entity, customer=invoice.customer, currency="EUR",
        shares=[(invoice, Decimal(amount))], effective_on=DAY, reason="Insolvent", actor=person,
    )  # fmt: skip


def left(invoice: Invoice) -> Decimal:
    return open_amount_now([invoice.pk])[invoice.pk]


def test_the_form_offers_what_is_open_and_a_small_write_off_is_posted(accountant: Client, invoice: Invoice) -> None:
    limit("50.00")
    page = accountant.get(reverse("invoice_adjust", args=[invoice.pk])).content.decode()
    assert 'value="100.00"' in page
    response = adjusted(accountant, invoice)
    assert response["Location"] == reverse("invoice", args=[invoice.pk])
    assert left(invoice) == Decimal("60.00")


def test_over_the_limit_it_waits_and_the_second_person_posts_it(
    accountant: Client, lead: Client, invoice: Invoice
) -> None:
    limit("10.00")
    assert "show=mine" in adjusted(accountant, invoice)["Location"]
    assert left(invoice) == Decimal("100.00")
    request = Approval.objects.get()
    assert invoice.number in accountant.get(reverse("approvals"), {"show": "mine"}).content.decode()
    assert accountant.post(reverse("approval_approve", args=[request.pk])).status_code == 403
    assert invoice.number in lead.get(reverse("approvals")).content.decode()
    assert "waiting for you" in lead.get(reverse("invoices")).content.decode()
    assert "waiting for you" not in accountant.get(reverse("invoices")).content.decode()
    assert lead.post(reverse("approval_approve", args=[request.pk])).status_code == 302
    assert left(invoice) == Decimal("60.00")
    assert "Approved and posted" in lead.get(reverse("approvals"), {"show": "decided"}).content.decode()
    assert "waiting for you" not in lead.get(reverse("invoices")).content.decode()


def test_several_invoices_of_the_account_go_in_one_posting(accountant: Client, invoice: Invoice) -> None:
    limit("1000.00")
    other = factories.invoice(invoice.customer, "30.00")
    adjusted(accountant, invoice, "100.00", **{f"share_{other.pk}": "30.00"})
    assert Adjustment.objects.get().amount == Decimal("130.00")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": ""},
        {"amount": "1,5,5"},
        {"amount": "-1"},
        {"amount": "NaN"},
        {"amount": "1e15"},
        {"amount": "100.01"},
        {"reason": ""},
        {"kind": "small_difference"},
        {"effective_on": (TODAY + timedelta(days=1)).isoformat()},
        {"effective_on": "soon"},
        {"effective_on": "1969-12-31"},
    ],
)
def test_d20_what_cannot_be_is_a_422_that_keeps_what_was_typed(
    accountant: Client, invoice: Invoice, changes: dict[str, str]
) -> None:
    limit("1000.00")
    response = adjusted(accountant, invoice, **changes)
    assert response.status_code == 422
    assert not Adjustment.objects.exists()


def test_d14_the_same_form_sent_twice_takes_off_once(accountant: Client, invoice: Invoice) -> None:
    limit("1000.00")
    seen = accountant.get(reverse("invoice_adjust", args=[invoice.pk])).context["form"]["seen"].value()
    assert adjusted(accountant, invoice, seen=seen).status_code == 302
    again = adjusted(accountant, invoice, seen=seen)
    assert again.status_code == 422
    assert "changed since this page was shown" in again.content.decode()
    assert left(invoice) == Decimal("60.00")
    fresh = again.context["form"]["seen"].value()
    assert fresh != seen
    assert adjusted(accountant, invoice, seen=fresh).status_code == 302


def test_d14_asking_twice_for_approval_by_one_form_asks_once(accountant: Client, invoice: Invoice) -> None:
    seen = accountant.get(reverse("invoice_adjust", args=[invoice.pk])).context["form"]["seen"].value()
    assert adjusted(accountant, invoice, seen=seen).status_code == 302
    assert adjusted(accountant, invoice, seen=seen).status_code == 422
    assert Approval.objects.count() == 1


def test_an_earned_discount_is_offered_and_given(accountant: Client) -> None:
    invoice = factories.invoice(
        factories.customer(), "100.00", issued_on=DAY, due_on=DAY + timedelta(days=30),
        discount=(Decimal(2), DAY + timedelta(days=10)),
    )  # fmt: skip
    factories.payment(invoice.customer, "49.00", shares=[(invoice, None)])
    assert "early_payment_discount" in accountant.get(reverse("invoice_adjust", args=[invoice.pk])).content.decode()
    assert adjusted(accountant, invoice, kind="early_payment_discount").status_code == 302
    assert left(invoice) == Decimal("50.00")


def test_undoing_opens_the_invoice_from_today(accountant: Client, invoice: Invoice) -> None:
    limit("1000.00")
    adjusted(accountant, invoice)
    made = Adjustment.objects.get()
    url = reverse("adjustment_undo", args=[made.pk])
    assert accountant.post(url, {"reason": ""}).status_code == 422
    assert accountant.post(url, {"reason": "Wrong invoice"}).status_code == 302
    assert left(invoice) == Decimal("100.00")
    assert made.allocations.get(reverses__isnull=False).effective_on == TODAY
    assert accountant.post(url, {"reason": "Again"}).status_code == 422


def test_money_that_came_after_all_recovers_the_write_off(accountant: Client, invoice: Invoice) -> None:
    limit("1000.00")
    adjusted(accountant, invoice, "100.00")
    paid = factories.payment(invoice.customer, "30.00", received_on=TODAY)
    url = reverse("adjustment_undo", args=[Adjustment.objects.get().pk])
    assert accountant.post(url, {"payment": str(paid.pk), "reason": "They paid"}).status_code == 302
    assert (left(invoice), unallocated(paid)) == (Decimal(0), Decimal(0))


def test_rejecting_needs_a_reason(lead: Client, cast: Cast, invoice: Invoice) -> None:
    request = asked(invoice, cast.accountant)
    url = reverse("approval_reject", args=[request.pk])
    assert lead.post(url, {"reason": " "}).status_code == 422
    assert lead.post(url, {"reason": "They can pay"}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.note) == ("rejected", "They can pay")
    assert lead.post(url, {"reason": "Again"}).status_code == 409


def test_what_changed_meanwhile_is_said_above_the_inbox(lead: Client, cast: Cast, invoice: Invoice) -> None:
    request = asked(invoice, cast.accountant)
    factories.payment(invoice.customer, "90.00", shares=[(invoice, None)])
    response = lead.post(reverse("approval_approve", args=[request.pk]))
    assert response.status_code == 409
    assert "are open" in response.content.decode()
    request.refresh_from_db()
    assert request.state == "requested"


def test_ones_own_request_offers_no_approval_but_editing_and_withdrawing(
    lead: Client, cast: Cast, invoice: Invoice
) -> None:
    request = asked(invoice, cast.lead)
    page = lead.get(reverse("approvals"), {"show": "mine"}).content.decode()
    assert reverse("approval_approve", args=[request.pk]) not in page
    assert lead.post(reverse("approval_approve", args=[request.pk])).status_code == 409
    sent = {"kind": "settlement", "effective_on": DAY.isoformat(), "reason": "Agreed", f"share_{invoice.pk}": "70.00"}
    assert lead.post(reverse("approval_edit", args=[request.pk]), {**sent, "reason": ""}).status_code == 422
    assert lead.post(reverse("approval_edit", args=[request.pk]), sent).status_code == 302
    again = Approval.objects.get(replaces=request)
    assert (again.kind, again.amount) == ("settlement", Decimal(70))
    assert lead.post(reverse("approval_withdraw", args=[again.pk])).status_code == 302
    assert set(Approval.objects.values_list("state", flat=True)) == {"void"}


def test_an_analyst_sees_what_they_asked_for_and_takes_it_back(client: Client, cast: Cast, invoice: Invoice) -> None:
    limit("10.00")
    request = asked(invoice, cast.collector)
    client.force_login(cast.collector)
    page = client.get(reverse("approvals")).content.decode()
    assert invoice.number in page
    assert "Asked for by me" in page
    assert "Waiting for me" not in page
    assert reverse("approval_edit", args=[request.pk]) not in page
    assert client.post(reverse("approval_withdraw", args=[request.pk])).status_code == 302
    request.refresh_from_db()
    assert request.state == Approval.State.VOID


def test_a_request_that_nobody_can_read_is_shown_and_not_posted(lead: Client, cast: Cast, invoice: Invoice) -> None:
    request = asked(invoice, cast.accountant)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE invoices_approval SET payload = '{}' WHERE id = %s", [request.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert "Insolvent" in lead.get(reverse("approvals")).content.decode()
    assert lead.post(reverse("approval_approve", args=[request.pk])).status_code == 409
    assert lead.get(reverse("approval_edit", args=[request.pk])).status_code == 409
    assert lead.post(reverse("approval_reject", args=[request.pk]), {"reason": "Unreadable"}).status_code == 302


def test_d53_requests_of_another_team_do_not_exist(cast: Cast, invoice: Invoice) -> None:
    request = asked(invoice, cast.accountant)
    stranger = Client()
    stranger.force_login(cast.stranger)
    assert invoice.number not in stranger.get(reverse("approvals")).content.decode()
    for name in ("approve", "reject", "withdraw", "edit"):
        assert stranger.post(reverse(f"approval_{name}", args=[request.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 12])
def test_d98_the_inbox_asks_as_much_for_many_as_for_few(
    lead: Client, cast: Cast, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(rows):
        asked(factories.invoice(factories.customer(), "100.00"), cast.accountant)
    with django_assert_max_num_queries(13):
        lead.get(reverse("approvals"))


def test_the_days_of_the_inbox_are_days(lead: Client, cast: Cast, invoice: Invoice) -> None:
    asked(invoice, cast.accountant)
    assert isinstance(lead.get(reverse("approvals")).context["as_of"], date)
