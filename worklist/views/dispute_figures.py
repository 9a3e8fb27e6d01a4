"""What disputes cost and where they come from, as charts with tables, for one currency and period."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web import charts
from collections_app.web.fragments import page_or_fragment
from collections_app.web.writing import amount_text
from customers.models import Customer
from customers.queries.clock import installation_day
from invoices.access import visible_cases
from invoices.models import Dispute, DisputeCase
from worklist.queries.dispute_figures import Figures, Group, currencies
from worklist.queries.dispute_figures import dispute_figures as figures_of

MONTHS = (3, 6, 12, 24)
Chart = tuple[str, SafeString, Sequence[tuple[str, bool]], charts.Cells]


@requires(Capability.SEE_INSIGHT)
def dispute_figures(request: HttpRequest) -> HttpResponse:
    """The figures of the disputes opened in the last months (`?months=`), in one currency (`?currency=`)."""
    cases, until = visible_cases(signed_in(request)), installation_day()
    known = currencies(cases)
    currency = request.GET.get("currency", "")
    currency = currency if currency in known else next(iter(known), "EUR")
    wanted = request.GET.get("months", "")
    months = int(wanted) if wanted in {str(n) for n in MONTHS} else 12
    since = _months_before(until, months)
    figures = figures_of(cases, currency=currency, since=since, until=until)
    context = {
        "figures": figures, "currency": currency, "currencies": known, "months": months, "choices": MONTHS,
        "since": since, "until": until, "charts": _charts(figures, currency), "owners": _named_owners(figures),
        "repeats": _named_customers(figures),
    }  # fmt: skip
    return page_or_fragment(
        request, "worklist/dispute_figures.html", context, fragment="worklist/_dispute_figures.html"
    )


def _months_before(day: date, months: int) -> date:
    """The first day of the month, so many months back, the month of the day counted."""
    month = day.year * 12 + day.month - months
    return date(month // 12, month % 12 + 1, 1)


def _charts(figures: Figures, currency: str) -> list[Chart]:
    if not figures.whole.cases:
        return []
    reasons, causes = dict(Dispute.Reason.choices), dict(DisputeCase.RootCause.choices)
    return [
        _bars("reasons", _("Disputed money by reason"), figures.by_reason, reasons, currency, _("Reason")),
        _bars("causes", _("Disputed money by root cause"), figures.by_cause, causes, currency, _("Root cause")),
        _trend(figures),
    ]


def _bars(name: str, title: str, groups: Sequence[Group], words: dict[Any, Any], currency: str, head: str) -> Chart:
    about = _("Details are in the table below the chart.")
    bars = [
        charts.Bar(_short(str(words.get(row.code, row.code))), row.amount, amount_text(row.amount, currency),
                   f"{reverse('disputes')}?show=all&reason={row.code}" if name == "reasons" else "")
        for row in groups
    ]  # fmt: skip
    cells: charts.Cells = [[str(words.get(row.code, row.code)), *_cells(row, currency)] for row in groups]
    drawing = charts.horizontal_bars(f"disputes-{name}", title, about, bars)
    return title, drawing, [(head, False), *_heads()], cells


def _heads() -> list[tuple[str, bool]]:
    return [(_("Disputes"), True), (_("Disputed"), True), (_("Closed"), True), (_("Median days"), True),
            (_("Given up"), True)]  # fmt: skip


def _cells(row: Group, currency: str) -> list[object]:
    share = row.given_up_percent
    given = amount_text(row.given_up, currency) + (f" · {share} %" if share is not None else "")
    return [row.cases, amount_text(row.amount, currency), row.closed, "–" if row.days is None else row.days, given]


def _trend(figures: Figures) -> Chart:
    title = _("Disputes opened, and closed (dashed), by month")
    points = [
        charts.Bar(date_format(month, "M ’y" if not place or month.month == 1 else "M"), Decimal(came), str(came))
        for place, (month, came, _went) in enumerate(figures.months)
    ]
    second = [Decimal(went) for _month, _came, went in figures.months]
    about = _("Details are in the table below the chart.")
    drawing = charts.line_chart("disputes-months", title, about, points, lambda value: f"{value:f}", second)
    cells: charts.Cells = [[date_format(month, "M Y"), came, went] for month, came, went in figures.months]
    return title, drawing, [(_("Month"), False), (_("Opened"), True), (_("Closed"), True)], cells


def _short(words: str) -> str:
    return words if len(words) <= 30 else f"{words[:29].rstrip()}…"


def _named_owners(figures: Figures) -> list[tuple[str, Group]]:
    people = User.objects.in_bulk([row.code for row in figures.by_owner if row.code is not None])
    return [(str(people[row.code]) if row.code in people else _("Nobody"), row) for row in figures.by_owner]


def _named_customers(figures: Figures) -> list[tuple[Customer, Group, str]]:
    known = Customer.objects.in_bulk([row.code for row in figures.by_customer])
    return [
        (known[row.code], row, ngettext("%(n)s dispute", "%(n)s disputes", row.cases) % {"n": row.cases})
        for row in figures.by_customer
    ]
