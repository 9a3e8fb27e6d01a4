"""The aging dashboard: every figure leads to documents that add up to it; who may see it; what bad questions get."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from collections_app.accounts.roles import Role
from customers.models import BusinessClock, Customer
from invoices.models import Dispute
from invoices.queries.aging_documents import documents_behind
from invoices.queries.aging_matrix import aging_matrix
from invoices.queries.aging_sql import AgingScope
from invoices.services.issue_invoice import issue_invoice
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db

CELL = re.compile(r'<a href="(/insight/aging/documents/[^"]*)"><span class="money"[^>]*>([^<]*)</span></a>')
SUM = re.compile(r'<div class="figure-value"><span class="money"[^>]*>([^<]*)</span>')


@pytest.fixture(autouse=True)
def today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(factories.user(Role.MANAGER, username="manager"))
    return client


def page(client: Client, name: str = "aging", **query: str | int) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response.content.decode()


def late(who: Customer, total: str, days: int, **fields: Any) -> None:
    factories.invoice(who, total, due_on=DAY - timedelta(days=days), **fields)


def ledger() -> Customer:
    """A customer with something in every bucket, a credit, a dispute and a second currency; and a second customer."""
    who = factories.customer(name="Meyer Anlagenbau GmbH")
    for place, days in enumerate((-5, 0, 1, 30, 31, 75, 100, 121, 500), start=1):
        late(who, f"{place * 111}.{place:02}", days)
    late(who, "70.00", 12, currency="GBP")
    factories.payment(who, "45.67", received_on=DAY - timedelta(days=3))
    other = factories.customer(name="Northwind Ltd")
    late(other, "812.40", 40)
    disputed = other.invoices.get()
    Dispute.objects.create(
        customer=other, invoice=disputed, reference="D1", reason="price", currency="EUR", amount=Decimal("12.40"),
        opened_on=DAY, answer_by=DAY,
    )  # fmt: skip
    return who


def test_u35_every_figure_leads_to_documents_whose_printed_sum_is_the_figure(lead: Client) -> None:
    ledger()
    cells = set(CELL.findall(page(lead)))
    assert len(cells) > 20
    for address, figure in cells:
        behind = lead.get(unescape(address))
        sums = SUM.findall(behind.content.decode())
        if "part=disputed" in address:
            assert figure in behind.content.decode()
            continue
        assert sums == [figure], address


def test_i12_currencies_have_sections_of_their_own(lead: Client) -> None:
    ledger()
    body = page(lead)
    assert [code for code in ("EUR", "GBP") if f'id="aging-{code}"' in body] == ["EUR", "GBP"]
    assert "£70.00" in body
    only = page(lead, currency="GBP")
    assert 'id="aging-EUR"' not in only


def test_u36_the_day_is_asked_by_keyboard_and_printed(lead: Client) -> None:
    ledger()
    body = page(lead, as_of=(DAY - timedelta(days=10)).isoformat())
    assert '<time datetime="2026-02-20">20 Feb 2026</time>' in body
    assert 'type="date"' in body
    assert 'value="2026-02-20"' in body


def test_the_credit_mode_is_labelled_on_page_documents_and_files(lead: Client) -> None:
    ledger()
    words = "in the bucket of their own date"
    assert words in page(lead)
    assert words in page(lead, "aging_documents", bucket="1-30")
    assert "Credits aged by" in lead.get(reverse("aging"), {"format": "csv"}).content.decode("utf-8-sig")


def test_a_day_that_is_none_or_has_not_come_is_refused_and_kept_in_the_field(lead: Client) -> None:
    for day in ("2026-02-30", "tomorrow", (DAY + timedelta(days=1)).isoformat(), "0000-00-00", "2026-01-01' OR 1=1"):
        response = lead.get(reverse("aging"), {"as_of": day})
        assert response.status_code == 422
        body = response.content.decode()
        assert "Error:" in body
        assert "There is a problem" in body


@pytest.mark.parametrize(
    "query",
    [
        {"entity": "XX"},
        {"collector": "999999"},
        {"collector": "x"},
        {"currency": "EURO"},
        {"currency": "%s"},
        {"sort": "; drop"},
        {"customer": "-1"},
        {"customer": "99999999999999999999"},
        {"bucket": "7-9"},
        {"page": "0"},
        {"page": "1000000000"},
        {"part": "x"},
        {"known_on": "x"},
        {"known_on": "2026-03-03"},
        {"basis": "x"},
        {"credits": "x"},
        {"buckets": "30/10"},
        {"buckets": "1;2;3;4;5;6;7;8;9"},
        {"buckets": "0/30/60", "bucket": "61-90"},
        {"buckets": "99999"},
        {"by": "x"},
        {"within": "group", "key": "x"},
        {"within": "tags", "key": "["},
        {"within": "tags", "key": "[[[[[[1]]]]]]"},
        {"key": "5"},
        {"base": "EURO"},
        {"base": "ZZZ"},
        {"as_of": "0001-01-01\x00"},
        {"as_of": "0001-01-01"},
        {"as_of": "1969-12-31"},
    ],
)
@pytest.mark.parametrize("name", ["aging", "aging_documents"])
def test_no_question_breaks_the_page(lead: Client, name: str, query: dict[str, str]) -> None:
    assert lead.get(reverse(name), query).status_code == 422


def test_a_very_old_day_is_an_empty_answer(lead: Client) -> None:
    ledger()
    assert "Nothing is open on this day" in page(lead, as_of="1990-01-01")


def test_u79_nothing_yet_and_filtered_to_nothing_are_told_apart(lead: Client) -> None:
    assert "Nothing is open on this day" in page(lead)
    ledger()
    assert "Nothing is open with these filters" in page(lead, collector="nobody", entity="", currency="JPY")


def test_the_filter_by_entity_and_collector_narrows_page_documents_and_file(lead: Client, cast: Cast) -> None:
    who = ledger()
    Customer.objects.filter(pk=who.pk).update(collector=cast.collector)
    body = page(lead, collector=cast.collector.pk)
    assert "Meyer Anlagenbau" in body
    assert "Northwind" not in body
    assert "Northwind" in page(lead, collector="nobody")
    file = lead.get(reverse("aging"), {"collector": str(cast.collector.pk), "format": "csv"}).content.decode()
    assert "Northwind" not in file
    assert "Northwind" not in page(lead, "aging_documents", collector=cast.collector.pk)


def test_i11_a_stranger_sees_nothing_of_another_team(client: Client, cast: Cast) -> None:
    who = ledger()
    client.force_login(cast.stranger)
    assert "Nothing is open" in page(client)
    assert "Nothing is open" in page(client, "aging_documents")
    assert client.get(reverse("aging_documents"), {"customer": who.pk}).status_code == 404
    file = client.get(reverse("aging"), {"format": "csv"}).content.decode()
    assert "Meyer" not in file


def test_everyone_in_the_team_may_look_and_nobody_signed_out(client: Client, cast: Cast) -> None:
    for name in ("aging", "aging_documents"):
        assert client.get(reverse(name)).status_code == 302
    for person in (cast.viewer, cast.collector, cast.accountant, cast.lead, cast.admin):
        client.force_login(person)
        for name in ("aging", "aging_documents"):
            assert client.get(reverse(name)).status_code == 200


def test_i10_only_reading_is_possible(lead: Client) -> None:
    for name in ("aging", "aging_documents"):
        assert lead.post(reverse(name)).status_code == 405


def test_htmx_gets_the_fragment_and_a_plain_browser_the_page(lead: Client) -> None:
    ledger()
    fragment = lead.get(reverse("aging"), headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert "<html" in page(lead)
    assert "HX-Request" in fragment["Vary"]


@pytest.mark.parametrize("name", ["aging", "aging_documents"])
def test_d98_the_number_of_queries_does_not_grow_with_rows(lead: Client, name: str) -> None:
    counts = []
    for wanted in (10, 1000):
        _fill(wanted)
        lead.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(reverse(name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def _fill(wanted: int) -> None:
    """So many customers with an open invoice each, by set."""
    selling = factories.entity()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (number, name, entity_id, kind, currency, language, country, "
            "holiday_region, time_zone, address, vat_id, risk_class, autopay, is_related_party, tags) "
            "SELECT 'F' || n, 'Filled ' || n, %s, 'business', 'EUR', '', '', '', '', '', '', '', false, false, '{}' "
            "FROM generate_series(1, %s) AS n ON CONFLICT DO NOTHING",
            [selling.pk, wanted],
        )
        cursor.execute(
            "INSERT INTO invoices_invoice "
            "(entity_id, customer_id, kind, number, status, issued_on, due_on, currency, total) "
            "SELECT %s, id, 'invoice', 'F' || id, 'issued', %s, %s, 'EUR', 10 FROM customers_customer "
            "WHERE number LIKE 'F%%' ON CONFLICT DO NOTHING",
            [selling.pk, DAY - timedelta(days=60), DAY - timedelta(days=30)],
        )


def test_fifty_customers_a_page_and_the_total_of_all(lead: Client) -> None:
    _fill(120)
    first, last = page(lead), page(lead, page=3)
    assert "1–50 of 120 customers" in first
    assert "101–120 of 120 customers" in last
    assert "€1,200.00" in first
    assert "€1,200.00" in last
    assert len(first.encode()) < 150_000


def test_sorting_turns_round_and_keeps_the_filters(lead: Client) -> None:
    ledger()
    body = page(lead, sort="-total", currency="EUR")
    assert 'aria-sort="descending"' in body
    assert "sort=total" in body
    assert body.index("Meyer") < body.index("Northwind")
    turned = page(lead, sort="total", currency="EUR")
    assert turned.index("Northwind") < turned.index("Meyer")


def test_u40_the_csv_holds_exact_amounts_the_day_and_every_customer(lead: Client) -> None:
    ledger()
    _fill(60)
    response = lead.get(reverse("aging"), {"format": "csv", "page": "2"})
    assert response["Content-Disposition"] == 'attachment; filename="aging-2026-03-02.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 63
    assert {row["As of"] for row in rows} == {"2026-03-02"}
    for row in rows:
        buckets = [row[head] for head in ("Not due", "1–30", "31–60", "61–90", "91–120", "120+")]
        assert sum(map(Decimal, buckets)) == Decimal(row["Total"])
    assert _total(rows) == aging_matrix(AgingScope(DAY, currency="EUR"), size=1)[0].totals.total


def _total(rows: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(row["Total"]) for row in rows if row["Currency"] == "EUR"), Decimal(0))


def test_d69_the_xlsx_has_typed_cells_and_no_formula(lead: Client) -> None:
    who = factories.customer(name="=HYPERLINK(1)", number="+49")
    late(who, "100.00", 40)
    factories.payment(who, "130.50", received_on=DAY)
    content = lead.get(reverse("aging"), {"format": "xlsx"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    values = dict(zip(rows[0], rows[1], strict=True))
    assert values["As of"] == date(2026, 3, 2)
    assert values["31–60"] == 100
    assert values["Not due"] == -130.5
    assert values["Total"] == -30.5
    assert not str(values["Customer"]).startswith("=")
    assert not str(values["Number"]).startswith("+")


def test_d69_the_documents_csv_neutralises_text_and_keeps_negative_amounts(lead: Client) -> None:
    who = factories.customer(name="@cmd")
    late(who, "100.00", 40, number="-7")
    factories.payment(who, "130.50", received_on=DAY)
    text = lead.get(reverse("aging_documents"), {"format": "csv"}).content.decode("utf-8-sig")
    rows = {row["Kind"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["Unapplied payment"]["Open"] == "-130.50"
    assert rows["Invoice"]["Number"] == "'-7"
    assert rows["Invoice"]["Customer"] == "'@cmd"


def test_a05_an_assumed_due_date_is_marked(lead: Client) -> None:
    who = factories.customer()
    issue_invoice(
        entity=who.entity, customer=who, number="N1", issued_on=DAY, total=Decimal("10.00"), currency="EUR", by="test"
    )
    assert "due date assumed" in page(lead, "aging_documents")


def test_u37_the_change_since_the_last_month_end_is_told(lead: Client) -> None:
    who = factories.customer()
    late(who, "100.00", 40)
    late(who, "20.00", -29)
    assert "+€20.00 since 28 Feb 2026" in page(lead)


def test_u41_the_chart_has_a_table_that_says_the_same(lead: Client) -> None:
    ledger()
    body = page(lead)
    assert "<svg" in body
    assert "Show as table" in body
    twin = body.split("Show as table")[1].split("</details>")[0]
    assert twin.count("<tr>") == 13
    total = aging_matrix(AgingScope(DAY, currency="EUR"))[0].totals.total
    assert f"{total:,.2f}" in twin


def test_u42_credits_are_shown_apart_and_lead_to_themselves(lead: Client) -> None:
    ledger()
    assert "−€45.67" in page(lead)
    body = page(lead, "aging_documents", part="credits", currency="EUR")
    assert "Unapplied payment" in body
    assert "−€45.67" in body


def test_the_documents_page_walks_through_all_and_keeps_the_sum(lead: Client) -> None:
    _fill(60)
    first, second = page(lead, "aging_documents"), page(lead, "aging_documents", page=2)
    assert "1–50 of 60 open items" in first
    assert "51–60 of 60 open items" in second
    assert SUM.findall(first) == SUM.findall(second) == ["€600.00"]
    assert sum((row.open for row in documents_behind(AgingScope(DAY), size=None).rows), Decimal(0)) == 600


def test_what_was_known_then_can_be_asked(lead: Client) -> None:
    ledger()
    assert "Nothing is open with these filters" in page(lead, known_on=(DAY - timedelta(days=1)).isoformat())


def test_customer_names_are_escaped(lead: Client) -> None:
    late(factories.customer(name="<script>alert(1)</script>"), "5.00", 3)
    for name in _names():
        assert "<script>alert" not in page(lead, name)


def _names() -> Iterator[str]:
    yield from ("aging", "aging_documents")
