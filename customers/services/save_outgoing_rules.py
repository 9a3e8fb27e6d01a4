"""Sets what may leave the house: the kill switch, the test mode, the allow-list, how old data may be (O17)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.actions import OUTGOING_CHANGED
from customers.models import OutgoingRules
from customers.rules.outgoing import entry_problem

MOST_ENTRIES, LONGEST = 500, 365


class OutgoingChange(NamedTuple):
    """What is to hold from now on. `allowed` empty: everybody; days None: data of any age is good enough."""

    stopped: bool = False
    stopped_why: str = ""
    test_address: str = ""
    allowed: Sequence[str] = ()
    bank_days: int | None = None
    invoice_days: int | None = None
    contacts_per_week: int = 7


@transaction.atomic
def save_outgoing_rules(
    *, change: OutgoingChange, actor: AbstractBaseUser | None, now: datetime, by: str = ""
) -> OutgoingRules:
    """The rules as they hold from now on; nothing that leaves after the commit escapes them.

    Raises BadInput with a sentence per field: a stop without a reason, an address that is none, days out of range."""
    allowed = sorted({entry.strip().lower().lstrip("@") for entry in change.allowed if entry.strip()})
    wrong = _problems(change, allowed)
    if wrong:
        raise BadInput("These rules cannot be kept. Correct them.", code="outgoing_rules", fields=wrong)
    OutgoingRules.objects.get_or_create(pk=1)
    rules = OutgoingRules.objects.select_for_update().get(pk=1)
    if change.stopped and rules.stopped_at is None:
        rules.stopped_at, rules.stopped_by_id = now, None if actor is None else actor.pk
    if not change.stopped:
        rules.stopped_at, rules.stopped_by = None, None
    rules.stopped_why = change.stopped_why.strip() if change.stopped else ""
    rules.test_address, rules.allowed = change.test_address.strip(), allowed
    rules.bank_days, rules.invoice_days = change.bank_days, change.invoice_days
    rules.contacts_per_week, rules.changed_at = change.contacts_per_week, now
    rules.save()
    record(
        OUTGOING_CHANGED, rules, actor=actor, by=by, stopped=change.stopped, why=rules.stopped_why,
        test_address=rules.test_address, allowed=allowed, bank_days=rules.bank_days, invoice_days=rules.invoice_days,
        contacts_per_week=rules.contacts_per_week,
    )  # fmt: skip
    return rules


def _problems(change: OutgoingChange, allowed: Sequence[str]) -> dict[str, str]:
    found = {
        "stopped_why": "" if not change.stopped or change.stopped_why.strip() else "Say why everything is stopped.",
        "test_address": _address_problem(change.test_address.strip()),
        "allowed": _allowed_problem(allowed),
        "bank_days": _days_problem(change.bank_days),
        "invoice_days": _days_problem(change.invoice_days),
        "contacts_per_week": "" if 1 <= change.contacts_per_week <= 100 else "Enter a number from 1 to 100.",
    }
    return {field: sentence for field, sentence in found.items() if sentence}


def _address_problem(address: str) -> str:
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return "Enter one e-mail address, such as test@example.com, or leave it empty."
    return ""


def _allowed_problem(allowed: Sequence[str]) -> str:
    if len(allowed) > MOST_ENTRIES:
        return f"Enter at most {MOST_ENTRIES} addresses and domains."
    return next((problem for problem in map(entry_problem, allowed) if problem), "")


def _days_problem(days: int | None) -> str:
    return "" if days is None or 1 <= days <= LONGEST else f"Enter a number from 1 to {LONGEST}, or leave it empty."
