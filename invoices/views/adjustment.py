"""One adjustment (a write-off, settlement, difference or discount): why, who approved it, and what became of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from invoices.access import visible_adjustments
from invoices.views.looking_back import looking_back


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def adjustment(request: HttpRequest, pk: int) -> HttpResponse:
    """The adjustment with its history. Posting and undoing one starts at the invoice."""
    rows = visible_adjustments(signed_in(request))
    people = ("approval__requested_by", "approval__decided_by", "recorded_by")
    found = get_object_or_404(rows.select_related("customer", "entity", *people), pk=pk)
    view = looking_back(request, found, born_on=found.effective_on)
    context = {
        **view.context,
        "adjustment": found,
        "may_record": signed_in(request).may(Capability.RECORD_CASH),
        "crumbs": [(_("Adjustments"), reverse("adjustments")), (found.get_kind_display(), "")],
    }
    return render(request, "invoices/adjustment.html", context, status=view.status)
