"""What a person does with a message: confirm or dismiss what was read, say whose it is, file it, take it up again. Each
parses, calls one service, and shows what comes next."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Conflict, Refusal
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
from customers.access import visible_customers
from customers.forms.refusals import take_refusal
from customers.models import Customer
from customers.queries.clock import business_day
from dunning.forms.message import AssignForm, ConfirmForm
from dunning.models import InboundMessage, MessageProposal
from dunning.queries.message_items import meant_invoices, offered_invoices
from dunning.queries.messages import next_message, reachable_contacts, read_messages
from dunning.services.assign_message import assign_message
from dunning.services.confirm_proposal import confirm_proposal
from dunning.services.dismiss_proposal import dismiss_proposal
from dunning.services.reopen_message import reopen_message
from dunning.services.settle_message import settle_message
from dunning.views.messages import fresh_tabs, message_in_scope, panel_context
from invoices.models import Invoice

_FOUND = 9


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def message_confirm(request: HttpRequest, pk: int, proposal_id: int) -> HttpResponse:
    """The form of a proposal; a POST with `as_read=1` confirms it as it was read, any other as the form says."""
    message, proposal = _proposal(request, pk, proposal_id)
    if message.customer is None:
        raise Conflict("Assign the message to a customer first, then confirm what was read in it.")
    on = business_day(message.customer.entity)
    offered = offered_invoices(message, on=on)
    facts: dict[str, Any] = {
        "proposal": proposal, "offered": offered, "meant": meant_invoices(message, offered),
        "contacts": reachable_contacts(message),
    }  # fmt: skip
    if request.method != "POST":
        return _composer(request, message, ConfirmForm(**facts), proposal.get_kind_display(), _("Confirm"))
    sent: Any = ConfirmForm(**facts).answers() if request.POST.get("as_read") else request.POST
    form = ConfirmForm(sent, **facts)
    if form.is_valid():
        try:
            confirm_proposal(proposal=proposal, answer=form.answer(), on=on, actor=signed_in(request))
        except Refusal as refusal:
            take_refusal(form, refusal)
        else:
            return _confirmed(request, message, proposal)
    return _composer(request, message, form, proposal.get_kind_display(), _("Confirm"))


def _confirmed(request: HttpRequest, message: InboundMessage, proposal: MessageProposal) -> HttpResponse:
    """What follows: the message is done once nothing of it is undecided, and that can be taken back."""
    name = message.customer.name if message.customer else ""
    words = _("%(what)s: confirmed for %(name)s.") % {"what": proposal.get_kind_display(), "name": name}
    open_ones = message.proposals.filter(state=MessageProposal.State.OPEN)
    if message.state == InboundMessage.State.DONE or open_ones.exists():
        return _after(request, message, words)
    settle_message(message=message, actor=signed_in(request))
    return _after(request, message, words, undo=reverse("dunning_message_reopen", args=[message.pk]))


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def message_dismiss(request: HttpRequest, pk: int, proposal_id: int) -> HttpResponse:
    """The proposal, set aside; the message stays."""
    message, proposal = _proposal(request, pk, proposal_id)
    dismiss_proposal(proposal=proposal, actor=signed_in(request))
    return _after(request, message, _("Dismissed."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def message_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """The search (`?find=`), then the customer whose number was posted."""
    message = message_in_scope(request, pk)
    number = request.POST.get("customer", "")[:40].replace("\x00", "")
    customer = _mine(request).filter(number=number).select_related("entity").first() if number else None
    if customer is not None and request.method == "POST":
        assign_message(
            message=message, customer=customer, actor=signed_in(request), keep_contact=bool(request.POST.get("keep"))
        )
        return _after(request, message, _("Assigned to %(name)s.") % {"name": customer.name}, stay=True)
    words = request.GET.get("find", "").replace("\x00", "").strip()[:100]
    form = AssignForm({"find": words} if words else ({} if request.method == "POST" else None))
    if request.method == "POST":
        form.add_error("find", _("Choose one of your customers."))
    return _composer(
        request, message, form, _("Whose is it?"), _("Search"), found=_found(request, words), words=words, step="assign"
    )


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def message_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The message, filed."""
    message = message_in_scope(request, pk)
    settle_message(message=message, actor=signed_in(request))
    return _after(request, message, _("Filed under done."), undo=reverse("dunning_message_reopen", args=[pk]))


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def message_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The message, waiting again."""
    reopen_message(message=message_in_scope(request, pk), actor=signed_in(request))
    response: HttpResponse = HttpResponseRedirect(f"{reverse('dunning_messages')}?at={pk}")
    if wants_fragment(request):
        response = trigger_client_event(HttpResponse(), "message-back", {"message": pk})
    return toast(request, response, _("The message waits again."))


def _proposal(request: HttpRequest, pk: int, proposal_id: int) -> tuple[InboundMessage, MessageProposal]:
    message = message_in_scope(request, pk)
    proposal = get_object_or_404(message.proposals.all(), pk=proposal_id)
    proposal.message = message
    return message, proposal


def _mine(request: HttpRequest) -> Any:
    return visible_customers(signed_in(request)).filter(merged_into__isnull=True)


def _found(request: HttpRequest, words: str) -> list[Customer]:
    """Customers by name, number, or the number of one of their invoices."""
    if not words:
        return []
    theirs = Invoice.objects.filter(number__istartswith=words).values("customer_id")
    found = Q(name__icontains=words) | Q(number__istartswith=words) | Q(pk__in=theirs[:200])
    return list(_mine(request).filter(found).order_by("name", "pk")[:_FOUND])


def _composer(
    request: HttpRequest, message: InboundMessage, form: forms.Form, title: str, submit: str, **more: Any
) -> HttpResponse:
    """The form in the panel, or as a page of its own."""
    asked = read_messages(_back(request))
    context = {
        "message": message, "form": form, "asked": asked, "title": title, "submit": submit, "back": asked.query(),
        "close": asked.query(at=message.pk), "action_url": request.path, "has_errors": bool(form.errors), **more,
    }  # fmt: skip
    response = page_or_fragment(
        request, "dunning/message_act.html", context, fragment="dunning/_message_composer.html",
        status=422 if form.errors else 200,
    )  # fmt: skip
    if form.errors and wants_fragment(request):
        response.headers["HX-Retarget"] = "#composer"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _after(
    request: HttpRequest, message: InboundMessage, words: str, *, undo: str = "", stay: bool = False
) -> HttpResponse:
    """The same message while something of it is open, else the next one of the list."""
    asked, user = read_messages(_back(request)), signed_in(request)
    message = message_in_scope(request, message.pk)
    listed = message.state == InboundMessage.State.DONE if asked.show == "done" else _waits(message, asked.show)
    following = message.pk if listed or stay else next_message(user, asked, message)
    where = f"{reverse('dunning_messages')}?{asked.query(at=following)}"
    if not wants_fragment(request):
        return toast(request, HttpResponseRedirect(where), words, undo_url=undo)
    context: dict[str, Any] = {"asked": asked, "tabs": fresh_tabs(user, asked), "gone": None if listed else message.pk}
    if following:
        context |= panel_context(request, message_in_scope(request, following), asked)
    response = render(request, "dunning/_message_next.html", context)
    response.headers["HX-Push-Url"] = where
    return toast(request, response, words, undo_url=undo)


def _waits(message: InboundMessage, show: str) -> bool:
    return message.state == InboundMessage.State.WAITING and (show != "unassigned" or message.customer_id is None)


def _back(request: HttpRequest) -> QueryDict:
    return QueryDict(request.POST.get("back", "")) if request.method == "POST" else request.GET
