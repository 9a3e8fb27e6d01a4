"""The payer's page: what it shows, what it refuses, and that opening it changes nothing."""

import re
import secrets
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from invoices.models import Invoice, PayLink, PaySession
from invoices.services.create_pay_link import create_pay_link
from invoices.services.open_dispute import open_dispute
from invoices.services.process_webhooks import process_webhooks
from invoices.services.revoke_pay_link import revoke_pay_link
from tests import factories
from tests.factories import DAY
from tests.invoices.payers import Payer, body_of, payer, send, started, token_of

pytestmark = pytest.mark.django_db

PAST = factories.today() - timedelta(days=18)


@pytest.fixture
def someone() -> Payer:
    who = factories.customer(name="Meyer Anlagenbau GmbH")
    factories.invoice(who, "1100.00", due_on=PAST)
    factories.invoice(who, "400.00", due_on=PAST + timedelta(days=25))
    return payer(who)


def open_page(client: Client, someone: Payer, query: str = "") -> str:
    answer = client.get(someone.path + query)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(page: str, *, tick: str = "checked") -> dict[str, object]:
    """The fields of the page's form as a browser would send them."""
    fields: dict[str, object] = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    boxes = re.findall(r'<input type="checkbox" name="item" value="(\d+)"([^>]*)>', page)
    fields["item"] = [pk for pk, rest in boxes if tick == "all" or "checked" in rest]
    return {**fields, "gateway": "test"}


def fingerprint() -> dict[str, int]:
    """How many rows every table of ours holds."""
    return {model._meta.label: model._default_manager.count() for app in ("invoices", "customers", "audit")
            for model in apps.get_app_config(app).get_models()}  # fmt: skip


def test_u48_the_page_says_who_what_when_and_offers_to_pay(client: Client, someone: Payer) -> None:
    page = open_page(client, someone)
    assert "Nordwind Handel GmbH" in page
    assert "€1,100.00" in page  # what is overdue is suggested, what is not due yet is only listed
    assert "18 days late" in page
    assert "€400.00" in page
    assert re.search(r'<button[^>]*name="gateway" value="test"', page)


def test_u51_three_quiet_alternatives_are_always_there(client: Client, someone: Payer) -> None:
    page = open_page(client, someone)
    for part in ("promise/", "dispute/", "plan/"):
        assert f'href="{someone.path}{part}' in page


def test_u54_the_language_follows_the_link_and_can_be_switched(client: Client) -> None:
    who = factories.customer()
    factories.invoice(who, "1100.00", due_on=PAST)
    german = payer(who, language="de")
    page = open_page(client, german)
    assert 'lang="de"' in page
    assert "1.100,00" in page
    assert "Überfällig" in page
    page = open_page(client, german, "?lang=en")
    assert "€1,100.00" in page
    assert "Overdue" in open_page(client, german)  # remembered for the next page


@pytest.mark.parametrize("place", ["", "promise/", "dispute/", "plan/", "wrong-contact/"])
def test_d60_headers_keep_the_page_private(client: Client, someone: Payer, place: str) -> None:
    answer = client.get(someone.path + place)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert 'content="noindex, nofollow"' in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)  # no third party


def test_u60_the_page_is_small_and_needs_few_requests(client: Client, someone: Payer) -> None:
    page = open_page(client, someone)
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    size = len(page.encode()) + sum(len((configured.BASE_DIR / name.lstrip("/")).read_bytes()) for name in files)
    assert len(files) + 1 <= 11  # the tab's picture is the eleventh and comes once
    assert size <= 100_000


def test_d58_a_hundred_reads_change_nothing(client: Client, someone: Payer) -> None:
    before = fingerprint()
    for place in ("", "promise/", "dispute/", "plan/", "wrong-contact/"):
        for _ in range(10):
            assert client.get(someone.path + place).status_code == 200
            assert client.head(someone.path + place).status_code == 200
    assert client.options(someone.path).status_code in (200, 405)
    assert fingerprint() == before


