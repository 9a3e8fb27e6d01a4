"""The pages for money that goes out, comes back or is exchanged: what they say beforehand, do, and refuse."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from customers.models import BusinessClock
from invoices.models import Adjustment, CurrencyRules, Exchange, ExchangeRate, Invoice, Payment, Refund
from invoices.queries.open_amounts import open_amount_now
from invoices.services.allocate import unallocated
from invoices.services.charge_back import charge_back
from invoices.services.exchange_payment import exchange_payment
from invoices.services.issue_credit_note import issue_credit_note
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.test_rate_files import CSV

pytestmark = pytest.mark.django_db

TODAY = DAY + timedelta(days=9)
OUT = ["payment_refund", "payment_return", "payment_charge_back"]


@pytest.fixture(autouse=True)
def today() -> date:
    BusinessClock.objects.create(pinned_on=TODAY)
    return TODAY


@pytest.fixture
def accountant(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accountant)
    return client


@pytest.fixture
def payment() -> Payment:
    """120.00 received, of which R1 took 60.00 and R2 40.00."""
    who = factories.customer()
    invoices = [factories.invoice(who, total, number=number) for number, total in (("R1", "60.00"), ("R2", "40.00"))]
    return factories.payment(who, "120.00", shares=[(invoice, None) for invoice in invoices])


def filled(page: Any, **changes: str) -> dict[str, str]:
    """The form as the page offers it, with these changes."""
    form = page.context["form"]
    start = {name: str(form.get_initial_for_field(field, name) or "") for name, field in form.fields.items()}
    return {**start, "reason": "bounced", **changes}


def lefts() -> list[Decimal]:
    return [open_amount_now([row.pk])[row.pk] for row in Invoice.objects.order_by("number")]


def test_the_payment_page_offers_what_can_be_done_with_it(accountant: Client, payment: Payment) -> None:
    page = accountant.get(reverse("payment", args=[payment.pk])).content.decode()
    for name in [*OUT, "payment_exchange"]:
        assert f'href="{reverse(name, args=[payment.pk])}"' in page


def test_nothing_is_offered_once_all_of_it_went_out(accountant: Client, payment: Payment) -> None:
    charge_back(payment=payment, charged_back_on=TODAY, by="test")
    page = accountant.get(reverse("payment", args=[payment.pk])).content.decode()
    assert not [name for name in [*OUT, "payment_exchange"] if reverse(name, args=[payment.pk]) in page]


def test_a_refund_offers_what_is_unapplied_and_reopens_nothing(accountant: Client, payment: Payment) -> None:
    url = reverse("payment_refund", args=[payment.pk])
    page = accountant.get(url)
    assert "Every invoice stays as it is." in page.content.decode()
    answer = accountant.post(url, filled(page, reference="B-7"))
    assert answer.headers["Location"] == reverse("payment", args=[payment.pk])
    made = Refund.objects.get()
    assert (made.kind, made.amount, made.paid_on, made.reference) == ("refund", Decimal(20), TODAY, "B-7")
    assert lefts() == [Decimal(0), Decimal(0)]


@pytest.mark.parametrize(("name", "kind"), [("payment_return", "returned"), ("payment_charge_back", "chargeback")])
def test_d17_a_return_says_what_reopens_and_reopens_it(
    accountant: Client, payment: Payment, name: str, kind: str
) -> None:
    url = reverse(name, args=[payment.pk])
    page = accountant.get(url)
    words = page.content.decode()
    assert [(row.number, row.amount) for row in page.context["gives_way"]] == [("R2", Decimal(40)), ("R1", Decimal(60))]
    assert "2 invoices reopen, due on the days they always were:" in words
    assert accountant.post(url, filled(page)).status_code == 302
    assert Refund.objects.get().kind == kind
    assert lefts() == [Decimal(60), Decimal(40)]


def test_while_an_amount_is_typed_the_page_says_what_it_would_reopen(accountant: Client, payment: Payment) -> None:
    url = reverse("payment_return", args=[payment.pk])
    said = accountant.get(url, {"amount": "45.00"}, headers={"HX-Request": "true"})
    assert [(row.number, row.amount) for row in said.context["gives_way"]] == [("R2", Decimal(25))]
    assert "<html" not in said.content.decode()
    for nonsense in ("abc", "-1", "", "999999"):
        assert accountant.get(url, {"amount": nonsense}, headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize("name", OUT)
@pytest.mark.parametrize(
    "change",
    [{"amount": "0"}, {"amount": "abc"}, {"amount": "1.005"}, {"amount": "120.01"}, {"paid_on": "2026-01-01"},
     {"paid_on": "2026-03-12"}, {"paid_on": "x"}, {"reason": ""}, {"form_id": "x"}],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_form(
    accountant: Client, payment: Payment, name: str, change: dict[str, str]
) -> None:
    url = reverse(name, args=[payment.pk])
    answer = accountant.post(url, filled(accountant.get(url), **change))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Refund.objects.exists()


@pytest.mark.parametrize("name", OUT)
def test_the_same_form_twice_books_once(accountant: Client, payment: Payment, name: str) -> None:
    url = reverse(name, args=[payment.pk])
    sent = filled(accountant.get(url), amount="20.00")
    assert [accountant.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Refund.objects.count() == 1


def test_a_won_dispute_is_undone_from_the_chargeback(accountant: Client, payment: Payment) -> None:
    gone = charge_back(payment=payment, charged_back_on=DAY, by="test")
    assert "Dispute won" in accountant.get(reverse("refund", args=[gone.pk])).content.decode()
    url = reverse("refund_undo", args=[gone.pk])
    page = accountant.get(url)
    assert accountant.post(url, filled(page, on="2026-03-12")).status_code == 422
    assert accountant.post(url, filled(page)).status_code == 302
    assert lefts() == [Decimal(0), Decimal(0)]
    assert (
        reverse("refund_undo", args=[gone.pk]) not in accountant.get(reverse("refund", args=[gone.pk])).content.decode()
    )
    assert accountant.post(url, filled(page)).status_code == 422


def test_open_credit_is_refunded(accountant: Client) -> None:
    who = factories.customer()
    note = issue_credit_note(
        entity=who.entity, customer=who, number="K1", issued_on=DAY, total=Decimal(70), currency="EUR", by="test"
    )
    url = reverse("credit_note_refund", args=[note.pk])
    assert url in accountant.get(reverse("credit_note", args=[note.pk])).content.decode()
    assert accountant.post(url, filled(accountant.get(url))).status_code == 302
    assert unallocated(note) == 0


def dollars() -> tuple[Payment, Invoice]:
    who = factories.customer()
    invoice = factories.invoice(who, "118.00", currency="USD")
    ExchangeRate.objects.create(base="EUR", quote="USD", on=DAY, rate=Decimal("1.1800"), source="ECB")
    return factories.payment(who, "100.00"), invoice


def test_d22_the_exchange_page_proposes_a_named_rate_and_exchanges_at_the_one_that_was_sent(accountant: Client) -> None:
    payment, invoice = dollars()
    url = reverse("payment_exchange", args=[payment.pk])
    page = accountant.get(url)
    assert "1 EUR = 1.18 USD" in page.content.decode()
    assert accountant.post(url, filled(page)).status_code == 302
    made = Exchange.objects.get()
    assert (made.rate, made.rate_on, made.rate_source, made.payment.amount) == (
        Decimal("1.18"),
        DAY,
        "ECB",
        Decimal(118),
    )
    assert open_amount_now([invoice.pk])[invoice.pk] == 0
    assert "1 EUR = 1.18 USD" in accountant.get(reverse("refund", args=[made.refund_id])).content.decode()


@pytest.mark.parametrize(
    "change",
    [{"rate": ""}, {"rate_on": ""}, {"rate": "0"}, {"rate": "1.2.3"}, {"rate": "-1"}, {"rate": "1.08500000001"},
     {"rate_on": "2026-03-12"}, {"currency": "EUR"}, {"currency": "XX"}, {"amount": "100.01"}, {"amount": "0"},
     {"rate_source": ""}],
)  # fmt: skip
def test_d22_without_a_rate_its_day_and_its_source_nothing_is_exchanged(
    accountant: Client, change: dict[str, str]
) -> None:
    payment, _ = dollars()
    url = reverse("payment_exchange", args=[payment.pk])
    answer = accountant.post(url, filled(accountant.get(url), **change))
    assert answer.status_code == 422
    assert not Exchange.objects.exists()


def test_d22_what_rates_leave_open_is_written_off_on_demand(accountant: Client) -> None:
    CurrencyRules.objects.update_or_create(currency="USD", defaults={"approval_over": Decimal(100)})
    payment, invoice = dollars()
    url = reverse("payment_exchange", args=[payment.pk])
    sent = filled(accountant.get(url), rate="1,1790", write_off="on")
    assert accountant.post(url, sent).status_code == 302
    assert (Adjustment.objects.get().kind, Adjustment.objects.get().amount) == ("exchange_difference", Decimal("0.10"))
    assert open_amount_now([invoice.pk])[invoice.pk] == 0


def test_a_currency_nobody_publishes_is_exchanged_at_an_entered_rate_only(accountant: Client) -> None:
    payment, _ = dollars()
    page = accountant.get(reverse("payment_exchange", args=[payment.pk]) + "?currency=KWD")
    assert "Enter a rate" in page.content.decode()
    assert page.context["form"].get_initial_for_field(page.context["form"].fields["rate"], "rate") is None


def test_an_exchange_is_undone_from_its_page(accountant: Client) -> None:
    payment, invoice = dollars()
    made = exchange_payment(payment=payment, currency="USD", rate=Decimal("1.18"), rate_on=DAY, by="test")
    url = reverse("refund_undo", args=[made.refund_id])
    assert accountant.post(url, filled(accountant.get(url))).status_code == 302
    assert unallocated(payment) == 100
    assert open_amount_now([invoice.pk])[invoice.pk] == 118


@pytest.mark.parametrize("name", [*OUT, "payment_exchange"])
def test_d53_strangers_get_404_and_readers_403(client: Client, cast: Cast, payment: Payment, name: str) -> None:
    url = reverse(name, args=[payment.pk])
    client.force_login(cast.stranger)
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    client.force_login(cast.viewer)
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)


def test_an_administrator_imports_rates_and_sees_their_age(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin)
    assert "The rates that came with the program are used" in client.get(reverse("rates")).content.decode()
    content = CSV.replace(b"2026-11-20", b"2026-03-06").replace(b"2026-11-19", b"2026-03-05").replace(b"161.50", b"x")
    page = client.post(reverse("rates"), {"file": SimpleUploadedFile("eurofxref-hist.csv", content)})
    assert page.status_code == 200
    assert (page.context["report"].added, len(page.context["report"].errors)) == (3, 1)
    assert "line 3, JPY" in page.content.decode()
    assert [(row.quote, row.days_old) for row in page.context["rates"]] == [("JPY", 5), ("USD", 5)]


@pytest.mark.parametrize("content", [b"hello", b"\x00", b"PK\x03\x04", b"<!DOCTYPE a []><a/>"])
def test_a_file_of_something_else_is_refused_with_the_form(client: Client, cast: Cast, content: bytes) -> None:
    client.force_login(cast.admin)
    answer = client.post(reverse("rates"), {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert client.post(reverse("rates"), {}).status_code == 422
    assert not ExchangeRate.objects.exists()
