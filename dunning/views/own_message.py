"""One mail by hand: what it says, what became of it in plain words, and what a person can do about it."""

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import page_or_fragment, toast
from customers.queries.tracking import events_of
from dunning.access import visible_own_messages
from dunning.models import OwnMessage
from dunning.queries.own_messages import shown_state
from dunning.services.resolve_unknown import resolve_unknown
from dunning.services.withdraw_message import WITHDRAWABLE, withdraw_message
from dunning.views.notice import MAIL_POLICY


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def own_message(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail's page."""
    found, user = _found(request, pk), signed_in(request)
    context = {
        "message": found,
        "state": shown_state(found),
        "events": events_of(found),
        "items": found.items.order_by("due_on", "number"),
        "replies": found.replies.order_by("received_at").defer("raw", "text"),
        "may_work": user.may(Capability.WORK_ACCOUNTS),
        "may_withdraw": found.state in WITHDRAWABLE,
    }
    return page_or_fragment(request, "dunning/own_message.html", context, fragment="dunning/_own_message.html")


@csp_replace(MAIL_POLICY)  # type: ignore[arg-type]  # its stub knows no view with arguments
@requires(Capability.SEE_ACCOUNTS)
@require_safe
def own_message_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail itself as it went out."""
    found = _found(request, pk)
    if not found.body_html:
        raise Http404
    return HttpResponse(found.body_html)


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def own_message_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the mail, taken back; 409 when it has left."""
    found = _found(request, pk)
    withdraw_message(message=found, actor=signed_in(request), now=timezone.now())
    return toast(request, redirect("dunning_own_message", found.pk), _("Taken back. It was not sent."))


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def own_message_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the mail, which now counts as arrived or as not arrived."""
    found, answer = _found(request, pk), request.POST.get("arrived")
    if answer not in ("yes", "no"):
        raise BadInput(_("Say whether it arrived or not."), code="no_answer")
    resolve_unknown(notice=found, arrived=answer == "yes", actor=signed_in(request), now=timezone.now())
    return toast(request, redirect("dunning_own_message", found.pk), _("Noted. Thank you for checking."))


def _found(request: HttpRequest, pk: int) -> OwnMessage:
    rows = visible_own_messages(signed_in(request)).select_related(
        "customer", "contact", "entity", "written_by", "template", "answers"
    )
    return get_object_or_404(rows, pk=pk)
