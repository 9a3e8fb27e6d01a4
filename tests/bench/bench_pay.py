"""B12: the pay page against a bare page behind the same middleware, and 200 payers at once. B13: invoice PDFs against a
bare WeasyPrint call of the same HTML. What is compared takes turns, so that a busy machine is unfair to both."""

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import weasyprint
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from customers.models import Customer
from invoices.documents.invoice import invoice_html
from invoices.documents.pdf import render_pdf
from invoices.models import Invoice, PayLink
from invoices.services.create_pay_link import create_pay_link
from tests import factories
from tests.bench.clock import line

CUSTOMERS = 50
INVOICES = 50
OPEN_ITEMS = 12
PAGES = 60
PAYERS = 200
AT_ONCE = 20
DOCUMENTS = 12

_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def measure() -> Iterator[dict[str, Any]]:
    """One line per measure, on data made here. The test gateway is on, so that the page has its pay button."""
    who = _payer()
    # TESTING switches the test gateway on outside a demo.
    with override_settings(STORAGES=_PLAIN_FILES, TESTING=True, ROOT_URLCONF="tests.bench.bare_page"):
        place = _place(who)
        yield _page(place)
        yield _crowd(place)
        yield _documents(who)


def _payer() -> Customer:
    """A customer with a dozen open invoices among paid ones, beside others."""
    who, *_ = [factories.customer(name=f"Customer {n}") for n in range(CUSTOMERS)]
    today = factories.today()
    for n in range(INVOICES):
        invoice = factories.invoice(who, "119.00", tax_total=Decimal("19.00"), due_on=today - timedelta(days=n % 30))
        if n >= OPEN_ITEMS:
            factories.payment(who, "119.00", received_on=today, shares=[(invoice, None)])
    return who


def _place(who: Customer) -> str:
    _, address = create_pay_link(
        purpose=PayLink.Purpose.ACCOUNT, customer=who, language="en", sent_to="", now=timezone.now()
    )
    return "/" + address.split("/", 3)[3]


def _page(place: str) -> dict[str, Any]:
    payer, colleague = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    colleague.force_login(factories.user())
    for _ in range(5):
        _fetched(payer, place)
        _fetched(colleague, "/bare/")
    ours, bare = [], []
    for _ in range(PAGES):
        ours.append(_seconds(lambda: _fetched(payer, place)))
        bare.append(_seconds(lambda: _fetched(colleague, "/bare/")))
    p95, bare_p95 = (statistics.quantiles(times, n=20)[-1] for times in (ours, bare))
    return line(
        "B12 pay page, p50",
        n=1,
        seconds=statistics.median(ours),
        baseline=statistics.median(bare),
        p95=round(p95, 4),
        p95_ratio=round(p95 / bare_p95, 2),
        page_bytes=len(payer.get(place).content),
    )


def _crowd(place: str) -> dict[str, Any]:
    """200 payers, twenty at a time, each with a connection of their own, against one payer after the other."""

    def visit(_: int) -> int:
        try:
            return Client(SERVER_NAME="localhost").get(place).status_code
        finally:
            connection.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = list(pool.map(visit, range(PAYERS)))
    together = time.perf_counter() - begun
    begun = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:
        statuses += list(pool.map(visit, range(PAYERS)))
    apart = time.perf_counter() - begun
    errors = sum(status != 200 for status in statuses)
    return line("B12 200 payers at once", n=PAYERS, seconds=together, baseline=apart, errors=errors)


def _documents(who: Customer) -> dict[str, Any]:
    invoice = Invoice.objects.select_related("entity", "customer").filter(customer=who).earliest("pk")
    text = invoice_html(invoice, open_amount=Decimal("119.00"), language="en")
    works: tuple[Callable[[], object], ...] = (
        lambda: render_pdf(invoice_html(invoice, open_amount=Decimal("119.00"), language="en")),
        lambda: weasyprint.HTML(string=text).write_pdf(),
    )
    for work in works:
        work()
    times = [[_seconds(work) for work in works] for _ in range(DOCUMENTS)]
    ours, bare = (sum(column) for column in zip(*times, strict=True))
    return line("B13 invoice PDF", n=DOCUMENTS, seconds=ours, baseline=bare)


def _fetched(client: Client, place: str) -> None:
    status = client.get(place).status_code
    if status != 200:
        raise RuntimeError(f"{place.split('/')[1]} answered {status}")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
