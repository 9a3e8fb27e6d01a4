"""The managers' list of accounts that analysts, or a rule, asked them to look at, and the answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict
from collections_app.web.fragments import toast
from collections_app.web.pagination import keyset_page
from customers.queries.clock import business_day, installation_day
from worklist.forms.team import AnswerForm
from worklist.queries.escalations import open_escalations, visible_escalations
from worklist.services.answer_escalation import answer_escalation

MOST = 100


@require_safe
@requires(Capability.LEAD_TEAM)
def escalations(request: HttpRequest) -> HttpResponse:
    """Open ones, oldest first; with `?show=answered` the answered ones, newest first."""
    return _page(request)


@require_POST
@requires(Capability.LEAD_TEAM)
def escalation_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The answer kept; 422 without words, 409 when somebody answered first."""
    actor = signed_in(request)
    found = get_object_or_404(visible_escalations(actor).select_related("customer__collector"), pk=pk)
    form = AnswerForm(request.POST, prefix=f"e{pk}")
    if form.is_valid():
        on = business_day(found.customer.entity)
        try:
            answer_escalation(escalation=found, answer=form.cleaned_data["answer"], on=on, actor=actor)
        except Conflict as conflict:  # the other answer is shown, and what was typed stays
            form.refused(conflict)
            return _page(request, wrong=form, wrong_id=pk, status=409)
        except BadInput as refusal:
            form.refused(refusal)
        else:
            words = _("Answered. %(name)s is on the list again.") % {"name": found.customer.name}
            return toast(request, HttpResponseRedirect(reverse("escalations")), words)
    return _page(request, wrong=form, wrong_id=pk)


def _page(
    request: HttpRequest, *, wrong: AnswerForm | None = None, wrong_id: int = 0, status: int = 422
) -> HttpResponse:
    user, answered = signed_in(request), request.GET.get("show") == "answered"
    rows: list[tuple[Any, AnswerForm]] = []
    if not answered:
        found = [*open_escalations(user)[:MOST]]
        if wrong and wrong_id not in {row.pk for row in found}:
            found.insert(0, get_object_or_404(visible_escalations(user), pk=wrong_id))
        rows = [(row, wrong if wrong and row.pk == wrong_id else AnswerForm(prefix=f"e{row.pk}")) for row in found]
    page = None
    if answered:
        page = keyset_page(
            visible_escalations(user).exclude(answered_on=None), request.GET, order=("-answered_on", "-id")
        )
    context = {"rows": rows, "page": page, "answered": answered, "on": installation_day(), "has_errors": bool(wrong)}
    return render(request, "worklist/escalations.html", context, status=status if wrong else 200)
