"""The pages of one document and the lists of all: history, looking back, instalments, allocation, files and scope."""

import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from customers.models import BusinessClock, Customer
from invoices.models import Adjustment, Allocation, CreditNote, Instalment, Invoice, Payment, Refund
from invoices.services.allocate import unallocated
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db
SORTS = re.compile(r"[?&;]sort=-?([a-z_]+)")
LISTS = ("invoices", "credit_notes", "payments", "adjustments", "refunds")


@pytest.fixture(autouse=True)
def today() -> date:
    """The business day of every page here: nine days after the usual due date."""
    BusinessClock.objects.create(pinned_on=DAY + timedelta(days=9))
    return DAY + timedelta(days=9)


@pytest.fixture
def accountant(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accountant)
    return client


def in_parts(customer: Customer, *parts: tuple[str, int], **fields: Any) -> Invoice:
    """An invoice in instalments of these amounts, due so many days after DAY."""
    with transaction.atomic():
        invoice = factories.invoice(
            customer, sum((Decimal(amount) for amount, _days in parts), Decimal(0)), due_on=DAY, **fields
        )
        for place, (amount, days) in enumerate(parts, start=1):
            due_on = DAY + timedelta(days=days)
            Instalment.objects.create(invoice=invoice, position=place, due_on=due_on, amount=Decimal(amount))
    return invoice


def credit(customer: Customer, total: str = "30.00", number: str = "CN-1", **fields: Any) -> CreditNote:
    return issue_credit_note(
        entity=customer.entity, customer=customer, number=number, issued_on=DAY, total=Decimal(total), currency="EUR",
        by="test", **fields,
    )  # fmt: skip


def write_off(invoice: Invoice, amount: str, reason: str = "Insolvent") -> Adjustment:
    same: dict[str, Any] = {"customer": invoice.customer, "currency": "EUR", "amount": Decimal(amount)}
    made = Adjustment.objects.create(entity=invoice.entity, kind="write_off", effective_on=DAY, reason=reason, **same)
    Allocation.objects.create(adjustment=made, invoice=invoice, effective_on=DAY, **same)
    return made


def refund(payment: Any, amount: str) -> Refund:
    same: dict[str, Any] = {"customer": payment.customer, "currency": "EUR", "amount": Decimal(amount)}
    made = Refund.objects.create(entity=payment.entity, paid_on=DAY, reference="Back", **same)
    Allocation.objects.create(payment=payment, refund=made, effective_on=DAY, **same)
    return made


def told(response: Any) -> list[tuple[str, Decimal | None]]:
    """What the history says, with the amount left after each step."""
    return [(line.event.what, line.step.left) for line in response.context["history"]]


def test_an_invoice_tells_its_whole_history_with_what_was_open_after_each_step(accountant: Client) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "100.00", due_on=DAY)
    factories.payment(customer, "60.00", shares=[(invoice, None)], reference="RF18")
    credit(customer, "10.00", corrects=invoice)
    write_off(invoice, "30.00")
    response = accountant.get(reverse("invoice", args=[invoice.pk]))
    steps = [step for step in told(response) if step[1] is not None]
    assert [left for _what, left in steps] == [100, 40, 30, 0]
    page = response.content.decode()
    for words in ("Payment RF18", "Credit note CN-1", "Write-off", "Corrected by"):
        assert words in page


def test_as_known_on_leaves_out_what_was_recorded_later(accountant: Client) -> None:
    """Recorded now, in the life of the machine, though it takes effect in the past."""
    customer = factories.customer()
    invoice = factories.invoice(customer, "100.00", due_on=DAY)
    factories.payment(customer, "60.00", shares=[(invoice, None)])
    url = reverse("invoice", args=[invoice.pk])
    known = accountant.get(url, {"known_on": str(datetime.now(UTC).date() + timedelta(days=1))})
    assert known.context["left"] == 40
    unknown = accountant.get(url, {"known_on": "2020-01-01"})
    assert unknown.context["unknown_then"]
    assert "had not been recorded by then" in unknown.content.decode()


