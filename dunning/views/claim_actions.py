"""What a person does with claims for lateness: claim what was ticked, waive it, decide on waivers, reinstate."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Refusal
from collections_app.web.fragments import toast
from customers.access import visible_customers
from customers.queries.clock import business_day
from dunning.forms.claims import INTEREST, ChosenForm
from invoices.access import visible_invoices
from invoices.models import Approval, Invoice, LateWaiver
from invoices.services.approve_waiver import approve_waiver
from invoices.services.claim_late_interest import claim_late_interest
from invoices.services.claim_lump_sum import claim_lump_sum
from invoices.services.reinstate_waiver import reinstate_waiver
from invoices.services.reject_waiver import reject_waiver
from invoices.services.waive_accrued import waive_accrued
from invoices.services.waive_late_claim import waive_late_claim

Act = Callable[[str, Invoice, date], str]  # of a kind, an invoice and its business day; says what it was


@require_POST
@requires(Capability.RECORD_CASH)
def claims_claim(request: HttpRequest) -> HttpResponse:
    """Back to the list, with what was ticked claimed: a document each. What was refused is said."""
    person, form = signed_in(request), _chosen(request)

    def claim(kind: str, invoice: Invoice, today: date) -> str:
        if kind == INTEREST:
            claim_late_interest(invoice=invoice, until=_until(form, today), on=today, actor=person)
        else:
            claim_lump_sum(invoice=invoice, on=today, actor=person)
        return "claimed"

    return _done(request, form, claim)


@require_POST
@requires(Capability.WAIVE_CLAIMS)
def claims_waive(request: HttpRequest) -> HttpResponse:
    """Back to the list, with what was ticked waived, or waiting for a second person."""
    person, form = signed_in(request), _chosen(request)

    def waive(kind: str, invoice: Invoice, today: date) -> str:
        made = waive_accrued(
            invoice=invoice, kind=kind, until=_until(form, today), reason=form.cleaned_data["reason"], actor=person
        )
        return "wait for a second person" if made[0].over_limit else "waived"

    return _done(request, form, waive)


def _chosen(request: HttpRequest) -> ChosenForm:
    form = ChosenForm(request.POST)
    if not form.is_valid():
        raise BadInput(" ".join(str(error) for errors in form.errors.values() for error in errors), code="not_chosen")
    return form


def _until(form: ChosenForm, today: date) -> date:
    asked: date | None = form.cleaned_data.get("until")
    return min(asked, today) if asked else today


def _done(request: HttpRequest, form: ChosenForm, act: Act) -> HttpResponse:
    chosen = form.cleaned_data["chosen"]
    rows = visible_invoices(signed_in(request)).select_related("entity", "customer")
    known = rows.in_bulk({pk for _, pk in chosen})
    counts: dict[str, int] = {}
    refused: list[str] = []
    for kind, pk in chosen:
        if pk not in known:
            refused.append("One of the invoices is not there any more.")
            continue
        try:
            came = act(kind, known[pk], business_day(known[pk].entity))
            counts[came] = counts.get(came, 0) + 1
        except Refusal as refusal:
            refused.append(refusal.sentence)
    told = ", ".join(f"{number} {word}" for word, number in counts.items()) or "Nothing was done"
    words = ". ".join([told, *sorted(set(refused))[:3]])
    answer = HttpResponseRedirect(_back_to(request))
    return toast(request, answer, words if words.endswith(".") else f"{words}.", tone="error" if refused else "success")


def _back_to(request: HttpRequest) -> str:
    """The list that was acted on, or the invoice the form stood on."""
    invoice = request.POST.get("invoice", "")
    if invoice.isascii() and invoice.isdigit() and len(invoice) < 19:
        return reverse("invoice", args=[int(invoice)])
    return reverse("dunning_claims")


@require_POST
@requires(Capability.WAIVE_CLAIMS)
def claim_waive(request: HttpRequest, document_id: int) -> HttpResponse:
    """Back to what was claimed, with this fee or interest document waived, or waiting for a second person."""
    person = signed_in(request)
    found = get_object_or_404(visible_invoices(person).select_related("entity"), pk=document_id)
    made = waive_late_claim(
        document=found, reason=request.POST.get("reason", "")[:200], on=business_day(found.entity), actor=person
    )
    waits = isinstance(made, Approval)
    return _to(request, "claimed", "Waits for a second person." if waits else f"{found.number} is waived.")


@require_POST
@requires(Capability.APPROVE_POSTINGS)
def waiver_approve(request: HttpRequest, waiver_id: int) -> HttpResponse:
    """Back to what waits, with this waiver in force."""
    person = signed_in(request)
    approve_waiver(waiver=_waiver(person, waiver_id), actor=person)
    return _to(request, "waiting", "Approved. It cannot be claimed any more.")


@require_POST
@requires(Capability.WAIVE_CLAIMS)
def waiver_reject(request: HttpRequest, waiver_id: int) -> HttpResponse:
    """Back to what waits, with this waiver rejected, or taken back by its author."""
    person = signed_in(request)
    reject_waiver(waiver=_waiver(person, waiver_id), reason=request.POST.get("reason", ""), actor=person)
    return _to(request, "waiting", "Rejected. It can still be claimed.")


@require_POST
@requires(Capability.WAIVE_CLAIMS)
def waiver_reinstate(request: HttpRequest, waiver_id: int) -> HttpResponse:
    """Back to what was waived, with this one to be claimed again."""
    person = signed_in(request)
    reinstate_waiver(waiver=_waiver(person, waiver_id), reason=request.POST.get("reason", ""), actor=person)
    return _to(request, "waived", "It can be claimed again.")


def _waiver(person: User, pk: int) -> LateWaiver:
    rows: Any = LateWaiver.objects.filter(customer__in=visible_customers(person)).select_related("invoice__customer")
    return get_object_or_404(rows, pk=pk)  # type: ignore[no-any-return]


def _to(request: HttpRequest, show: str, words: str) -> HttpResponse:
    return toast(request, HttpResponseRedirect(f"{reverse('dunning_claims')}?show={show}"), words)
