"""All disputes of the person's teams as a list or a board by stage, and ending what is disputed of one invoice."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict, Refusal
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
from collections_app.web.pagination import keyset_page
from customers.queries.clock import business_day, installation_day
from invoices.access import visible_cases, visible_disputes
from invoices.models import Dispute
from invoices.rules.disputes import moves_by_hand, urgency
from invoices.services.close_dispute import close_dispute
from invoices.services.move_case import move_case
from worklist.forms.dispute import CloseDisputeForm
from worklist.queries.dispute_cases import Asked, asked_for, board, chosen, with_amounts
from worklist.services.rescore import rescore
from worklist.services.tell_owners import tell_owners

CHOICES = (("open", _l("Open")), ("late", _l("Answer overdue")), ("mine", _l("Mine")), ("closed", _l("Closed")),
           ("all", _l("All")))  # fmt: skip


@requires(Capability.SEE_ACCOUNTS)
def disputes(request: HttpRequest) -> HttpResponse:
    """The disputes, those to be answered first on top, fifty to a page."""
    user, on, asked = signed_in(request), installation_day(), asked_for(request.GET)
    rows = chosen(visible_cases(user), asked, user=user, on=on)
    # Closed ones: the latest first. An amount is computed for the shown rows only.
    order = ("-closed_on", "-id") if asked.shown == "closed" else ("answer_by", "id")
    page = keyset_page(with_amounts(rows).select_related("customer", "owner"), request.GET, order=order)
    for row in page.rows:
        row.urgency = "" if row.stage == "closed" else urgency(row.answer_by, on)  # type: ignore[attr-defined]
    context = {"page": page, "on": on, **_filter(asked, "disputes")}
    return page_or_fragment(request, "worklist/disputes.html", context, fragment="worklist/_disputes_list.html")


@requires(Capability.SEE_ACCOUNTS)
def dispute_board(request: HttpRequest) -> HttpResponse:
    """The open disputes in columns by stage, each card with the moves it can make."""
    return page_or_fragment(
        request, "worklist/dispute_board.html", _board(request), fragment="worklist/_dispute_board.html"
    )


def _board(request: HttpRequest) -> dict[str, Any]:
    user, on, asked = signed_in(request), installation_day(), asked_for(request.GET)
    if asked.shown in ("closed", "all"):
        asked = replace(asked, shown="open")
    columns = board(chosen(visible_cases(user), asked, user=user, on=on), on=on)
    labels = {column.stage: column.label for column in columns}
    may_work = user.may(Capability.WORK_ACCOUNTS)
    targets = [[(code, labels[code]) for code in moves_by_hand(row.stage)] if may_work else [] for row in columns]
    return {"columns": list(zip(columns, targets, strict=True)), "on": on, **_filter(asked, "dispute_board")}


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def dispute_stage(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A card of the board moved to another column; the board as it is now, with a sentence if somebody was first."""
    user = signed_in(request)
    case = get_object_or_404(visible_cases(user).select_related("customer__entity"), pk=pk)
    on, tone = business_day(case.customer.entity), "success"
    try:
        move_case(case=case, to=request.POST.get("to", ""), seen=request.POST.get("seen", ""), on=on, actor=user)
        words = f"{case.reference}: {case.get_stage_display()}."
        tell_owners(now=timezone.now(), on=on, customer_ids=[case.customer_id])
    except Refusal as refusal:
        words, tone = refusal.sentence, "error"
    response: HttpResponse = HttpResponseRedirect(reverse("dispute_board"))
    if wants_fragment(request):
        response = render(request, "worklist/_dispute_board.html", _board(request))
    return toast(request, response, words, tone=tone)


def _filter(asked: Asked, place: str) -> dict[str, Any]:
    shown = CHOICES if place == "disputes" else CHOICES[:3]
    return {
        "shown": asked.shown, "choices": shown, "asked": asked, "reasons": Dispute.Reason.choices, "place": place,
        "address": reverse(place), "is_filtered": bool(asked.reason or asked.words),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def dispute_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form that ends one invoice's dispute. When somebody was first, it comes back with who, when and how (D87)."""
    user = signed_in(request)
    rows = visible_disputes(user).select_related("customer__entity", "invoice", "case")
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
                response = HttpResponseRedirect(_back_to(dispute))
                return toast(request, response, _("Dispute %(name)s closed.") % {"name": dispute.reference})
    context = {"dispute": dispute, "form": form, "has_errors": bool(form.errors), "back": _back_to(dispute)}
    return page_or_fragment(
        request, "worklist/dispute_close.html", context, fragment="worklist/_dispute_close.html", status=status
    )


def _back_to(dispute: Dispute) -> str:
    """The page of its case."""
    if dispute.case_id is None:
        return reverse("account", args=[dispute.customer_id])
    return reverse("dispute_case", args=[dispute.case_id])
