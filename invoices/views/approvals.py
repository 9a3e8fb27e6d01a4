"""Requests that wait for a second person: the inbox, deciding, withdrawing, and editing, which starts again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.forms.refusals import take_refusal
from customers.queries.clock import business_day, installation_day
from invoices.access import awaiting_decision_of, visible_approvals, visible_invoices
from invoices.forms.adjusting import WAIVER, AdjustForm, RejectForm
from invoices.models import Adjustment, Approval, DisputeCase, Invoice
from invoices.queries.approvals import waiting_on
from invoices.rules.approvals import Posting, posting_of
from invoices.rules.disputes import CREDIT_NOTE
from invoices.services.approve import approve
from invoices.services.approve_credit import approve_credit
from invoices.services.edit_approval import edit_approval
from invoices.services.reject_approval import reject_approval
from invoices.services.withdraw_approval import withdraw_approval
from invoices.views.adjusting import GET_OR_POST, open_beside

PAGE = "invoices/approvals.html"
SHOWN = 100
WAITING, MINE, DECIDED = "waiting", "mine", "decided"
_KIND_WORDS = {**dict(Adjustment.Kind.choices), CREDIT_NOTE: _l("Credit note for a dispute")}


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the inbox."""

    approval: Approval
    kind: str
    posting: Posting | None
    invoices: list[Invoice]
    own: bool


@require_safe
@requires(Capability.WAIVE_CLAIMS)
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for me, what I asked for, or what was decided (`?show=`). Whoever may ask for something sees it here:
    a write-off, the waiver of a claim, the credit note of a dispute."""
    return _page(request, request.GET.get("show", ""))


def _page(request: HttpRequest, show: str, *, status: int = 200, **more: Any) -> HttpResponse:
    person = signed_in(request)
    seen = visible_approvals(person)
    waiting = awaiting_decision_of(person).order_by("requested_at")
    lists = {WAITING: waiting, MINE: _mine(seen, person), DECIDED: _decided(seen, person)}
    if not person.may(Capability.APPROVE_POSTINGS):
        del lists[WAITING]
    show = show if show in lists else next(iter(lists))
    here = reverse("approvals")
    words = {WAITING: _("Waiting for me"), MINE: _("Asked for by me"), DECIDED: _("Decided")}
    context = {
        "requests": _lines(lists[show], person),
        "show": show,
        "tabs": [
            (words[name], f"{here}?show={name}", rows.count() if name != DECIDED else None)
            for name, rows in lists.items()
        ],
        "current": f"{here}?show={show}",
        "may_approve": person.may(Capability.APPROVE_POSTINGS),
        "may_edit": person.may(Capability.RECORD_CASH),
        "reject_form": RejectForm(),
        "as_of": installation_day(),
        **more,
    }
    return render(request, PAGE, context, status=status)


def _mine(seen: QuerySet[Approval], person: User) -> QuerySet[Approval]:
    return seen.filter(state=Approval.State.REQUESTED, requested_by=person).order_by("requested_at")


def _decided(seen: QuerySet[Approval], person: User) -> QuerySet[Approval]:
    rows = seen.exclude(state=Approval.State.REQUESTED)
    if not person.may(Capability.APPROVE_POSTINGS):
        rows = rows.filter(Q(requested_by=person) | Q(decided_by=person))
    return rows.order_by("-decided_at")


def _lines(rows: QuerySet[Approval], person: User) -> list[Request]:
    """The rows with their invoices, in one query for all of them."""
    found = list(rows.select_related("customer", "entity", "requested_by", "decided_by", "adjustment")[:SHOWN])
    postings = [posting_of(row.payload) for row in found]
    known = Invoice.objects.in_bulk([pk for posting in postings for pk in _invoice_ids(posting)])
    return [
        Request(
            row, str(_KIND_WORDS.get(row.kind, row.kind)), posting,
            [known[pk] for pk in _invoice_ids(posting) if pk in known], row.requested_by_id == person.pk,
        )
        for row, posting in zip(found, postings, strict=True)
    ]  # fmt: skip


def _invoice_ids(posting: Posting | None) -> list[int]:
    return [pk for pk, _amount in posting.shares] if posting else []


@require_POST
@requires(Capability.APPROVE_POSTINGS)
def approval_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Posts what was asked for; a refusal is shown above the inbox and changes nothing."""
    found = _one(request, pk)
    try:
        decide: Callable[..., Adjustment | DisputeCase] = approve_credit if found.kind == CREDIT_NOTE else approve
        decide(approval=found, actor=signed_in(request))
    except Refusal as refusal:
        return _page(request, WAITING, status=409, refusal=refusal.sentence)
    return _back(request, WAITING, _("Approved and posted."))


