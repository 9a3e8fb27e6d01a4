"""What the account panel and the account page share: the customer in scope, and the context of the sections."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from collections_app.accounts.access import signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.references import format_iban, is_iban
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.queries.reliability import reliability_of
from worklist.models import WorklistItem
from worklist.queries.account import Account, account
from worklist.queries.filters import read_filters
from worklist.queries.in_scope import customer_in_scope as in_scope
from worklist.queries.presence import is_taken
from worklist.queries.timeline import KINDS, TimelinePage, timeline
from worklist.rules.words import reliability_words

# What each key does, in the order of the bar. Words and keys stand here; the forms are in acting.
KEYS = (
    ("call", "c", "Call", "phone"),
    ("mail", "e", "Mail", "mail"),
    ("note", "n", "Note", "sticky-note"),
    ("promise", "p", "Promise", "calendar-check"),
    ("dispute", "d", "Dispute", "message-square-warning"),
    ("snooze", "s", "Snooze", "alarm-clock"),
    ("pin", "i", "Pin", "pin"),
    ("assign", "a", "Assign", "user-check"),
    ("hold", "h", "Hold", "pause"),
    ("escalate", "g", "Escalate", "circle-arrow-up"),
)
PANELS = (
    ("account_plans", "Payment plans"),
    ("account_holds", "Holds and pauses"),
    ("account_segments", "Segments"),
    ("dunning_messages_panel", "Messages"),
    ("dunning_notices_panel", "Documents and reminders"),
    ("dunning_why", "Why / why not"),
    ("dunning_customer_end", "After the last reminder"),
)
PANEL_ITEMS, PANEL_EVENTS, PAGE_EVENTS = 12, 12, 30


def customer_in_scope(request: HttpRequest, pk: int) -> Customer:
    """The customer, with entity, collector and score; 404 for a stranger's."""
    found = in_scope(signed_in(request), pk)
    if found is None:
        raise Http404("There is no such customer among yours.")
    return found


def back_of(request: HttpRequest) -> str:
    """The worklist's filters to return to, cleaned; empty when the person came from the account page."""
    asked = QueryDict(request.POST.get("back", "")) if request.method == "POST" else request.GET
    at = asked.get("at", "")
    return read_filters(asked).query(at=at) if at.isascii() and at.isdigit() and len(at) < 18 else ""


def account_context(
    request: HttpRequest, customer: Customer, *, back: str = "", whole: bool = False, on: date | None = None
) -> dict[str, Any]:
    """Everything the sections show. `back` are the worklist's filters to return to; `whole` is the account page, which
    also has the timeline: the panel fetches it by itself. `on` is the business day of the customer's entity when the
    caller knows it."""
    on = on or business_day(customer.entity)
    found = account(customer, on=on)
    may_work = signed_in(request).may(Capability.WORK_ACCOUNTS)
    context: dict[str, Any] = {
        "account": found,
        "customer": customer,
        "item": item_of(customer),
        "reliability": _reliability(customer, on) if found.promises else "",
        "parts": _worded_parts(item_of(customer)),
        "invoice_pages": _exists("invoice"),
        "on": on,
        "back": back,
        "whole": whole,
        "iban": _iban(customer.entity.iban),
        "credit": _credit(customer, found),
        "may_work": may_work,
        "here_name": _colleague(request, customer),
        "actions": action_links(customer, signed_in(request), back, has_items=bool(found.items)),
        "next_action": next_link(customer, signed_in(request), back),
        "shown_items": found.items if whole else found.items[:PANEL_ITEMS],
        "more_items": 0 if whole else max(len(found.items) - PANEL_ITEMS, 0),
    }
    if whole:
        events = timeline(customer_id=customer.pk, customer_ids=members_of(customer), size=PAGE_EVENTS)
        context |= timeline_context(customer, events, signed_in(request))
    return context


def _colleague(request: HttpRequest, customer: Any) -> str:
    """Who else is on this account at this moment; empty for nobody."""
    user = signed_in(request)
    taken = is_taken(customer.here_id, customer.here_at, by_other_than=user, now=timezone.now())
    return str(customer.here_name) if taken else ""


def _iban(text: str) -> str:
    """The IBAN in groups as on paper; whatever else stands there, as it stands."""
    return format_iban(text) if is_iban(text) else text


def _credit(customer: Customer, found: Account) -> dict[str, Any] | None:
    """The credit limit and how much of it is used, in whole percent rounded up; None without a limit, and without a
    share when the account owes in other currencies only."""
    limit = customer.credit_limit
    if limit is None:
        return None
    owed = next((total.balance for total in found.totals if total.currency == customer.currency), None)
    used = None
    if owed is not None and limit > 0:
        used = int((max(owed, Decimal(0)) * 100 / limit).to_integral_value(ROUND_CEILING))
    return {"limit": limit, "used": used, "over": owed is not None and owed > limit}


