"""The aging page in every mode: each figure leads to items that add up to it, and each report says how it was made."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from collections_app.accounts.roles import Role
from customers.models import BusinessClock, Customer
from tests import factories
from tests.invoices.seeded_books import DAYS, FIRST, SeededBooks

pytestmark = pytest.mark.django_db

DAY = FIRST + timedelta(days=DAYS)
CELL = re.compile(r'<a href="(/insight/aging/documents/[^"]*)"><span class="money"[^>]*>([^<]*)</span></a>')
SUM = re.compile(r'<div class="figure-value"><span class="money"[^>]*>([^<]*)</span>')
MODES: list[dict[str, str]] = [
    {},
    {"credits": "oldest"},
    {"credits": "column", "basis": "invoice"},
    {"credits": "oldest", "basis": "invoice", "buckets": "10/20", "by": "entity"},
    {"credits": "column", "by": "group", "known_on": (DAY - timedelta(days=30)).isoformat()},
    {"by": "collector"},
    {"by": "tags", "credits": "oldest"},
    {"by": "risk"},
    {"by": "segment"},
]


@pytest.fixture
def admin(client: Client) -> Client:
    BusinessClock.objects.create(pinned_on=DAY)
    SeededBooks(11).write(customers_per_entity=4, invoices_per_customer=5)
    person = factories.user(Role.ADMINISTRATOR)
    first, second, third, *_ = Customer.objects.order_by("-pk")
    Customer.objects.filter(pk=first.pk).update(collector=person, tags=["key, account", "late"], risk_class="B")
    Customer.objects.filter(pk=second.pk).update(parent=third, tags=["late"])
    client.force_login(person)
    return client


def page(client: Client, name: str = "aging", **query: str) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: " ".join(mode.values()) or "plain")
def test_u35_in_every_mode_a_figure_leads_to_items_that_add_up_to_it(admin: Client, mode: dict[str, str]) -> None:
    cells = sorted(set(CELL.findall(page(admin, **mode))))
    assert len(cells) > 20
    for address, figure in cells[:: max(1, len(cells) // 25)]:
        body = admin.get(unescape(address)).content.decode()
        assert SUM.findall(body) == [figure], address


def test_a07_each_mode_is_named_on_page_documents_csv_and_pdf(admin: Client) -> None:
    for mode, words, label in (
        ("own", "in the bucket of their own date", "their own date, negative"),
        ("oldest", "against the oldest bucket backwards", "netted against the oldest"),
        ("column", "in their own column, outside the buckets", "their own column"),
    ):
        assert words in page(admin, credits=mode)
        assert words in page(admin, "aging_documents", credits=mode)
        rows = list(_csv(admin, credits=mode))
        assert {row["Credits aged by"] for row in rows} == {label}
        assert words in _pdf(admin, credits=mode)


def test_the_basis_and_what_was_known_are_named_and_the_first_bucket_says_what_it_holds(admin: Client) -> None:
    assert "Aged by due date" in page(admin)
    by_document = page(admin, basis="invoice")
    assert "Aged by document date" in by_document
    assert "Dated that day" in by_document
    assert "Not due" not in by_document.split("aging-mode")[1].split("Show as table")[0]
    assert "As known at the end of 2025-11-01" in page(admin, known_on="2025-11-01")


def test_a07_the_total_is_the_same_in_every_mode_and_basis(admin: Client) -> None:
    totals = set()
    for credits in ("own", "oldest", "column"):
        for basis in ("due", "invoice"):
            rows = _csv(admin, credits=credits, basis=basis, currency="EUR")
            totals.add(sum((Decimal(row["Total"]) for row in rows), Decimal(0)))
    assert len(totals) == 1


def test_a_sort_by_a_bucket_that_is_no_longer_there_gives_way(admin: Client) -> None:
    assert 'aria-sort="descending"' in page(admin, buckets="0/10/20", sort="-31-60", currency="EUR")


def test_a06_instalments_are_listed_by_themselves_with_their_own_due_dates(admin: Client) -> None:
    assert "Instalment 2" in page(admin, "aging_documents") + page(admin, "aging_documents", page="2")


def test_merged_customers_are_one_line_from_the_day_of_the_merge_on(admin: Client) -> None:
    absorbed = Customer.objects.filter(merged_into__isnull=False).order_by("pk").first()
    assert absorbed is not None
    before = page(admin, as_of=(FIRST + timedelta(days=250)).isoformat(), currency="EUR")
    before += page(admin, as_of=(FIRST + timedelta(days=250)).isoformat(), currency="USD")
    assert f">{absorbed.name}<" in before
    assert f">{absorbed.name}<" not in page(admin, currency="EUR") + page(admin, currency="USD")


def test_i12_totals_in_one_currency_name_rate_day_and_source(admin: Client) -> None:
    body = page(admin, base="eur").split("All currencies in EUR")[1].split("</section>")[0]
    assert body.count("ECB") == 2
    assert "Together" in body
    assert "Together" not in page(admin)
    assert "left out" in page(admin, base="KWD")
    text = _pdf(admin, base="EUR")
    assert "for one GBP (ECB" in text


def test_the_pdf_has_the_day_the_lines_and_the_totals_of_all(admin: Client) -> None:
    response = admin.get(reverse("aging"), {"format": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="aging-2025-12-01.pdf"'
    text = _pdf(admin)
    assert "1 Dec 2025" in text
    assert Customer.objects.order_by("-pk")[0].name in text


def test_a_line_of_a_group_opens_the_customers_in_it(admin: Client) -> None:
    body = page(admin, by="risk", currency="EUR")
    (link,) = re.findall(r'<th scope="row"><a href="([^"]*key=B[^"]*)">B</a>', body)
    inside = admin.get(unescape(link)).content.decode()
    assert "1–1 of 1 customers" in inside
    assert "Only one group: show all" in inside


@pytest.mark.parametrize("mode", MODES[1:3], ids=lambda mode: " ".join(mode.values()))
def test_d98_no_mode_asks_more_often_for_more_rows(admin: Client, mode: dict[str, str]) -> None:
    counts = []
    for _ in range(2):
        for name in ("aging", "aging_documents"):
            with CaptureQueriesContext(connection) as queries:
                page(admin, name, **mode)
            counts.append(len(queries))
        SeededBooks(12).write(customers_per_entity=3, invoices_per_customer=3)
    assert counts[:2] == counts[2:]
    assert max(counts) <= 16


def _csv(client: Client, **query: str) -> Iterator[dict[str, str]]:
    text = client.get(reverse("aging"), {**query, "format": "csv"}).content.decode("utf-8-sig")
    yield from csv.DictReader(io.StringIO(text))


def _pdf(client: Client, **query: str) -> str:
    content = client.get(reverse("aging"), {**query, "format": "pdf"}).content
    assert content.startswith(b"%PDF")
    return " ".join(" ".join(shown.extract_text().split()) for shown in PdfReader(io.BytesIO(content)).pages)
