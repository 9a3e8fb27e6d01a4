"""One refund, chargeback, returned or exchanged payment: what it used up, and what became of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from invoices.access import visible_refunds
from invoices.models import Exchange
from invoices.views.looking_back import looking_back


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """The refund with its history; an exchange also shows its rate, day and source."""
    rows = visible_refunds(signed_in(request)).select_related("customer", "entity", "recorded_by")
    found = get_object_or_404(rows, pk=pk)
    view = looking_back(request, found, born_on=found.paid_on)
    context = {
        **view.context,
        "refund": found,
        "exchange": Exchange.objects.select_related("payment").filter(refund=found).first(),
        "may_record": signed_in(request).may(Capability.RECORD_CASH),
        "crumbs": [(_("Refunds"), reverse("refunds")), (found.reference or found.get_kind_display(), "")],
    }
    return render(request, "invoices/refund.html", context, status=view.status)