def test_d55_random_tokens_get_one_answer_and_then_none(client: Client, someone: Payer) -> None:
    bodies = {client.get(f"/pay/{secrets.token_urlsafe(32)}/").content for _ in range(10)}
    bodies |= {client.get(f"/pay/{text}/").content for text in ("1", "admin", "%00", "x" * 500)}
    assert len(bodies) == 1
    statuses = [client.get(f"/pay/{secrets.token_urlsafe(32)}/").status_code for _ in range(8)]
    assert statuses == [404] * 6 + [429] * 2
    assert client.get(someone.path, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_d55_a_cache_that_is_away_breaks_nothing(client: Client, someone: Payer, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere/at/all.sock"}
    }
    assert client.get(someone.path).status_code == 200
    assert client.get("/pay/unknown/").status_code == 404


def test_d55_knowing_numbers_or_addresses_opens_nothing(client: Client, someone: Payer) -> None:
    invoice = Invoice.objects.earliest("pk")
    for guess in (
        someone.customer.number,
        invoice.number,
        someone.link.sent_to,
        someone.link.token_hash,
        str(someone.link.pk),
    ):
        assert client.get(f"/pay/{guess}/").status_code == 404


def test_d56_a_receipt_token_opens_no_pay_page_and_the_other_way_round(client: Client, someone: Payer) -> None:
    invoice = Invoice.objects.filter(customer=someone.customer).earliest("pk")
    session = started(someone, invoice)
    _, address = create_pay_link(
        purpose=PayLink.Purpose.RECEIPT, customer=someone.customer, pay_session=session, language="en", sent_to="",
        now=timezone.now(),
    )  # fmt: skip
    token = token_of(address)
    assert client.get(f"/receipt/{token}/").status_code == 200
    for place in ("", "promise/", f"invoices/{invoice.pk}.pdf", f"payments/{session.reference}/"):
        assert client.get(f"/pay/{token}/{place}").status_code == 404
    assert client.get(f"/receipt/{someone.token}/").status_code == 404


@pytest.mark.parametrize("death", ["revoked", "expired"])
def test_d57_a_dead_link_shows_a_neutral_page_without_data(client: Client, someone: Payer, death: str) -> None:
    if death == "revoked":
        revoke_pay_link(link=someone.link, now=timezone.now(), reason="test", by="test")
    else:
        PayLink.objects.filter(pk=someone.link.pk).update(expires_at=timezone.now())
    for place in ("", "promise/", "dispute/"):
        answer = client.get(someone.path + place)
        page = answer.content.decode()
        assert answer.status_code == 410
        assert "accounts@nordwind.example" in page
        for secret in ("Meyer", "1,100", "1100", someone.customer.number, someone.link.sent_to):
            assert secret not in page
    assert client.post(someone.path, {"item": ["1"], "gateway": "test"}).status_code == 410
    assert not PaySession.objects.exists()


def test_d57_a_voided_invoice_is_not_shown(client: Client) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "10.00")
    someone = payer(who, invoice)
    with connection.cursor() as cursor:  # voiding is not built yet; the row is changed past the law
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE invoices_invoice SET status = 'voided' WHERE id = %s", [invoice.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    answer = client.get(someone.path)
    assert answer.status_code == 410
    assert invoice.number not in answer.content.decode()


def test_d62_links_and_returns_ignore_the_hosts_a_request_names(client: Client, someone: Payer) -> None:
    assert client.get(someone.path, headers={"host": "evil.example"}).status_code == 400
    page = client.get(someone.path, headers={"x-forwarded-host": "evil.example"}).content.decode()
    assert "evil.example" not in page


def test_d53_a_link_to_one_invoice_shows_no_other(client: Client) -> None:
    who = factories.customer()
    mine, other = factories.invoice(who, "10.00"), factories.invoice(who, "20.00")
    stranger = factories.invoice(factories.customer(), "30.00")
    someone = payer(who, mine)
    assert other.number not in open_page(client, someone)
    for foreign in (other, stranger):
        assert client.get(f"{someone.path}invoices/{foreign.pk}.pdf").status_code == 404
        answer = client.post(someone.path, {"item": [foreign.pk], f"seen-{foreign.pk}": "20", "gateway": "test"})
        assert answer.status_code == 409
        assert foreign.number not in answer.content.decode()
    assert not PaySession.objects.exists()


def test_a_click_starts_one_session_over_what_was_ticked(client: Client, someone: Payer) -> None:
    answer = client.post(someone.path, form_of(open_page(client, someone)))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/gateway/test/ti_")
    session = PaySession.objects.get()
    assert (session.amount, session.state, session.items.count()) == (Decimal("1100"), "created", 1)


def test_u49_all_items_ticked_are_one_session(client: Client, someone: Payer) -> None:
    client.post(someone.path, form_of(open_page(client, someone), tick="all"))
    assert PaySession.objects.get().amount == Decimal("1500")


def test_d13_two_clicks_are_one_session_and_one_intent(client: Client, someone: Payer) -> None:
    form = form_of(open_page(client, someone))
    places = [client.post(someone.path, form)["Location"].split("?")[0] for _ in range(2)]
    assert places[0] == places[1]
    assert PaySession.objects.count() == 1


@pytest.mark.parametrize(("typed", "charged"), [("250", "250"), ("250.50", "250.50"), ("1,100.00", "1100"), ("1", "1")])
def test_u50_a_part_can_be_paid(client: Client, someone: Payer, typed: str, charged: str) -> None:
    assert client.post(someone.path, {**form_of(open_page(client, someone)), "amount": typed}).status_code == 302
    assert PaySession.objects.get().amount == Decimal(charged)


@pytest.mark.parametrize("typed", ["0", "-5", "0.99", "1100.01", "NaN", "1e3", "1,5,0", "ten", "9" * 400, "1.001"])
def test_u50_amounts_that_cannot_be_are_refused_with_a_sentence(client: Client, someone: Payer, typed: str) -> None:
    answer = client.post(someone.path, {**form_of(open_page(client, someone)), "amount": typed})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not PaySession.objects.exists()