def test_a06_instalments_show_what_is_open_of_each_and_the_next_day(accountant: Client) -> None:
    customer = factories.customer()
    invoice = in_parts(customer, ("40.00", 0), ("60.00", 30))
    factories.payment(customer, "50.00", shares=[(invoice, None)])
    response = accountant.get(reverse("invoice", args=[invoice.pk]))
    assert [(part.amount, part.left) for part in response.context["parts"]] == [(40, 0), (60, 50)]
    assert response.context["invoice"].next_due_on == DAY + timedelta(days=30)
    assert response.context["invoice"].state == "part_paid"


def test_a06_the_list_shows_next_and_final_due_and_filters_by_the_next(accountant: Client) -> None:
    customer = factories.customer()
    invoice = in_parts(customer, ("40.00", 0), ("60.00", 30))
    url = reverse("invoices")
    row = accountant.get(url).context["rows"][0]
    assert (row["due_on"], row["final_due_on"], row["parts"]) == (DAY, DAY + timedelta(days=30), 2)
    factories.payment(customer, "40.00", shares=[(invoice, None)])
    row = accountant.get(url).context["rows"][0]
    assert (row["due_on"], row["state"], row["open"]) == (DAY + timedelta(days=30), "part_paid", 60)
    assert accountant.get(url, {"due_to": str(DAY)}).context["count"] == 0
    assert accountant.get(url, {"status": "overdue"}).context["count"] == 0


def test_money_waits_in_sight_of_the_invoice(accountant: Client) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "100.00", due_on=DAY)
    factories.payment(customer, "25.00")
    page = accountant.get(reverse("invoice", args=[invoice.pk])).content.decode()
    assert "€25.00" in page
    assert "is unapplied" in page


def test_unapplied_money_and_the_statement_are_in_the_head_of_the_account(accountant: Client) -> None:
    customer = factories.customer()
    factories.payment(customer, "25.00")
    page = accountant.get(reverse("account", args=[customer.pk])).content.decode()
    assert "Unapplied" in page
    assert page.count(reverse("statement", args=[customer.pk])) == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [({"customer": "K-1"}, 2), ({"kind": "debit_note"}, 1), ({"po_number": "po-7"}, 1), ({"amount_from": "75"}, 1),
     ({"amount_to": "74.99"}, 1), ({"day_to": "2026-01-01"}, 0), ({"status": "disputed"}, 0), ({"q": "K-1"}, 2)],
)  # fmt: skip
def test_invoices_are_narrowed_by_more_than_words(accountant: Client, query: dict[str, str], found: int) -> None:
    customer = factories.customer(number="K-1")
    factories.invoice(customer, "50.00", po_number="PO-7")
    factories.invoice(customer, "75.00", kind="debit_note")
    assert accountant.get(reverse("invoices"), query).context["count"] == found


@pytest.mark.parametrize("name", LISTS)
def test_every_column_sorts_both_ways_and_pages_meet(accountant: Client, name: str) -> None:
    many_of_each(factories.customer(), 60)
    url = reverse(name)
    page = accountant.get(url)
    sorts = set(SORTS.findall(page.content.decode()))
    assert len(sorts) >= 6
    for sort in sorts:
        first = accountant.get(url, {"sort": sort})
        after = first.context["page"].next_cursor
        second = accountant.get(url, {"sort": sort, "after": after})
        ids = [row.id for row in [*first.context["page"].rows, *second.context["page"].rows]]
        assert len(ids) == len(set(ids)) == 60
        assert first.context["totals"] == second.context["totals"]


@pytest.mark.parametrize("name", LISTS)
def test_d98_every_list_costs_the_same_statements_for_ten_and_a_thousand_rows(
    accountant: Client, name: str, django_assert_num_queries: Any
) -> None:
    url = reverse(name)
    many_of_each(factories.customer(), 10)
    accountant.get(url)  # what is asked once per process
    with CaptureQueriesContext(connection) as few:
        assert accountant.get(url).context["count"] == 10
    many_of_each(factories.customer(), 990)
    with django_assert_num_queries(len(few)):
        assert accountant.get(url).context["count"] == 1000


