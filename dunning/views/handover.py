"""One handover: its claims, what the law wants first, the next step as a form, and its evidence bundles."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast
from customers.forms.refusals import take_refusal
from customers.queries.clock import business_day
from dunning.access import visible_handovers
from dunning.forms.handover import ApproveForm, DeclineForm, EndForm, HandOverForm
from dunning.models import Handover
from dunning.queries.handovers import country_of, items_of, limit_in, standings, still_open
from dunning.rules.facts import claim_of
from dunning.rules.handover import is_law, notice_missing
from dunning.services.approve_handover import COLLECTED_BY_OTHERS, approve_handover
from dunning.services.end_handover import end_handover
from dunning.services.hand_over import hand_over
from dunning.tasks import make_wanted_bundles
from dunning.views.handovers import TONES
from invoices.nudge import nudge

PAGE, FRAGMENT = "dunning/handover.html", "dunning/_handover.html"


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def handover(request: HttpRequest, handover_id: int) -> HttpResponse:
    """The handover's page."""
    return _page(request, _one(request, handover_id))


@requires(Capability.APPROVE_NOTICES)
@require_POST
def handover_approve(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Back to the page, approved; or the page with what stands in the way."""
    found, form = _one(request, handover_id), ApproveForm(request.POST)

    def act(values: dict[str, Any]) -> None:
        if values["kind"] == Handover.Kind.WRITE_OFF:
            check(signed_in(request), Capability.RECORD_CASH)
        approve_handover(handover=found, on=business_day(found.entity), actor=signed_in(request), **values)

    return _acted(request, found, form, "approve_form", act, "Approved.")


@requires(Capability.APPROVE_NOTICES)
@require_POST
def handover_give(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Back to the page, handed over; the bundle is put together at once by a worker."""
    found, form = _one(request, handover_id), HandOverForm(request.POST)

    def act(values: dict[str, Any]) -> None:
        hand_over(handover=found, on=business_day(found.entity), actor=signed_in(request), **values)
        nudge(make_wanted_bundles)

    told = "Handed over. Reminders about it have stopped, and the evidence is being put together."
    return _acted(request, found, form, "give_form", act, told)


@requires(Capability.APPROVE_NOTICES)
@require_POST
def handover_end(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Back to the page, ended; a proposal is declined, anything else ends as chosen."""
    found = _one(request, handover_id)
    declines = found.state == Handover.State.PROPOSED
    form: forms.Form = DeclineForm(request.POST) if declines else EndForm(request.POST)

    def act(values: dict[str, Any]) -> None:
        chosen = Handover.Outcome.DECLINED if declines else values["outcome"]
        outcome = "" if chosen == Handover.State.RETURNED else chosen
        end_handover(
            handover=found, outcome=outcome, note=values["note"], on=business_day(found.entity),
            actor=signed_in(request),
        )  # fmt: skip

    return _acted(request, found, form, "end_form", act, "Ended.")


@requires(Capability.APPROVE_NOTICES)
@require_POST
def handover_bundle(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Back to the page, where the bundle will appear as soon as a worker has put it together."""
    found = _one(request, handover_id)
    Handover.objects.filter(pk=found.pk, bundle_wanted_at=None).update(
        bundle_wanted_at=timezone.now(), bundle_problem=""
    )
    nudge(make_wanted_bundles)
    return toast(request, redirect("dunning_handover", found.pk), "The evidence is being put together.")


@requires(Capability.APPROVE_NOTICES)
@require_GET
def handover_file(request: HttpRequest, handover_id: int, bundle_id: int) -> HttpResponseBase:
    """The bundle as a file."""
    found = get_object_or_404(_one(request, handover_id).bundles, pk=bundle_id)
    name = f"evidence-{found.handover_id}-{found.made_at:%Y-%m-%d}.zip"
    return FileResponse(found.file.open(), as_attachment=True, filename=name, content_type="application/zip")


def _one(request: HttpRequest, handover_id: int) -> Handover:
    rows = visible_handovers(signed_in(request)).select_related(
        "customer", "entity", "policy", "proposed_by", "approved_by", "handed_over_by", "ended_by", "approval"
    )
    return get_object_or_404(rows, pk=handover_id)


def _acted(
    request: HttpRequest,
    found: Handover,
    form: forms.Form,
    name: str,
    act: Callable[[dict[str, Any]], None],
    told: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Refusal as refused:
            take_refusal(form, refused)
        else:
            return toast(request, redirect("dunning_handover", found.pk), told)
    return _page(request, found, status=422, **{name: form, "has_errors": True})


def _page(request: HttpRequest, found: Handover, *, status: int = 200, **more: Any) -> HttpResponse:
    user, today = signed_in(request), business_day(found.entity)
    opened = still_open(found, as_of=today)
    country = country_of(found)
    chosen = found.kind if found.kind != Handover.Kind.UNDECIDED else ""
    context = {
        "handover": found,
        "tone": TONES[found.state],
        "items": [(item, opened.get(claim_of(item.invoice_id, item.instalment_id))) for item in items_of(found)],
        "missing": notice_missing(country, standings(found), today) if _collected(found) else "",
        "is_law": is_law(country),
        "limit": limit_in(found.currency),
        "bundles": found.bundles.select_related("made_by"),
        "may_approve": user.may(Capability.APPROVE_NOTICES),
        "today": today,
        "approve_form": ApproveForm(initial={"kind": chosen, "recipient": found.recipient}),
        "give_form": HandOverForm(initial={"recipient": found.recipient}),
        "end_form": DeclineForm() if found.state == Handover.State.PROPOSED else EndForm(),
        **more,
    }
    return page_or_fragment(request, PAGE, context, fragment=FRAGMENT, status=status)


def _collected(found: Handover) -> bool:
    return found.is_open and found.kind in (*COLLECTED_BY_OTHERS, Handover.Kind.UNDECIDED)