def test_u62_amounts_that_changed_meanwhile_are_shown_before_anything_is_charged(
    client: Client, someone: Payer
) -> None:
    form = form_of(open_page(client, someone))
    first = Invoice.objects.earliest("due_on")
    factories.payment(someone.customer, "100.00", received_on=DAY, shares=[(first, None)])
    answer = client.post(someone.path, form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "amounts have changed" in page
    assert "€1,000.00" in page
    assert not PaySession.objects.exists()
    assert client.post(someone.path, form_of(page)).status_code == 302
    assert PaySession.objects.get().amount == Decimal("1000")  # a partly paid invoice stays payable (W2)


@pytest.mark.parametrize(
    "change", [{"item": []}, {"item": ["x"]}, {"item": ["9" * 30]}, {"gateway": "nobody"}, {"gateway": ""}]
)
def test_bad_choices_are_refused_kindly(client: Client, someone: Payer, change: dict[str, object]) -> None:
    assert client.post(someone.path, {**form_of(open_page(client, someone)), **change}).status_code == 422
    assert not PaySession.objects.exists()


def test_d54_extra_fields_are_ignored(client: Client, someone: Payer) -> None:
    form = {
        **form_of(open_page(client, someone)),
        "state": "succeeded",
        "customer": "1",
        "currency": "USD",
        "method": "cheque",
    }
    assert client.post(someone.path, form).status_code == 302
    session = PaySession.objects.get()
    assert (session.state, session.customer_id, session.currency) == ("created", someone.customer.pk, "EUR")


def test_u56_money_on_its_way_is_not_asked_for_twice(client: Client, someone: Payer) -> None:
    first = Invoice.objects.earliest("due_on")
    session = started(someone, first)
    send(body_of(session, "processing"))
    process_webhooks(now=timezone.now())
    page = open_page(client, someone)
    assert "is being processed" in page
    assert re.search(rf'value="{first.pk}"[^>]* disabled', page)
    answer = client.post(someone.path, {"item": [first.pk], f"seen-{first.pk}": "1100", "gateway": "test"})
    assert answer.status_code == 409


def test_disputed_items_are_listed_but_not_ticked(client: Client, someone: Payer) -> None:
    first = Invoice.objects.earliest("due_on")
    open_dispute(invoice=first, amount=None, reason="price", opened_on=DAY, by="test")
    page = open_page(client, someone)
    assert "Under review" in page
    assert not re.search(rf'value="{first.pk}"[^>]* checked', page)


def test_everything_paid_is_a_friendly_page(client: Client, someone: Payer) -> None:
    factories.payment(someone.customer, "1500.00", shares="oldest")
    assert "Nothing is open" in open_page(client, someone)


def test_each_currency_is_paid_by_itself(client: Client, someone: Payer) -> None:
    dollars = factories.invoice(someone.customer, "50.00", currency="USD", due_on=PAST + timedelta(days=1))
    page = open_page(client, someone)
    assert dollars.number not in page
    assert 'href="?of=DE01-USD"' in page
    dollar_page = open_page(client, someone, "?of=DE01-USD")
    assert "$50.00" in dollar_page
    assert "payer-qr" not in dollar_page  # the transfer code exists for euros only
    euro = Invoice.objects.filter(currency="EUR").earliest("pk")
    mixed = {**form_of(dollar_page), "item": [dollars.pk, euro.pk], f"seen-{euro.pk}": "1100"}
    assert client.post(someone.path, mixed).status_code == 409


def test_d77_a_post_without_the_forms_token_is_refused(someone: Payer) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(someone.path).content.decode()
    form = form_of(page)
    token = form.pop("csrfmiddlewaretoken")
    for place in ("", "promise/", "dispute/", "plan/", "new-link/"):
        assert strict.post(someone.path + place, form).status_code == 403
    # Browsers name the origin `null` on pages that send no referrer; with form and cookie in order that is fine.
    assert (
        strict.post(someone.path, {**form, "csrfmiddlewaretoken": token}, headers={"origin": "null"}).status_code == 302
    )
    evil = {"origin": "https://evil.example"}
    assert strict.post(someone.path, {**form, "csrfmiddlewaretoken": token}, headers=evil).status_code == 403


def test_d66_scripts_in_names_and_numbers_are_only_text(client: Client) -> None:
    evil = '"><script>alert(1)</script><div hx-get=/x hx-trigger=load>'
    who = factories.customer(name=evil)
    invoice = factories.invoice(who, "10.00", number=evil[:60], text=evil)
    someone = payer(who)
    for place in ("", "promise/", "dispute/"):
        page = client.get(someone.path + place).content.decode()
        assert "<script>alert" not in page
        assert "<div hx-get" not in page
    assert client.get(f"{someone.path}invoices/{invoice.pk}.pdf")["Content-Disposition"].count('"') == 2


def test_the_page_asks_the_database_the_same_number_of_questions_for_any_length(
    client: Client, someone: Payer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        factories.invoice(someone.customer, "10.00", due_on=PAST)
    with django_assert_max_num_queries(8):
        client.get(someone.path)
