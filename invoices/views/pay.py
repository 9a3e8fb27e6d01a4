"""The payer's page behind a link: what is open, and the ways to pay it. Opening it changes nothing (W1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.lib.currencies import digits
from collections_app.lib.errors import BadInput, Conflict
from customers.queries.clock import business_day
from invoices.documents.qr import transfer_code
from invoices.forms.pay_choice import PayChoice, read_choice
from invoices.gateways import enabled_gateways
from invoices.gateways.base import Gateway, GatewayAway
from invoices.models import PayLink
from invoices.queries.payable import PayableGroup, payable_groups
from invoices.queries.payer_messages import PayerMessage, payer_messages
from invoices.queries.plans import next_parts
from invoices.rules.epc import payment_reference, shown_iban
from invoices.services.hand_to_gateway import hand_to_gateway
from invoices.services.start_pay_session import start_pay_session
from invoices.views.payer_gate import ANY_PAYER, Visit, payer_page


@require_http_methods(["GET", "HEAD", "POST"])
@payer_page(*ANY_PAYER)
def pay(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The open items; a POST of ticked ones leads on to the provider's checkout."""
    if request.method != "POST":
        return pay_page(request, visit)
    gateway = enabled_gateways().get(request.POST.get("gateway", ""))
    group = chosen_group(request, visit)
    if gateway is None or group is None:
        return pay_page(
            request, visit, problem=_("This way to pay is not available. Pay by bank transfer."), status=422
        )
    try:
        choice = read_choice(request.POST, currency=group.currency, language=visit.language)
        return redirect(_checkout(visit, gateway, choice))
    except Conflict:
        note = _("The amounts have changed since you opened this page. Please check them and pay again.")
        return pay_page(request, visit, note=note, status=409)
    except GatewayAway:
        problem = _("The payment provider does not answer. Nothing was paid. Try again, or pay by bank transfer.")
        return pay_page(request, visit, problem=problem, status=503)
    except BadInput as refusal:
        return pay_page(request, visit, problem=problem_text(refusal), status=422)


def pay_page(
    request: HttpRequest, visit: Visit, *, note: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    """The page with fresh amounts; `note` says what changed, `problem` what to correct."""
    today = today_of(visit)
    groups = groups_of(visit, today)
    group = chosen_of(request, groups)
    context = {
        "visit": visit,
        "groups": groups,
        "group": group,
        "note": note,
        "problem": problem,
        "has_errors": bool(problem),
        "today": today,
        "plan_parts": next_parts(visit.link.customer_id, as_of=today),
        "messages_for_payer": _messages(visit),
        **_facts(visit, group),
    }
    return render(request, "pay/page.html", context, status=status)


def today_of(visit: Visit) -> date:
    """The business day of whoever looks after the customer."""
    return business_day(visit.link.customer.entity)


def groups_of(visit: Visit, today: date) -> list[PayableGroup]:
    """The open items behind the link at the end of the day."""
    return payable_groups(visit.link, on=today, now=timezone.now())


def chosen_group(request: HttpRequest, visit: Visit) -> PayableGroup | None:
    """The group that the request is about; None when nothing is open."""
    return chosen_of(request, groups_of(visit, today_of(visit)))


def chosen_of(request: HttpRequest, groups: Sequence[PayableGroup]) -> PayableGroup | None:
    """The group named by `of` in the form or address, else the first; None when there is none."""
    wished = request.POST.get("of") or request.GET.get("of", "")
    return next((group for group in groups if group.key == wished), groups[0] if groups else None)


def problem_text(refusal: BadInput) -> str:
    """The refusal in the payer's language; our rules write English sentences with a stable code."""
    texts = {
        "amount_too_small": _("This amount is too small. Pay at least one unit of the currency, or the whole."),
        "amount_too_large": _("This is more than the invoices you ticked. Enter their sum or less."),
        "nothing_chosen": _("Tick at least one invoice to pay."),
    }
    return texts.get(refusal.code, refusal.sentence)


def _checkout(visit: Visit, gateway: Gateway, choice: PayChoice) -> str:
    session = start_pay_session(
        link=visit.link,
        gateway=gateway.code,
        seen=choice.seen,
        amount=choice.amount,
        now=timezone.now(),
        locale=visit.language,
    )
    back = settings.BASE_URL + reverse("pay_status", args=[visit.token, session.reference])
    return hand_to_gateway(session=session, gateway=gateway, return_url=back, language=visit.language)


def _messages(visit: Visit) -> list[PayerMessage]:
    """What we have to say to this customer; a link to one invoice may be in other hands and shows none of it."""
    link = visit.link
    return payer_messages(link.customer_id) if link.purpose == PayLink.Purpose.ACCOUNT else []


def _facts(visit: Visit, group: PayableGroup | None) -> Mapping[str, Any]:
    """Seller, transfer details and ways to pay for the group that is shown."""
    link = visit.link
    entity = group.entity if group else link.invoice.entity if link.invoice else link.customer.entity
    if group is None:
        return {"entity": entity, "gateways": []}
    shown = group.suggested or group.items
    only = group.suggested[0] if len(group.suggested) == 1 else None
    reference = payment_reference(only.invoice.number if only else link.customer.number)
    amount = group.suggested_amount
    return {
        "entity": entity,
        "gateways": list(enabled_gateways().values()) if amount else [],
        "reference": reference,
        "qr": transfer_code(entity, amount=amount, currency=group.currency, reference=reference),
        "first_due": min(item.invoice.due_on for item in shown),
        "digits": digits(group.currency),
        "iban": shown_iban(entity.iban),
        "overdue": any(item.days_late > 0 for item in group.suggested),
        "ticked": {item.invoice.pk for item in group.suggested},
    }
