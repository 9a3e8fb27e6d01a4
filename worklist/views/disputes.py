"""All disputes of the person's teams, and closing one."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict
from collections_app.web.fragments import page_or_fragment, toast
from collections_app.web.pagination import keyset_page
from customers.queries.clock import business_day, installation_day
from invoices.access import visible_disputes
from invoices.models import Dispute
from invoices.services.close_dispute import close_dispute
from worklist.forms.actions import CloseDisputeForm
from worklist.services.rescore import rescore

SHOWN = (("open", "Open"), ("late", "Answer overdue"), ("mine", "Mine"), ("closed", "Closed"), ("all", "All"))


@requires(Capability.SEE_ACCOUNTS)
def disputes(request: HttpRequest) -> HttpResponse:
    """The disputes, those to be answered first on top, fifty to a page."""
    user, on = signed_in(request), installation_day()
    rows = visible_disputes(user).select_related("customer", "invoice", "owner")
    shown = request.GET.get("show", "open")
    if shown in ("open", "late", "mine"):
        rows = rows.filter(state=Dispute.State.OPEN)
    if shown == "late":
        rows = rows.filter(answer_by__lt=on)
    if shown == "mine":
        rows = rows.filter(owner=user)
    if shown == "closed":
        rows = rows.exclude(state=Dispute.State.OPEN)
    context = {"page": keyset_page(rows, request.GET, order=("answer_by", "id")), "shown": shown, "choices": SHOWN,
               "on": on, "may_work": user.may(Capability.WORK_ACCOUNTS)}  # fmt: skip
    return page_or_fragment(request, "worklist/disputes.html", context, fragment="worklist/_disputes_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def dispute_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form that ends a dispute. When somebody was quicker, the form comes back with who, when and how (D87)."""
    user = signed_in(request)
    rows = visible_disputes(user).select_related("customer__entity", "invoice")
    dispute = get_object_or_404(rows, pk=pk)
    form = CloseDisputeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            on = business_day(dispute.customer.entity)
            try:
                close_dispute(dispute=dispute, closed_on=on, actor=user, **form.cleaned_data)
            except (BadInput, Conflict) as refusal:
                form.add_error(None, refusal.sentence)
                status = 409 if isinstance(refusal, Conflict) else 422
            else:
                rescore([dispute.customer_id], on=on)
                response = HttpResponseRedirect(reverse("account", args=[dispute.customer_id]))
                return toast(request, response, f"Dispute {dispute.reference} closed.")
    context = {"dispute": dispute, "form": form, "has_errors": bool(form.errors)}
    return page_or_fragment(
        request, "worklist/dispute_close.html", context, fragment="worklist/_dispute_close.html", status=status
    )
