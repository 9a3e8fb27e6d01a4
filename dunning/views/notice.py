"""One notice: what it says, what became of it, and what a person can do about it."""

from csp.decorators import csp_replace
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import page_or_fragment, toast
from customers.queries.clock import business_day, now
from customers.queries.tracking import events_of
from dunning.access import visible_notices
from dunning.models import Notice
from dunning.queries.policies import channels
from dunning.services.cancel_notices import WITHDRAWABLE, cancel_notices
from dunning.services.preview import preview
from dunning.services.resolve_unknown import resolve_unknown
from dunning.views.states import shown
from invoices.queries.unapplied import unapplied_by_currency


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice's page."""
    user = signed_in(request)
    found = _found(user, notice_id)
    context = {
        "notice": found,
        "state": shown(found),
        "items": found.items.order_by("due_on", "number"),
        "events": events_of(found),
        "preview": preview(found),
        "unapplied": unapplied_by_currency(found.customer_id, as_of=business_day(found.entity)).get(found.currency),
        "channel": channels()[found.channel].label if found.channel in channels() else found.channel,
        "may_approve": user.may(Capability.APPROVE_NOTICES),
        "may_withdraw": found.state in WITHDRAWABLE,
    }
    return page_or_fragment(request, "dunning/notice.html", context, fragment="dunning/_notice.html")


# The mail as the customer sees it: no script, nothing from outside, styles inside as in any mail.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "form-action": ["'none'"],
}


@csp_replace(MAIL_POLICY)  # type: ignore[arg-type]  # its stub knows no view with arguments
@requires(Capability.SEE_ACCOUNTS)
@require_GET
def notice_mail(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The mail or letter itself, as it went or would go out."""
    shown_mail = preview(_found(signed_in(request), notice_id))
    if not shown_mail.html:
        raise Http404
    return HttpResponse(shown_mail.html)


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def notice_letter(request: HttpRequest, notice_id: int) -> FileResponse:
    """The PDF of a letter that is ready."""
    found = _found(signed_in(request), notice_id)
    if not found.letter:
        raise Http404
    name = f"letter-{found.customer_id}-{found.as_of.isoformat()}.pdf"
    return FileResponse(found.letter.open(), content_type="application/pdf", filename=name)


@requires(Capability.APPROVE_NOTICES)
@require_POST
def resolve(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Back to the notice, which now counts as arrived or as not arrived."""
    user = signed_in(request)
    found = _found(user, notice_id)
    answer = request.POST.get("arrived")
    if answer not in ("yes", "no"):
        raise BadInput("Say whether it arrived or not.", code="no_answer")
    resolve_unknown(notice=found, arrived=answer == "yes", actor=user, now=now())
    return toast(request, redirect("dunning_notice", found.pk), "Noted. Thank you for checking.")


@requires(Capability.APPROVE_NOTICES)
@require_POST
def withdraw(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Back to the notice, withdrawn if it had not left."""
    user = signed_in(request)
    found = _found(user, notice_id)
    number = cancel_notices(notice_ids=[found.pk], actor=user, now=now())
    told = "Withdrawn." if number else "Too late: it is on its way already."
    return toast(request, redirect("dunning_notice", found.pk), told, tone="success" if number else "error")


def _found(user: User, notice_id: int) -> Notice:
    rows = visible_notices(user).select_related(
        "customer", "contact", "policy__entity", "run", "template", "step", "entity"
    )
    return get_object_or_404(rows, pk=notice_id)