@pytest.mark.parametrize("name", LISTS)
def test_d69_every_list_is_a_typed_and_harmless_file(accountant: Client, name: str) -> None:
    many_of_each(factories.customer(name="=cmd|' /C calc'!A1"), 2)
    text = accountant.get(reverse(name), {"format": "csv"}).content.decode("utf-8-sig")
    assert "'=cmd|" in text
    assert ",10.00," in text
    content = accountant.get(reverse(name), {"format": "xlsx"}).content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert {type(cell) for cell in rows[1]} >= {date, float, str}
    assert b"<f>" not in zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("name", LISTS)
def test_d53_a_stranger_finds_an_empty_list(client: Client, cast: Cast, name: str) -> None:
    many_of_each(factories.customer(), 2)
    client.force_login(cast.stranger)
    assert client.get(reverse(name), {"status": ""}).context["count"] == 0


@pytest.mark.parametrize("name", LISTS)
def test_htmx_gets_the_list_alone(accountant: Client, name: str) -> None:
    assert "<html" not in accountant.get(reverse(name), headers={"HX-Request": "true"}).content.decode()
    assert accountant.get(reverse(name), {"amount_from": "x"}).status_code == 422


def test_payments_credit_notes_adjustments_and_refunds_have_pages_with_history(accountant: Client) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "100.00", due_on=DAY)
    payment = factories.payment(customer, "60.00", shares=[(invoice, Decimal(20))])
    back, lost, note = refund(payment, "10.00"), write_off(invoice, "30.00"), credit(customer, corrects=invoice)
    lefts = {
        "payment": (payment, [60, 40, 30]), "refund": (back, [10]), "adjustment": (lost, [30]),
        "credit_note": (note, [30, 0]),
    }  # fmt: skip
    for name, (row, expected) in lefts.items():
        response = accountant.get(reverse(name, args=[row.pk]))
        assert [left for _what, left in told(response) if left is not None] == expected, name
        assert response.context["left"] == expected[-1]


@pytest.mark.parametrize(
    ("fill", "amounts"),
    [("exact", {"b": "70.00"}), ("oldest", {"a": "50.00", "b": "20.00"}), ("due", {"a": "50.00"}), ("x", {})],
)
def test_amounts_are_proposed_and_nothing_is_posted_yet(accountant: Client, fill: str, amounts: dict[str, str]) -> None:
    customer = factories.customer()
    invoices = {
        "a": factories.invoice(customer, "50.00", due_on=DAY),
        "b": factories.invoice(customer, "70.00", due_on=DAY + timedelta(days=30)),
    }
    payment = factories.payment(customer, "70.00")
    form = accountant.get(reverse("payment", args=[payment.pk]), {"fill": fill}).context["form"]
    assert form.proposed == {str(invoices[name].pk): amount for name, amount in amounts.items()}
    assert unallocated(payment) == 70


def test_several_invoices_and_a_named_instalment_are_paid_at_once(accountant: Client) -> None:
    customer = factories.customer()
    plain, parted = factories.invoice(customer, "50.00"), in_parts(customer, ("40.00", 0), ("60.00", 30))
    second = parted.instalments.get(position=2)
    payment = factories.payment(customer, "110.00")
    typed = {f"share_{plain.pk}": "50", f"share_{parted.pk}_{second.pk}": "60.00"}
    assert accountant.post(reverse("payment_allocate", args=[payment.pk]), typed).status_code == 302
    assert unallocated(payment) == 0
    assert payment.allocations.get(invoice=parted).instalment_id == second.pk
    response = accountant.get(reverse("invoice", args=[parted.pk]))
    assert [part.left for part in response.context["parts"]] == [40, 0]


