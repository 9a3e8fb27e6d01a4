"""Claims for lateness: what could be claimed now per customer, what was claimed, what was waived, what waits for a
second person. Choosing, claiming and waiving go through the services of `invoices`."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from customers.queries.clock import installation_day
from dunning.forms.claims import ClaimsForm
from invoices.access import visible_invoices
from invoices.filters import looks_like
from invoices.models import Adjustment, LateClaim, LateWaiver
from invoices.queries.late_candidates import claim_page
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.adjustments import WAIVER

NOW, CLAIMED, WAIVED, WAITING = "now", "claimed", "waived", "waiting"
_WORDS = {NOW: "To claim", CLAIMED: "Claimed", WAIVED: "Waived", WAITING: "Waiting for approval"}


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def claims(request: HttpRequest) -> HttpResponse:
    """The page; `?show=` chooses the list, `?q=` and `?until=` narrow what could be claimed now."""
    person = signed_in(request)
    show = request.GET.get("show", NOW)
    show = show if show in _WORDS else NOW
    lists = {NOW: _now, CLAIMED: _claimed, WAIVED: _waived, WAITING: _waiting}
    context = {**_frame(person, show), **lists[show](request, person)}
    return render(request, "dunning/claims.html", context, status=context.get("status", 200))


def _frame(person: User, show: str) -> dict[str, Any]:
    here = f"{reverse('dunning_claims')}?show="
    waiting = _waivers(person).filter(state=LateWaiver.State.REQUESTED).count()
    return {
        "show": show,
        "tabs": [(words, here + name, waiting if name == WAITING else None) for name, words in _WORDS.items()],
        "current": here + show,
        "today": installation_day(),
        "may_claim": person.may(Capability.RECORD_CASH),
        "may_waive": person.may(Capability.WAIVE_CLAIMS),
        "may_approve": person.may(Capability.APPROVE_POSTINGS),
        "administers": person.may(Capability.ADMINISTER),
    }


def _now(request: HttpRequest, person: User) -> dict[str, Any]:
    form = ClaimsForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    until = min(asked.get("until") or date.max, installation_day())  # nothing accrues ahead of time
    rows = visible_invoices(person)
    if asked.get("q"):
        rows = rows.filter(looks_like(asked["q"]))
    after = request.GET.get("after", "")
    known = after.isascii() and after.isdigit() and len(after) < 19
    page = claim_page(rows, as_of=until, after=int(after) if known else 0)
    return {
        "form": form, "until": until, "page": page, "narrowed": bool(asked.get("q")), "has_errors": not form.is_valid(),
        "totals": [
            (code, page.interest.of(code).amount, page.lump_sums.of(code).amount)
            for code in sorted({*page.interest, *page.lump_sums})
        ],
        "status": 200 if form.is_valid() else 422,
    }  # fmt: skip


def _claimed(request: HttpRequest, person: User) -> dict[str, Any]:
    rows = LateClaim.objects.filter(customer__in=visible_customers(person)).select_related(
        "document", "invoice", "customer", "claimed_by"
    )
    page = keyset_page(rows, request.GET, order=("-recorded_at", "-id"))
    opened = open_amount_now(row.document_id for row in page.rows)
    return {"page": page, "rows": [(row, opened.get(row.document_id)) for row in page.rows]}


def _waived(request: HttpRequest, person: User) -> dict[str, Any]:
    rows = _waivers(person).exclude(state=LateWaiver.State.REQUESTED)
    page = keyset_page(rows, request.GET, order=("-asked_at", "-id"))
    documents = Adjustment.objects.filter(kind=WAIVER, customer__in=visible_customers(person))
    return {
        "page": page,
        "rows": page.rows,
        "documents": documents.select_related("customer", "recorded_by").order_by("-recorded_at", "-pk")[:50],
    }


def _waiting(request: HttpRequest, person: User) -> dict[str, Any]:
    rows = list(_waivers(person).filter(state=LateWaiver.State.REQUESTED).order_by("asked_at", "pk")[:100])
    return {"rows": [(row, row.asked_by_id == person.pk) for row in rows]}


def _waivers(person: User) -> Any:
    rows = LateWaiver.objects.filter(customer__in=visible_customers(person))
    return rows.select_related("invoice", "customer", "asked_by", "decided_by", "ended_by")