@require_POST
@requires(Capability.APPROVE_POSTINGS)
def approval_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Rejects the request with a reason."""
    found = _one(request, pk)
    form = RejectForm(request.POST)
    if form.is_valid():
        try:
            reject_approval(approval=found, reason=form.cleaned_data["reason"], actor=signed_in(request))
        except Refusal as refusal:
            return _page(request, WAITING, status=409, refusal=refusal.sentence)
        return _back(request, WAITING, _("Rejected."))
    return _page(request, WAITING, status=422, reject_form=form, rejecting=found.pk, has_errors=True)


@require_POST
@requires(Capability.WAIVE_CLAIMS)
def approval_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back one's own request."""
    found = _one(request, pk)
    try:
        withdraw_approval(approval=found, actor=signed_in(request))
    except Refusal as refusal:
        return _page(request, MINE, status=409, refusal=refusal.sentence)
    return _back(request, MINE, _("Withdrawn."))


@require_http_methods(GET_OR_POST)
@requires(Capability.RECORD_CASH)
def approval_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a waiting request. Saving makes it void and asks anew, now in the editor's name."""
    found = _one(request, pk)
    posting = posting_of(found.payload)
    if posting is None or found.state != Approval.State.REQUESTED or found.kind == CREDIT_NOTE:
        words = _("This request cannot be edited any more. Reject it, or look under Decided.")
        return _page(request, WAITING, status=409, refusal=words)
    rows = visible_invoices(signed_in(request)).select_related("entity")
    first = get_object_or_404(rows, pk=posting.shares[0][0])
    form = _edit_form(request, first, posting)
    if form.is_bound and form.is_valid() and _edited(request, found, form):
        return _back(request, MINE, _("Changed. It waits for a second person from the start."))
    crumbs = [(_("Approvals"), reverse("approvals")), (_("Edit request"), "")]
    context = {"form": form, "approval": found, "as_of": form.today, "has_errors": form.is_bound, "crumbs": crumbs}
    return render(request, "invoices/approval_edit.html", context, status=422 if form.is_bound else 200)


def _edit_form(request: HttpRequest, first: Invoice, posting: Posting) -> AdjustForm:
    start = {"kind": posting.kind, "effective_on": posting.effective_on, "reason": posting.reason}
    invoices = open_beside(request, first)
    return AdjustForm(
        request.POST if request.method == "POST" else None, invoices=invoices, today=business_day(first.entity),
        shares=dict(posting.shares), waiting=waiting_on(row.pk for row in invoices), initial=start,
        more_kinds=[WAIVER] if posting.kind == WAIVER[0] else (),
    )  # fmt: skip


def _edited(request: HttpRequest, found: Approval, form: AdjustForm) -> Approval | None:
    facts = {name: form.cleaned_data[name] for name in ("kind", "shares", "effective_on", "reason")}
    try:
        return edit_approval(approval=found, actor=signed_in(request), **facts)
    except Refusal as refusal:
        take_refusal(form, refusal)
    return None


def _one(request: HttpRequest, pk: int) -> Approval:
    rows = visible_approvals(signed_in(request)).select_related("customer", "entity", "requested_by", "decided_by")
    return get_object_or_404(rows, pk=pk)


def _back(request: HttpRequest, show: str, words: str) -> HttpResponse:
    return toast(request, HttpResponseRedirect(f"{reverse('approvals')}?show={show}"), words)
