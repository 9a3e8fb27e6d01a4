"""The test gateway's checkout: plays the provider's own page. It changes nothing here; it sends a signed webhook."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from invoices.gateways import enabled_gateways
from invoices.gateways.test_gateway import TestGateway, event_body, return_address, send_webhook
from invoices.models import PaySession
from invoices.services.hand_to_gateway import order_of
from invoices.views.payer_gate import make_private, payer_csrf

KINDS = {"pay": "succeeded", "later": "processing", "decline": "failed"}
# What a provider may report once the money was there.
LATER = {"refund": "refunded", "dispute": "disputed", "win": "dispute_won"}


@csrf_exempt  # the payers' own check runs inside
@require_http_methods(["GET", "HEAD", "POST"])
@payer_csrf
def gateway_checkout(request: HttpRequest, intent: str) -> HttpResponse:
    """The checkout of an intent; a POST tells our webhook address what the payer chose and goes back to the shop."""
    if TestGateway.code not in enabled_gateways():
        raise Http404
    sessions = PaySession.objects.select_related("customer", "entity", "pay_link").filter(gateway=TestGateway.code)
    session = get_object_or_404(sessions, gateway_intent_id=intent)
    language = session.pay_link.language if session.pay_link is not None else "en"
    with override(language):
        return make_private(_choose(request, session) if request.method == "POST" else _page(request, session))


def _choose(request: HttpRequest, session: PaySession) -> HttpResponse:
    offered = KINDS | LATER if session.state == PaySession.State.SUCCEEDED else KINDS
    kind = offered.get(request.POST.get("outcome", ""))
    if kind is None:
        return _page(request, session, problem=_("Choose one of the buttons."), status=422)
    failure = _("The card was declined.") if kind == "failed" else ""
    body = event_body(intent=session.gateway_intent_id, kind=kind, order=order_of(session), failure=failure)
    if not send_webhook(body, at=timezone.now()):
        problem = _("The shop did not answer, so nothing was charged. Try again in a moment.")
        return _page(request, session, problem=problem, status=502)
    back = _back(request)
    return redirect(back) if back else _page(request, session, done=True)


def _page(
    request: HttpRequest, session: PaySession, *, problem: str = "", done: bool = False, status: int = 200
) -> HttpResponse:
    settled = session.state not in (PaySession.State.CREATED, PaySession.State.PROCESSING)
    context = {"session": session, "entity": session.entity, "problem": problem, "done": done, "back": _back(request)}
    paid = session.state == PaySession.State.SUCCEEDED
    return render(request, "pay/test_gateway.html", {**context, "settled": settled, "paid": paid}, status=status)


def _back(request: HttpRequest) -> str:
    """The path that the shop asked us to come back to; only what we signed ourselves, and never another host (D61)."""
    return urlsplit(return_address(request.GET.get("back", ""))).path