def timeline_context(
    customer: Customer, found: TimelinePage, user: User, asked: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the timeline shows: the events, and by which kind, words and person they were asked for."""
    shown = {"kind": "", "q": "", "by": ""} | dict(asked or {})
    return {
        "customer": customer,
        "timeline": found,
        "timeline_kinds": KINDS,
        "timeline_asked": shown,
        "timeline_query": urlencode(shown),
        "timeline_filtered": any(shown.values()),
        "may_work": user.may(Capability.WORK_ACCOUNTS),
    }


def action_links(customer: Customer, user: User, back: str, *, has_items: bool) -> list[dict[str, str]]:
    """What the person may do here, in the order of the bar; promises and disputes need something open."""
    suffix = f"?{back}" if back else ""
    return [
        {"code": code, "key": key, "word": word, "icon": icon,
         "url": reverse(f"account_{code}", args=[customer.pk]) + suffix}
        for code, key, word, icon in KEYS
        if user.may(Capability.WORK_ACCOUNTS) and (has_items or code not in ("promise", "dispute"))
    ]  # fmt: skip


# Where the next step is done: an action of the bar, or a page of the customer and the place on it.
_NEXT_ACTIONS = {"call": "account_call", "follow_up": "account_call", "send_statement": "account_mail"}
_NEXT_PAGES = {
    "send_statement": ("statement", ""),
    "find_contact": ("contact_new", ""),
    "match_cash": ("statement", ""),
    "answer_dispute": ("account", "#disputes"),
    "check_mail": ("account", "#dunning_notices_panel"),
}


def next_link(customer: Customer, user: User, back: str) -> dict[str, Any] | None:
    """The next step in words with the address where it is done; `composer` opens in the panel. No address without the
    right or for one that is only waiting; None where there is no next step."""
    item = item_of(customer)
    if item is None or not item.next_step_text:
        return None
    action = _NEXT_ACTIONS.get(item.next_step, "")
    composer = bool(action) and _exists(action)
    place, anchor = (action, f"?{back}" if back else "") if composer else _NEXT_PAGES.get(item.next_step, ("", ""))
    may = bool(place) and user.may(Capability.WORK_ACCOUNTS)
    url = reverse(place, args=[customer.pk]) + anchor if may else ""
    return {"text": item.next_step_text, "url": url, "composer": composer, "waits": not item.for_today}


def _reliability(customer: Customer, on: date) -> str:
    found = reliability_of([customer.pk], on=on).get(customer.pk)
    return reliability_words(found) if found else ""


def members_of(customer: Customer) -> tuple[int, ...] | None:
    """The ids that make up the account, the customer's own first; None when they were not asked for."""
    absorbed = getattr(customer, "absorbed_ids", None)
    return None if absorbed is None else (customer.pk, *absorbed)


def item_of(customer: Customer) -> WorklistItem | None:
    """The customer's score, or None when it was not computed yet."""
    try:
        return customer.worklist_item
    except WorklistItem.DoesNotExist:
        return None


def other_panels(customer: Customer) -> list[dict[str, str]]:
    """Fragments that other apps serve for this account, by URL name; a page that does not exist is left out."""
    found = []
    for name, title in PANELS:
        try:
            found.append({"name": name, "title": title, "url": reverse(name, args=[customer.pk])})
        except NoReverseMatch:
            continue
    return found


PART_WORDS: dict[str, Any] = {
    "overdue": gettext_lazy("Overdue"),
    "upcoming": gettext_lazy("Not due yet"),
    "disputed": gettext_lazy("Disputed"),
    "promised": gettext_lazy("Promised"),
    "credit": gettext_lazy("Unused credit"),
    "in_time": gettext_lazy("Comes without us"),
    "effect": gettext_lazy("Effect of a contact"),
    "size_class": gettext_lazy("Size of the account"),
    "amount_band": gettext_lazy("Amount band"),
    "recent_contact": gettext_lazy("Recent contact"),
    "broken_promise": gettext_lazy("Broken promise"),
    "call_due": gettext_lazy("Call due"),
    "follow_up": gettext_lazy("Follow-up"),
    "unknown_mail": gettext_lazy("Mail unknown"),
    "credit_limit": gettext_lazy("Over the credit limit"),
    "credit_limit_near": gettext_lazy("Credit limit nearly reached"),
    "dispute_deadline": gettext_lazy("Dispute to answer"),
    "insurer_deadline": gettext_lazy("Insurer to tell"),
    "no_reaction": gettext_lazy("No reaction"),
    "unreachable": gettext_lazy("Nobody reached"),
    "cost": gettext_lazy("Cost of the work"),
    "no_rate": gettext_lazy("No rate"),
    "hold": gettext_lazy("Hold"),
}


def _worded_parts(item: WorklistItem | None) -> list[dict[str, Any]]:
    """The parts of the score with words for people and amounts as numbers."""
    return [
        {"word": PART_WORDS.get(part["name"], part["name"]), "why": part["why"], "amount": Decimal(part["amount"])}
        for part in (item.parts if item else ())
    ]


@cache
def _exists(name: str) -> bool:
    """Whether another app serves the page of one document under this URL name."""
    try:
        reverse(name, args=[1])
    except NoReverseMatch:
        return False
    return True
