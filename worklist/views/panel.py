"""What the account panel and the account page share: the customer in scope, and the context of the sections."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from collections_app.accounts.access import signed_in
from collections_app.accounts.roles import Capability
from customers.access import visible_customers
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.queries.reliability import reliability_of
from worklist.models import WorklistItem
from worklist.queries.account import account
from worklist.queries.timeline import KINDS, timeline
from worklist.rules.words import reliability_words

# What each key does, in the order of the bar. Words and keys stand here; the forms are in acting.
KEYS = (
    ("call", "c", "Call", "phone"),
    ("note", "n", "Note", "sticky-note"),
    ("promise", "p", "Promise", "calendar-check"),
    ("dispute", "d", "Dispute", "message-square-warning"),
    ("snooze", "s", "Snooze", "alarm-clock"),
    ("pin", "i", "Pin", "pin"),
    ("assign", "a", "Assign", "user-check"),
    ("hold", "h", "Hold", "pause"),
)
PANELS = (
    ("account_plans", "Payment plans"),
    ("account_holds", "Holds and pauses"),
    ("dunning_messages_panel", "Messages"),
    ("dunning_notices_panel", "Documents and reminders"),
    ("dunning_why", "Why / why not"),
    ("dunning_customer_end", "After the last reminder"),
)
PANEL_ITEMS, PANEL_EVENTS = 12, 12
_UNSHOWN = tuple(
    f"{table}__{column}"
    for table, columns in {
        "entity": ("address", "vat_id", "iban", "bic", "bank_name", "email", "phone", "website", "language"),
        "collector": ("password", "last_login", "email", "date_joined", "language", "time_zone", "theme", "density"),
    }.items()
    for column in columns
)


def customer_in_scope(request: HttpRequest, pk: int) -> Customer:
    """The customer, with entity, collector and score; 404 for a stranger's."""
    rows = visible_customers(signed_in(request)).select_related("entity", "collector", "terms", "worklist_item")
    rows = rows.defer("address", "vat_id", "tags", "worklist_item__badges", *_UNSHOWN)
    absorbed = Customer.objects.filter(merged_into=OuterRef("pk")).order_by("pk").values("pk")
    return get_object_or_404(rows.annotate(absorbed_ids=ArraySubquery(absorbed)), pk=pk)


def account_context(
    request: HttpRequest, customer: Customer, *, back: str = "", whole: bool = False, on: date | None = None
) -> dict[str, Any]:
    """Everything the sections show. `back` are the worklist's filters to return to; `whole` is the account page; `on`
    is the business day of the customer's entity when the caller knows it."""
    on = on or business_day(customer.entity)
    found = account(customer, on=on)
    may_work = signed_in(request).may(Capability.WORK_ACCOUNTS)
    suffix = f"?{back}" if back else ""
    return {
        "account": found,
        "customer": customer,
        "item": item_of(customer),
        "reliability": _reliability(customer, on) if found.promises else "",
        "parts": _worded_parts(item_of(customer)),
        "invoice_pages": _exists("invoice"),
        "on": on,
        "back": back,
        "whole": whole,
        "may_work": may_work,
        "actions": [
            {"key": key, "word": word, "icon": icon, "url": reverse(f"account_{code}", args=[customer.pk]) + suffix}
            for code, key, word, icon in KEYS
            if may_work and (found.items or code not in ("promise", "dispute"))
        ],
        "shown_items": found.items if whole else found.items[:PANEL_ITEMS],
        "more_items": 0 if whole else max(len(found.items) - PANEL_ITEMS, 0),
        "timeline": timeline(
            customer_id=customer.pk, customer_ids=_members(customer), size=30 if whole else PANEL_EVENTS
        ),
        "timeline_kinds": KINDS,
        "timeline_kind": "",
    }


def _reliability(customer: Customer, on: date) -> str:
    found = reliability_of([customer.pk], on=on).get(customer.pk)
    return reliability_words(found) if found else ""


def _members(customer: Customer) -> tuple[int, ...] | None:
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


_PART_WORDS = {
    "habit": "Late payment habit",
    "age": "Age of the debt",
    "disputed": "Disputed",
    "promised": "Promised",
    "credit": "Unused credit",
    "recent_contact": "Recent contact",
    "broken_promise": "Broken promise",
    "call_due": "Call due",
    "follow_up": "Follow-up",
    "unknown_mail": "Mail unknown",
    "no_rate": "No rate",
    "hold": "Hold",
}


def _worded_parts(item: WorklistItem | None) -> list[dict[str, Any]]:
    """The parts of the score with words for people and amounts as numbers."""
    return [
        {"word": _PART_WORDS.get(part["name"], part["name"]), "why": part["why"], "amount": Decimal(part["amount"])}
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
