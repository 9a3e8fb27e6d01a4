"""Holds of every scope: placed with reason, owner, start and end, shown with their ends, and released (R9, F5)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer, EntityPause, Hold, LegalEntity
from customers.services.pause_entity import pause_entity
from customers.services.place_hold import place_hold
from customers.services.release_pause import release_pause
from invoices.models import Invoice, InvoiceHold
from invoices.queries.holds import ending_soon, holds_on
from invoices.services.hold_invoice import hold_invoice
from invoices.services.release_invoice_hold import release_invoice_hold
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

TODAY = factories.today()


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


def held(
    invoice: Invoice, amount: str | None = None, *, ends: int = 5, starts: int = 0, reason: str = "Waits"
) -> InvoiceHold:
    money = None if amount is None else Decimal(amount)
    return hold_invoice(
        invoice=invoice, amount=money, reason=reason, starts_on=day(starts), ends_on=day(ends), actor=None, by="test"
    )


def test_r09_an_invoice_is_held_whole_or_in_part_for_a_time() -> None:
    invoice = factories.invoice(factories.customer(), "100.00")
    part = held(invoice, "40.00")
    assert (part.amount, part.customer_id) == (Decimal(40), invoice.customer_id)
    assert held(invoice, "60.00").amount == Decimal(60)
    whole = held(factories.invoice(factories.customer(), "100.00"), "100.00")
    assert whole.amount is None
    assert AuditEntry.objects.filter(action="invoice_hold.placed").count() == 3


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": "100.01"}, "hold_amount"),
        ({"amount": "0"}, "hold_amount"),
        ({"ends": -1}, "hold_ends_early"),
        ({"reason": " "}, "no_reason"),
    ],
)
def test_r09_what_cannot_be_held_is_refused(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        held(factories.invoice(factories.customer(), "100.00"), **wrong)
    assert refusal.value.code == code


def test_r09_holds_do_not_overlap_when_one_is_for_all() -> None:
    invoice = factories.invoice(factories.customer(), "100.00")
    first = held(invoice)
    with pytest.raises(Conflict) as refusal:
        held(invoice, "40.00")
    assert refusal.value.code == "hold_overlaps"
    release_invoice_hold(hold=first, on=TODAY, actor=None, by="test")
    with pytest.raises(Conflict):
        release_invoice_hold(hold=first, on=TODAY, actor=None, by="test")
    held(invoice, "40.00")
    with pytest.raises(Conflict):
        held(invoice)
    factories.payment(invoice.customer, "100.00", shares=[(invoice, None)])
    with pytest.raises(Conflict) as refusal:
        held(invoice, starts=10, ends=20)
    assert refusal.value.code == "nothing_open"


def test_r09_a_company_pauses_for_a_time_once(cast: Cast) -> None:
    company = factories.entity()
    pause = pause_entity(entity=company, reason="Holiday", starts_on=TODAY, ends_on=day(7), actor=cast.lead)
    with pytest.raises(Conflict):
        pause_entity(entity=company, reason="Move", starts_on=day(7), ends_on=day(9), actor=cast.lead)
    for wrong in ({"reason": ""}, {"ends_on": day(-1)}):
        with pytest.raises(BadInput):
            pause_entity(**{"entity": company, "reason": "x", "starts_on": TODAY, "ends_on": TODAY,
                            "actor": None, **wrong})  # type: ignore[arg-type]  # fmt: skip
    release_pause(pause=pause, on=day(2), actor=cast.lead)
    with pytest.raises(Conflict):
        release_pause(pause=pause, on=day(2), actor=cast.lead)
    pause_entity(entity=company, reason="Move", starts_on=day(7), ends_on=day(9), actor=cast.lead)


def test_r09_a_person_is_held_alone_and_says_how_it_goes_on(cast: Cast) -> None:
    who, other = factories.customer(), factories.customer()
    person, strange = who.contacts.get(), other.contacts.get()
    told: dict[str, Any] = {"reason": "relationship", "starts_on": TODAY, "ends_on": day(3), "actor": cast.lead}
    hold = place_hold(customer=who, contact=person, then="restart", **told)
    assert (hold.contact, hold.then, hold.owner) == (person, "restart", cast.lead)
    place_hold(customer=who, **told)
    for wrong in ({"contact": strange}, {"then": "perhaps"}):
        with pytest.raises(BadInput):
            place_hold(customer=who, **{**told, **wrong})


def test_f05_all_holds_are_one_list_and_those_that_end_soon_another(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    place_hold(customer=who, reason="legal", starts_on=TODAY, ends_on=day(90), actor=cast.lead)
    place_hold(
        customer=who, contact=who.contacts.get(), reason="legal", starts_on=TODAY, ends_on=day(14), actor=cast.lead
    )
    held(invoice, "40.00", ends=3)
    held(invoice, "10.00", starts=2, ends=4)
    pause_entity(entity=who.entity, reason="Holiday", starts_on=TODAY, ends_on=day(7), actor=None)
    with django_assert_num_queries(3):
        lines = holds_on(Customer.objects.all(), LegalEntity.objects.all(), on=TODAY)
    assert [line.scope for line in lines] == ["invoice", "invoice", "entity", "contact", "customer"]
    assert [(line.scope, line.ends_on) for line in ending_soon(lines, on=TODAY)] == [
        ("invoice", day(3)),
        ("entity", day(7)),
        ("contact", day(14)),
    ]


def test_r09_holds_are_placed_seen_and_released_on_pages(client: Client, cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    client.force_login(cast.collector)
    page = f"/invoices/{invoice.pk}/hold/"
    assert client.get(page).status_code == 200
    form = {"reason": "New bill comes", "amount": "40", "starts_on": TODAY.isoformat(), "ends_on": day(5).isoformat()}
    for wrong in (
        {"reason": ""},
        {"amount": "lots"},
        {"amount": "100.01"},
        {"ends_on": "2001-01-01"},
        {"starts_on": ""},
    ):
        assert client.post(page, {**form, **wrong}).status_code == 422
    assert client.post(page, form).status_code == 302
    client.post(f"/accounts/{who.pk}/hold/", {"reason": "legal", "ends_on": day(9).isoformat(), "then": "restart",
                                              "contact": who.contacts.get().pk})  # fmt: skip
    shown = client.get(f"/accounts/{who.pk}/holds/").content.decode()
    assert "New bill comes" in shown
    assert "Pat Payable" in shown
    assert "Start again with the first reminder" in shown
    assert "New bill comes" in client.get("/holds/").content.decode()
    hold = InvoiceHold.objects.get()
    assert client.post(f"/holds/invoices/{hold.pk}/release/").status_code == 302
    assert client.post(f"/holds/invoices/{hold.pk}/release/").status_code == 409
    assert client.get("/settings/pauses/").status_code == 403
    assert Hold.objects.get().contact == who.contacts.get()


def test_r09_a_company_is_paused_on_a_page(client: Client, cast: Cast) -> None:
    company = factories.entity()
    client.force_login(cast.lead)
    form = {"entity": company.pk, "reason": "Holiday", "starts_on": TODAY.isoformat(), "ends_on": day(5).isoformat()}
    assert client.post("/settings/pauses/", {**form, "reason": ""}).status_code == 422
    assert client.post("/settings/pauses/", form).status_code == 302
    assert client.post("/settings/pauses/", form).status_code == 422
    assert "Holiday" in client.get("/settings/pauses/").content.decode()
    pause = EntityPause.objects.get()
    client.force_login(cast.stranger)
    assert client.post("/settings/pauses/", form).status_code == 422
    assert client.post(f"/settings/pauses/{pause.pk}/release/").status_code == 404
    client.force_login(cast.lead)
    assert client.post(f"/settings/pauses/{pause.pk}/release/").status_code == 302
