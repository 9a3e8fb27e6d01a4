"""Taking back notices that were sent by mistake: choose, say why, type how many."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import toast
from customers.forms.refusals import take_refusal
from customers.queries.clock import now
from dunning.access import visible_notices, visible_runs
from dunning.forms.recall import RecallForm
from dunning.models import Run
from dunning.queries.runs import recallable_of
from dunning.services.recall_notices import recall_notices
from dunning.views.run import ticked
from dunning.views.states import shown

# Rows on the page, fewer than the fields a form may have; what is beyond them is recalled by the box for all.
MOST = 500


@requires(Capability.APPROVE_NOTICES)
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, run_id: int) -> HttpResponse:
    """The run's sent notices, none of them ticked; a POST recalls those that are (422 until it is confirmed)."""
    user = signed_in(request)
    run = get_object_or_404(visible_runs(user).select_related("policy__entity"), pk=run_id)
    form = RecallForm(request.POST if request.method == "POST" else None)
    chosen = _chosen(request, user, run)
    if form.is_bound and form.is_valid():
        typed, reason = form.cleaned_data["count"], form.cleaned_data["reason"]
        try:
            done = recall_notices(
                run=run, notice_ids=chosen, typed_count=typed, reason=reason, actor=user, now=now()
            )  # fmt: skip
        except BadInput as refused:
            take_refusal(form, refused)
        else:
            told = f"{done.notices} recalled. {done.apologies} apologies are on their way."
            return toast(request, redirect("dunning_run", run.pk), told)
    return _page(request, user, run, form=form, chosen=set(chosen))


def _chosen(request: HttpRequest, user: User, run: Run) -> list[int]:
    if request.POST.get("all") == "1":
        return list(recallable_of(run).filter(pk__in=visible_notices(user)).values_list("pk", flat=True))
    return ticked(user, run, request.POST.getlist("notice"))


def _page(request: HttpRequest, user: User, run: Run, **state: Any) -> HttpResponse:
    sent = recallable_of(run).filter(pk__in=visible_notices(user))
    rows = sent.select_related("customer").order_by("customer__name", "pk")[:MOST]
    context = {
        "run": run,
        "rows": [(row, shown(row)) for row in rows],
        "total": sent.count(),
        "has_errors": state["form"].is_bound,
        **state,
    }
    return render(request, "dunning/recall.html", context, status=422 if state["form"].is_bound else 200)