@pytest.mark.parametrize("amounts", [("51.00", ""), ("50.00", "70.00"), ("", ""), ("-1", ""), ("x", "")])
def test_amounts_that_do_not_fit_are_422_and_post_nothing(accountant: Client, amounts: tuple[str, str]) -> None:
    customer = factories.customer()
    invoices = [factories.invoice(customer, "50.00"), factories.invoice(customer, "70.00")]
    payment = factories.payment(customer, "100.00")
    typed = {f"share_{invoice.pk}": amount for invoice, amount in zip(invoices, amounts, strict=True)}
    response = accountant.post(reverse("payment_allocate", args=[payment.pk]), typed)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert unallocated(payment) == 100


def test_a_credit_note_is_put_against_invoices_and_taken_back(accountant: Client) -> None:
    customer = factories.customer()
    invoice = factories.invoice(customer, "50.00")
    note = credit(customer)
    url = reverse("credit_note_allocate", args=[note.pk])
    assert accountant.post(url, {f"share_{invoice.pk}": "20.00"}).status_code == 302
    assert unallocated(note) == 10
    reverse_url = reverse("credit_note_reverse", args=[note.pk, note.allocations.get().pk])
    assert accountant.post(reverse_url, {"reason": ""}).status_code == 422
    assert accountant.post(reverse_url, {"reason": "Wrong one"}).status_code == 302
    assert unallocated(note) == 30
    assert accountant.post(url, {"way": "oldest"}).status_code == 302
    assert unallocated(note) == 0


def test_the_statement_is_a_page_a_pdf_and_a_file(accountant: Client) -> None:
    customer = factories.customer(number="K-1")
    factories.invoice(customer, "100.00", due_on=DAY)
    factories.payment(customer, "25.00", received_on=DAY)
    url = reverse("statement", args=[customer.pk])
    page = accountant.get(url)
    assert page.context["statement"].parts[0].period.closing == 75
    assert "unapplied" in page.content.decode()
    assert accountant.get(url, {"from": "2026-05-01", "as_of": "2026-04-01"}).status_code == 422
    assert ",-25.00,75.00" in accountant.get(url, {"format": "csv"}).content.decode("utf-8-sig")
    pdf = accountant.get(reverse("statement_document", args=[customer.pk]))
    assert pdf.content[:4] == b"%PDF"
    assert "Statement-2026-03-11-K-1.pdf" in pdf["Content-Disposition"]
    assert accountant.get(reverse("statement_document", args=[customer.pk]), {"as_of": "x"}).status_code == 422


def many_of_each(customer: Customer, n: int) -> None:
    """Rows of every kind by set, so that a thousand of them take no time; each list shows `n` of them."""
    start = Invoice.objects.count()
    same: dict[str, Any] = {"entity": customer.entity, "customer": customer, "currency": "EUR"}
    documents = {"total": Decimal(10), "issued_on": DAY, "due_on": DAY, "status": "issued"}
    amount = {"amount": Decimal(10)}
    Invoice.objects.bulk_create(Invoice(number=f"R{start + k}", **same, **documents) for k in range(n))
    CreditNote.objects.bulk_create(CreditNote(number=f"C{start + k}", **same, **documents) for k in range(n))
    Payment.objects.bulk_create(Payment(received_on=DAY, **same, **amount) for _ in range(n))
    Adjustment.objects.bulk_create(
        Adjustment(kind="write_off", effective_on=DAY, reason="Small", **same, **amount) for _ in range(n)
    )
    Refund.objects.bulk_create(Refund(paid_on=DAY, **same, **amount) for _ in range(n))


def test_a_disputed_invoice_leads_to_its_case(accountant: Client) -> None:
    invoice = factories.invoice(factories.customer(), "100.00", due_on=DAY)
    page = reverse("invoice", args=[invoice.pk])
    dispute = open_dispute(invoice=invoice, amount=None, reason="price", opened_on=DAY, by="test")
    assert f'href="{reverse("dispute_case", args=[dispute.case_id])}"' in accountant.get(page).content.decode()
