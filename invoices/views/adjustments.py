"""The lists of adjustments (write-offs, differences, discounts) and of refunds (chargebacks, returned payments)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.exports import Row
from invoices.access import visible_adjustments, visible_refunds
from invoices.forms.document_filters import AdjustmentFilter, RefundFilter
from invoices.models import Adjustment, Refund
from invoices.queries.document_lists import adjustment_list, refund_list
from invoices.views.lists import ListPage, answer, money

ADJUSTED: Mapping[str, str] = dict(Adjustment.Kind.choices)
REFUNDED: Mapping[str, str] = dict(Refund.Kind.choices)


def _adjustment_headings() -> list[str]:
    return [
        _("Kind"), _("Reason"), _("Customer number"), _("Customer"), _("Entity"), _("Effective"), _("Currency"),
        _("Amount"), _("In force"),
    ]  # fmt: skip


def _adjustment_cells(row: Any) -> Row:
    return [
        str(ADJUSTED[row.kind]), row.reason, row.customer_number, row.customer, row.entity, row.effective_on,
        row.currency, *money(row, "whole", "open"),
    ]  # fmt: skip


def _refund_headings() -> list[str]:
    return [
        _("Kind"), _("Reference"), _("Customer number"), _("Customer"), _("Entity"), _("Paid"), _("Currency"),
        _("Amount"), _("In force"),
    ]  # fmt: skip


def _refund_cells(row: Any) -> Row:
    return [
        str(REFUNDED[row.kind]), row.reference, row.customer_number, row.customer, row.entity, row.paid_on,
        row.currency, *money(row, "whole", "open"),
    ]  # fmt: skip


ADJUSTMENTS = ListPage(
    name="adjustments",
    filter=AdjustmentFilter,
    build=adjustment_list,
    sorts={
        "day": ("effective_on", "id"), "kind": ("kind", "id"), "customer": ("customer", "id"),
        "reason": ("reason", "id"), "total": ("whole", "id"), "open": ("open", "id"),
    },
    usual="-day",
    headings=_adjustment_headings,
    cells=_adjustment_cells,
)  # fmt: skip
REFUNDS = ListPage(
    name="refunds",
    filter=RefundFilter,
    build=refund_list,
    sorts={
        "day": ("paid_on", "id"), "kind": ("kind", "id"), "customer": ("customer", "id"),
        "reference": ("reference", "id"), "total": ("whole", "id"), "open": ("open", "id"),
    },
    usual="-day",
    headings=_refund_headings,
    cells=_refund_cells,
)  # fmt: skip


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def adjustments(request: HttpRequest) -> HttpResponse:
    """Write-offs, settlements, differences and discounts, latest first. `format=csv|xlsx` answers with all of them."""
    return answer(request, ADJUSTMENTS, visible_adjustments(signed_in(request)), finish=_named(ADJUSTED))


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def refunds(request: HttpRequest) -> HttpResponse:
    """Refunds, chargebacks and returned payments, latest first. `format=csv|xlsx` answers with all of them."""
    return answer(request, REFUNDS, visible_refunds(signed_in(request)), finish=_named(REFUNDED))


def _named(kinds: Mapping[str, str]) -> Any:
    def finish(rows: list[Any], as_of: Any) -> Iterable[dict[str, Any]]:
        return ({**row._asdict(), "kind_word": kinds[row.kind]} for row in rows)

    return finish
