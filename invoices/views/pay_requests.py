"""What a payer can say instead of paying: I will pay on, something is wrong, I need a plan, I am the wrong person.

Each is a page with a form; only its POST changes anything (W1)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.lib.errors import BadInput, Conflict, Refusal
from invoices.forms.payer import DisputeForm, PayerForm, PlanForm, PromiseForm, RequestForm
from invoices.models import PayerRequest
from invoices.queries.payable import PayableGroup
from invoices.queries.plan_limits import plan_limits
from invoices.rules.plans import even_parts
from invoices.services.make_payer_request import make_payer_request
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from invoices.services.propose_plan import propose_plan
from invoices.views.limits import client_address, count
from invoices.views.pay import chosen_group, today_of
from invoices.views.payer_gate import ANY_PAYER, Visit, payer_page

MESSAGES_PER_MINUTE = 10
_METHODS = require_http_methods(["GET", "HEAD", "POST"])


@_METHODS
@payer_page(*ANY_PAYER)
def pay_promise(request: HttpRequest, visit: Visit) -> HttpResponse:
    """I will pay on a day."""
    group = _group(request, visit)
    today = today_of(visit)
    form = PromiseForm(group, _posted(request), today=today)
    return _answer(request, visit, form, "promise", lambda data: _promise(visit, group, data))


@_METHODS
@payer_page(*ANY_PAYER)
def pay_dispute(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Something is wrong with an invoice."""
    group = _group(request, visit)
    files = request.FILES if request.method == "POST" else None
    form = DisputeForm(group, _posted(request), files, language=visit.language)
    return _answer(request, visit, form, "dispute", lambda data: _dispute(visit, group, data))


@_METHODS
@payer_page(*ANY_PAYER)
def pay_plan(request: HttpRequest, visit: Visit) -> HttpResponse:
    """I need a plan: parts that a person agrees to, or only a message."""
    group = _group(request, visit)
    chosen = group.suggested or group.items
    limits = plan_limits(visit.link.customer, group.currency, sum((item.payable for item in chosen), Decimal(0)))
    form = PlanForm(group, _posted(request), today=today_of(visit), limits=limits)
    return _answer(request, visit, form, "plan", lambda data: _plan(visit, group, data))


@_METHODS
@payer_page(*ANY_PAYER)
def pay_wrong_contact(request: HttpRequest, visit: Visit) -> HttpResponse:
    """I am not the right person."""
    return _request(request, visit, PayerRequest.Kind.WRONG_CONTACT)


def _request(request: HttpRequest, visit: Visit, kind: str) -> HttpResponse:
    form = RequestForm(_group(request, visit), _posted(request))

    def ask(data: dict[str, Any]) -> str:
        made = make_payer_request(link=visit.link, kind=kind, text=data["text"])
        return f"R-{made.pk}"

    return _answer(request, visit, form, kind, ask)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; also an empty form is one that was sent."""
    return request.POST if request.method == "POST" else None


def _group(request: HttpRequest, visit: Visit) -> PayableGroup:
    group = chosen_group(request, visit)
    if group is None:
        raise Http404  # nothing is open, so there is nothing to say about it
    return group


def _answer(
    request: HttpRequest, visit: Visit, form: PayerForm, kind: str, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """The form, the form with what is wrong (422, 409), or the answer page with a reference and what happens next."""
    context = {"visit": visit, "form": form, "kind": kind, "group": form.group, "entity": form.group.entity}
    if request.method != "POST":
        return render(request, "pay/request.html", context)
    if count("payer-message", client_address(request)) > MESSAGES_PER_MINUTE:
        context["problem"] = _("Too many messages in one minute. Wait a minute and try again.")
        return render(request, "pay/request.html", context, status=429)
    status = 422
    if form.is_valid():
        try:
            return render(request, "pay/thanks.html", {**context, "reference": act(form.cleaned_data)})
        except Refusal as refusal:
            status = 409 if isinstance(refusal, Conflict) else 422
            form.add_error(None, _words(refusal))
    return render(request, "pay/request.html", {**context, "has_errors": True}, status=status)


def _promise(visit: Visit, group: PayableGroup, data: dict[str, Any]) -> str:
    promise = make_promise(
        customer=visit.link.customer,
        items=[(item.invoice, None) for item in group.items if str(item.invoice.pk) in data["item"]],
        promised_on=data["promised_on"],
        made_on=today_of(visit),
        via="payer",
        note=data["note"],
        by="payer",
    )
    return f"P-{promise.pk}"


def _dispute(visit: Visit, group: PayableGroup, data: dict[str, Any]) -> str:
    invoice = next(item.invoice for item in group.items if str(item.invoice.pk) == data["invoice"])
    dispute = open_dispute(
        invoice=invoice,
        amount=data["amount"],
        reason=data["reason"],
        text=data["text"],
        via="payer",
        opened_on=today_of(visit),
        by="payer",
        files=data["attached"],
    )
    return dispute.case.reference if dispute.case else dispute.reference


def _plan(visit: Visit, group: PayableGroup, data: dict[str, Any]) -> str:
    text = data["text"]
    if not data.get("count"):
        return f"R-{make_payer_request(link=visit.link, kind=PayerRequest.Kind.PLAN, text=text).pk}"
    chosen = group.suggested or group.items
    total = sum((item.payable for item in chosen), Decimal(0))
    plan = propose_plan(
        customer=visit.link.customer,
        items=[(item.invoice, item.payable) for item in chosen],
        parts=even_parts(total, int(data["count"]), data["first_on"], group.currency),
        on=today_of(visit),
        via="payer",
        reminds=True,
        note=text,
        by="payer",
    )
    if len(text) > len(plan.note):  # the rest of a long message is not lost
        make_payer_request(link=visit.link, kind=PayerRequest.Kind.PLAN, text=text)
    return f"L-{plan.pk}"


def _words(refusal: Refusal) -> str:
    """The refusal in the payer's language where we have it; our rules write English sentences with a stable code."""
    texts = {
        "dispute_open_already": _("We already have your report about this invoice and will answer it."),
        "nothing_open": _("This invoice was paid meanwhile. Nothing is open on it any more."),
        "plan_not_offered": _("A plan cannot be proposed here. Write to us, and somebody will answer."),
        "plan_beyond_limits": _("This is longer, or in smaller parts, than we can agree to. Choose fewer parts."),
        "plan_in_past": _("The first part cannot lie in the past. Choose a later day."),
        "plan_crumbs": _("The parts would be too small. Choose fewer of them."),
        "plan_proposed_already": _("We already have your proposal and will answer it."),
        "invoice_on_plan": _("There is a payment plan for this already. Write to us if you cannot keep it."),
        "dispute_amount": _("This is more than is open on the invoice. Enter less, or leave the field empty."),
    }
    fallback = _("This could not be saved. Reload the page and try again.") if isinstance(refusal, BadInput) else ""
    return texts.get(refusal.code) or fallback or refusal.sentence
