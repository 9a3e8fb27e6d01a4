"""The list of invoices: found, filtered, sorted, summed per currency, fifty to a page; also as CSV and XLSX."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.exports import Row
from invoices.access import visible_invoices
from invoices.forms.document_filters import InvoiceFilter
from invoices.models import Invoice
from invoices.queries.document_lists import invoice_list
from invoices.views.documents import STATE_WORDS
from invoices.views.lists import ListPage, answer, money

KINDS = dict(Invoice.Kind.choices)


def _headings() -> list[str]:
    return [
        _("Invoice"), _("Kind"), _("Order number"), _("Customer number"), _("Customer"), _("Entity"), _("Issued"),
        _("Due"), _("Final due"), _("State"), _("Currency"), _("Total"), _("Open"), _("Disputed"), _("Promised"),
    ]  # fmt: skip


def _cells(row: Any) -> Row:
    return [
        row.number, str(KINDS[row.kind]), row.po_number, row.customer_number, row.customer, row.entity, row.issued_on,
        row.due_on, row.final_due_on, str(STATE_WORDS[row.state][1]), row.currency,
        *money(row, "whole", "open", "disputed", "promised"),
    ]  # fmt: skip


PAGE = ListPage(
    name="invoices",
    filter=InvoiceFilter,
    build=invoice_list,
    sorts={
        "number": ("number", "id"), "customer": ("customer", "id"), "issued": ("issued_on", "id"),
        "due": ("due_on", "id"), "final_due": ("final_due_on", "id"), "state": ("state", "id"),
        "kind": ("kind", "id"), "total": ("whole", "id"), "open": ("open", "id"),
    },
    usual="due",
    headings=_headings,
    cells=_cells,
)  # fmt: skip


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def invoices(request: HttpRequest) -> HttpResponse:
    """Open invoices, oldest due date first, unless asked otherwise. `format=csv|xlsx` answers with all of them."""
    user = signed_in(request)
    rows = visible_invoices(user)
    importing = user.may(Capability.IMPORT_FILES)
    recording = user.may(Capability.RECORD_CASH)
    return answer(request, PAGE, rows, status="open", finish=_in_words, may_import=importing, may_record=recording)


def _in_words(rows: list[Any], as_of: date) -> Iterable[dict[str, Any]]:
    for row in rows:
        tone, word = STATE_WORDS[row.state]
        days_late = (as_of - row.due_on).days
        yield {**row._asdict(), "tone": tone, "word": word, "days_late": days_late, "kind_word": KINDS[row.kind]}
