"""The bank inbox: lines on the left, one line with its suggestions on the right. Reads only; `bank_lines` acts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment, wants_fragment
from collections_app.web.pagination import keyset_page
from collections_app.web.writing import amount_text
from customers.queries.clock import business_day
from invoices.access import visible_bank_accounts, visible_bank_lines
from invoices.models import BankLine
from invoices.queries.bank_inbox import Inbox, inbox_lines, of_tab, read_inbox, waiting_counts
from invoices.queries.bank_lines import left_of
from invoices.queries.bank_suggestions import postings_of, suggestions_of

# Address, key, words, icon, and whether it is offered for money that went out.
ACTS = (
    ("settle", "h", gettext_lazy("By hand"), "search", True),
    ("split", "s", gettext_lazy("Split"), "split", False),
    ("park", "p", gettext_lazy("Park"), "circle-parking", True),
    ("deduct", "d", gettext_lazy("Deduction"), "scissors", False),
    ("ignore", "x", gettext_lazy("Not receivables"), "circle-slash", True),
)
TABS = (
    ("waiting", gettext_lazy("Waiting")),
    ("parked", gettext_lazy("Parked")),
    ("posted", gettext_lazy("Posted")),
    ("ignored", gettext_lazy("Not receivables")),
)


@require_safe
@requires(Capability.RECORD_CASH)
def bank(request: HttpRequest) -> HttpResponse:
    """The page; for htmx the panel of one line (target "panel"), or list and panel."""
    inbox, at = read_inbox(request.GET), _line_asked(request)
    if wants_fragment(request) and request.headers.get("HX-Target") == "panel" and at:
        return render(request, "invoices/_bank_panel.html", panel_context(line_in_scope(request, at), inbox))
    context = inbox_context(request, inbox, at)
    return page_or_fragment(
        request, "invoices/bank.html", context, fragment="invoices/_bank_split.html", announce=context["summary"]
    )


def line_in_scope(request: HttpRequest, pk: int) -> BankLine:
    """The line with its account and entity; 404 for a stranger's."""
    rows = visible_bank_lines(signed_in(request)).select_related("account__entity", "statement__file")
    return get_object_or_404(rows, pk=pk)


def inbox_context(request: HttpRequest, inbox: Inbox, at: int | None) -> dict[str, Any]:
    """List, tabs and filters, and the line that is asked for, else the first of the list."""
    user = signed_in(request)
    page = keyset_page(inbox_lines(user, inbox), request.GET, order=inbox.order)
    counts = waiting_counts(user)
    current = at or (page.rows[0].pk if page.rows else None)
    context = {
        "inbox": inbox,
        "page": page,
        "rows": [(row, f"?{inbox.query(at=row.pk)}", row.pk == current) for row in page.rows],
        "current": current,
        "opened": at is not None,
        "tabs": tabs(inbox, counts),
        "accounts": list(visible_bank_accounts(user).order_by("name", "identification")),
        "summary": _("%(n)s lines wait") % {"n": counts["waiting"]},
    }
    return context | (panel_context(line_in_scope(request, current), inbox) if current else {})


def tabs(inbox: Inbox, counts: dict[str, int]) -> list[tuple[object, str, int | None, bool]]:
    """Words, address, count and whether it is the one shown."""
    here = reverse("bank")
    return [
        (words, f"{here}?{of_tab(inbox, state).query()}", counts.get(state), state == inbox.show)
        for state, words in TABS
    ]


def panel_context(line: BankLine, inbox: Inbox) -> dict[str, Any]:
    """Everything about one line."""
    postings = postings_of(line)
    is_open = line.state == BankLine.State.WAITING or (line.state == BankLine.State.PARKED and not postings)
    suggestions = suggestions_of(line) if is_open else []
    spoken = [line.counterparty_name, amount_text(line.amount, line.currency, with_code=True)]
    return {
        "line": line,
        "spoken": ", ".join([*spoken, *(found.customer.name for found in suggestions[:1])]),
        "inbox": inbox,
        "back": inbox.query(at=line.pk),
        "on": business_day(line.account.entity),
        "left": left_of(line),
        "is_open": is_open,
        "suggestions": suggestions,
        "postings": postings,
        "undo_of": ",".join(str(posting.pk) for posting in postings),
        "acts": _acts(line, inbox) if is_open else [],
    }


def waiting_tabs(user: User, inbox: Inbox) -> list[tuple[object, str, int | None, bool]]:
    """The tabs with fresh counts, after something was done."""
    return tabs(inbox, waiting_counts(user))


def _acts(line: BankLine, inbox: Inbox) -> list[dict[str, object]]:
    return [
        {"url": f"{reverse(f'bank_{code}', args=[line.pk])}?{inbox.query(at=line.pk)}", "key": key, "word": words,
         "icon": icon}
        for code, key, words, icon, outgoing in ACTS
        if outgoing or line.amount > 0
    ]  # fmt: skip


def _line_asked(request: HttpRequest) -> int | None:
    at = request.GET.get("at", "")
    return int(at) if at.isascii() and at.isdigit() and len(at) < 18 else None
