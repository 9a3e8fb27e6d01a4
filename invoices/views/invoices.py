"""The list of invoices: found, filtered, sorted, summed per currency, fifty to a page; also as CSV and XLSX."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.exports import csv_response, xlsx_response
from collections_app.web.fragments import form_invalid, page_or_fragment
from collections_app.web.pagination import keyset_page
from customers.access import visible_entities
from customers.models import LegalEntity
from invoices.access import visible_invoices
from invoices.filters import InvoiceFilter
from invoices.views.documents import export_cells, totals, with_words

PAGE, FRAGMENT = "invoices/invoices.html", "invoices/_invoices.html"
USUAL = "due"
SORTS = {
    "number": ("number", "id"),
    "customer": ("customer__name", "id"),
    "issued": ("issued_on", "id"),
    "due": ("due_on", "id"),
    "total": ("total", "id"),
    "open": ("open_amount", "id"),
}


def _entities(request: HttpRequest | None) -> QuerySet[LegalEntity]:
    return visible_entities(signed_in(request)) if request else LegalEntity.objects.none()


class InvoiceListFilter(InvoiceFilter):
    """The same filters with the person's own entities to choose from."""

    entity = django_filters.ModelChoiceFilter(
        queryset=_entities, to_field_name="code", label=gettext_lazy("Entity"), empty_label=gettext_lazy("All")
    )


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def invoices(request: HttpRequest) -> HttpResponse:
    """Open invoices, oldest due date first, unless asked otherwise. `format=csv|xlsx` answers with all of them."""
    asked = request.GET.copy()
    asked.setdefault("status", "open")
    rows = visible_invoices(signed_in(request)).select_related("customer", "entity")
    found = InvoiceListFilter(asked, queryset=rows, request=request)
    if not found.is_valid():
        refused = {"form": found.form, "may_import": signed_in(request).may(Capability.IMPORT_FILES)}
        return form_invalid(request, PAGE, refused, fragment=FRAGMENT)
    order = _order(request.GET.get("sort", ""))
    if request.GET.get("format") in ("csv", "xlsx"):
        check(signed_in(request), Capability.SEE_INSIGHT)
        return _file(request.GET["format"], found.qs.order_by(*order))
    return page_or_fragment(request, PAGE, _context(request, found, order), fragment=FRAGMENT)


def _context(request: HttpRequest, found: InvoiceListFilter, order: tuple[str, ...]) -> dict[str, Any]:
    page = keyset_page(found.qs, request.GET, order=order)
    sums = totals(found.qs, "total")
    return {
        "form": found.form,
        "page": page,
        "rows": with_words(page.rows),
        "totals": sums,
        "count": sum(row["n"] for row in sums),
        "mixed": len(sums) > 1,
        "as_of": found.day,
        "may_import": signed_in(request).may(Capability.IMPORT_FILES),
        "filtered": any(value for name, value in request.GET.items() if name in found.base_filters),
    }


def _order(sort: str) -> tuple[str, ...]:
    """The columns of a known sort, turned for '-'; due date for anything else."""
    column = sort.removeprefix("-")
    columns = SORTS.get(column, SORTS[USUAL])
    return tuple(f"-{name}" for name in columns) if sort.startswith("-") and column in SORTS else columns


def _file(kind: str, rows: QuerySet[Any]) -> HttpResponse:
    headings = [
        _("Invoice"), _("Order number"), _("Customer number"), _("Customer"), _("Entity"), _("Issued"), _("Due"),
        _("State"), _("Currency"), _("Total"), _("Open"), _("As of"),
    ]  # fmt: skip
    answer = csv_response if kind == "csv" else xlsx_response
    return answer("invoices", headings, (export_cells(row) for row in rows))
