"""What a person does with a bank line: take a suggestion, settle by hand, split, park, deduct, set aside, undo. Each
parses, calls one service, and shows the next line."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Conflict
from collections_app.web.fragments import toast, wants_fragment
from customers.queries.clock import business_day
from invoices.forms.bank import AsideForm, DeductionForm, ParkForm, SplitForm
from invoices.models import BankLine, MatchSuggestion
from invoices.nudge import nudge
from invoices.queries.bank_suggestions import fresh_shares
from invoices.services.ignore_line import ignore_line
from invoices.services.mark_deduction import mark_deduction
from invoices.services.park_line import park_line
from invoices.services.post_line import post_line
from invoices.services.reopen_line import reopen_line
from invoices.services.return_line import return_line
from invoices.services.split_line import Part, split_line
from invoices.services.undo_posting import undo_posting
from invoices.tasks import match_waiting_bank_lines
from invoices.views.bank_acting import act, after, amount_of, candidates, posted
from invoices.views.bank_inbox import line_in_scope


@require_POST
@requires(Capability.RECORD_CASH)
def bank_take(request: HttpRequest, pk: int, suggestion_id: int) -> HttpResponse:
    """Posts the suggestion as it was shown; one that was made anew meanwhile is a conflict, never another one."""
    line = line_in_scope(request, pk)
    found = line.suggestions.select_related("customer").filter(pk=suggestion_id).first()
    if found is None:
        raise Conflict("The suggestions of this line were made anew. Nothing was posted. Look again, then choose.")
    _take(request, line, found)
    words = _("%(amount)s posted to %(name)s.") % {"amount": amount_of(line), "name": found.customer.name}
    return after(request, line, words)


def _take(request: HttpRequest, line: BankLine, found: MatchSuggestion) -> None:
    told: dict[str, Any] = {"score": found.score, "reasons": found.reasons, "actor": signed_in(request)}
    payment_id = next((share["payment"] for share in found.shares if share.get("payment")), None)
    if payment_id:
        return_line(line=line, payment=found.customer.payments.get(pk=payment_id), **told)
    else:
        post_line(line=line, customer=found.customer, shares=fresh_shares(found), **told)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def bank_split(request: HttpRequest, pk: int) -> HttpResponse:
    """The line for several customers."""
    line = line_in_scope(request, pk)
    form = SplitForm(posted(request), line=line, candidates=candidates(request))

    def perform(data: Any) -> str:
        parts = [Part(who, amount, "oldest" if oldest else ()) for who, amount, oldest in data["parts"]]
        split_line(line=line, parts=parts, actor=signed_in(request))
        return _("%(amount)s split.") % {"amount": amount_of(line)}

    return act(request, line, form, _("Split among customers"), _("Post the parts"), perform)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def bank_park(request: HttpRequest, pk: int) -> HttpResponse:
    """The line as somebody's unapplied cash, or aside with a note."""
    line = line_in_scope(request, pk)
    best = line.suggestions.select_related("customer").order_by("rank").first()
    start = {"customer": best.customer.number} if best and line.amount > 0 else {}
    form = ParkForm(posted(request), candidates=candidates(request), initial=start)

    def perform(data: Any) -> str:
        park_line(line=line, note=data["note"], customer=data["who"], actor=signed_in(request))
        return _("%(amount)s parked.") % {"amount": amount_of(line)}

    return act(request, line, form, _("Park"), _("Park the line"), perform)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def bank_ignore(request: HttpRequest, pk: int) -> HttpResponse:
    """The line as no receivable, with its reason."""
    line, form = line_in_scope(request, pk), AsideForm(posted(request))

    def perform(data: Any) -> str:
        ignore_line(line=line, reason=data["reason"], actor=signed_in(request))
        return _("%(amount)s set aside.") % {"amount": amount_of(line)}

    return act(request, line, form, _("Not receivables"), _("Set it aside"), perform)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def bank_deduct(request: HttpRequest, pk: int) -> HttpResponse:
    """The best suggestion, whose missing part becomes a dispute with its reason."""
    line = line_in_scope(request, pk)
    best = line.suggestions.select_related("customer").order_by("rank").first()
    shares = fresh_shares(best) if best else []
    form = DeductionForm(posted(request), invoices=[invoice for invoice, _share in shares])

    def perform(data: Any) -> str:
        assert best is not None  # without one the form has no invoice and is never valid
        _made, dispute = mark_deduction(
            line=line, customer=best.customer, shares=shares, invoice=form.by_id[data["invoice"]],
            reason=data["reason"], text=data["text"], on=business_day(line.account.entity), score=best.score,
            reasons=best.reasons, actor=signed_in(request),
        )  # fmt: skip
        return _("%(amount)s posted, dispute %(reference)s opened.") % {
            "amount": amount_of(line), "reference": dispute.reference,
        }  # fmt: skip

    return act(request, line, form, _("Deduction"), _("Post and open the dispute"), perform)


@require_POST
@requires(Capability.RECORD_CASH)
def bank_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undoes what was done with the line: its postings, or its being set aside. `?of=` names the postings that the
    person saw; when others stand now, nothing is undone (D89)."""
    line, person = line_in_scope(request, pk), signed_in(request)
    postings = list(line.postings.filter(undone_at__isnull=True).order_by("pk"))
    seen = request.GET.get("of")
    if seen is not None and seen != ",".join(str(posting.pk) for posting in postings):
        raise Conflict("Somebody else changed this line meanwhile. Nothing was undone. Look at it again.")
    with transaction.atomic():  # all of them, or none
        for posting in postings:
            undo_posting(posting=posting, on=business_day(line.account.entity), actor=person)
    if not postings:
        reopen_line(line=line, actor=person)
    nudge(match_waiting_bank_lines)
    response: HttpResponse = HttpResponseRedirect(f"{reverse('bank')}?at={pk}")
    if wants_fragment(request):
        response = trigger_client_event(HttpResponse(), "line-back", {"line": pk})
    return toast(request, response, _("Undone. The line waits again."))
