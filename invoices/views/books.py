"""The books page: whether they agree with themselves, what to do about each finding, and provider events in trouble."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from customers.access import visible_entities
from customers.queries.clock import installation_day
from invoices.models import LedgerCheck
from invoices.queries.books import CONTROL, SNAPSHOT, events_in_trouble, latest_check, shown_findings
from invoices.services.check_books import check_books

DAYS_BY_HAND = 2  # a person waits for it
_SHOWN_CHECKS = 14


@require_GET
@requires(Capability.RECORD_CASH)
def books(request: HttpRequest) -> HttpResponse:
    """Green with the last look, or every finding with what to do."""
    check = latest_check()
    codes = visible_entities(signed_in(request)).values_list("code", flat=True)
    found, elsewhere = shown_findings(check, codes) if check else ([], 0)
    context = {
        "check": check,
        "today": installation_day(),
        "findings": [(row, _what_to_do(row["check"])) for row in found],
        "elsewhere": elsewhere,
        "checks": LedgerCheck.objects.order_by("-checked_at", "-pk")[:_SHOWN_CHECKS],
        "events": events_in_trouble(),
    }
    return render(request, "invoices/books.html", context)


@require_POST
@requires(Capability.RECORD_CASH)
def books_check(request: HttpRequest) -> HttpResponse:
    """Looks at the last days now."""
    check = check_books(as_of=installation_day(), days=DAYS_BY_HAND, actor=signed_in(request))
    if check.ok:
        messages.success(request, _("The books of the last %(days)s days agree.") % {"days": check.days})
    else:
        messages.warning(request, _("The books do not agree. The findings are below."))
    return redirect("books")


def _what_to_do(check: str) -> str:
    return {
        CONTROL: _(
            "Run ./manage.py verify_ledger: it names the row that breaks a law. Usually an allocation counts from "
            "a day before its document; reverse it and allocate again from the later day."
        ),
        SNAPSHOT: _(
            "Open the aging of that day, as known on it, and compare the customer. The ledger is the truth; if it is "
            "right, the stored row was changed behind the application: run ./manage.py verify_ledger and restore from "
            "a backup."
        ),
    }.get(check, _("Run ./manage.py verify_ledger."))
