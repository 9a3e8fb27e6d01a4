"""The list of credit notes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.exports import Row
from invoices.access import visible_credit_notes
from invoices.forms.document_filters import CreditNoteFilter
from invoices.queries.document_lists import credit_note_list
from invoices.views.lists import ListPage, answer, money


def _headings() -> list[str]:
    return [
        _("Credit note"), _("Corrects"), _("Customer number"), _("Customer"), _("Entity"), _("Issued"), _("Currency"),
        _("Total"), _("Left"),
    ]  # fmt: skip


def _cells(row: Any) -> Row:
    return [
        row.number, row.corrects, row.customer_number, row.customer, row.entity, row.issued_on, row.currency,
        *money(row, "whole", "open"),
    ]  # fmt: skip


PAGE = ListPage(
    name="credit_notes",
    filter=CreditNoteFilter,
    build=credit_note_list,
    sorts={
        "number": ("number", "id"), "customer": ("customer", "id"), "corrects": ("corrects", "id"),
        "issued": ("issued_on", "id"), "total": ("whole", "id"), "open": ("open", "id"),
    },
    usual="-issued",
    headings=_headings,
    cells=_cells,
)  # fmt: skip


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def credit_notes(request: HttpRequest) -> HttpResponse:
    """Credit notes, latest first, with what is left of them. `format=csv|xlsx` answers with all of them."""
    user = signed_in(request)
    return answer(request, PAGE, visible_credit_notes(user), may_record=user.may(Capability.RECORD_CASH))
