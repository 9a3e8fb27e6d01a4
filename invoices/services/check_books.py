"""Looks at the books of the last days and stores what does not agree."""

from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from invoices.actions import BOOKS_CHECKED
from invoices.models import LedgerCheck
from invoices.queries.books import NIGHTLY_DAYS, findings


def check_books(*, as_of: date, days: int = NIGHTLY_DAYS, actor: User | None, by: str = "") -> LedgerCheck:
    """The stored look at the `days` days up to `as_of`, inclusive. It mends nothing. Looking can take minutes, so only
    the result is written in a transaction."""
    found = findings(as_of, days)
    stored = [finding.stored() for finding in found]
    with transaction.atomic():
        check = LedgerCheck.objects.create(as_of=as_of, days=days, ok=not found, findings=stored)
        record(BOOKS_CHECKED, check, actor=actor, by=by, as_of=as_of, days=days, findings=len(found))
    return check
