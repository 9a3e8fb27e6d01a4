"""The trend of one currency as a chart with its table. Always in steps of 30 days and with credits by their own date,
whatever the report below it shows; its caption says so, and each column leads to documents that add up to it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from collections_app.web import charts
from collections_app.web.aging_scale import AGING_STEPS
from collections_app.web.writing import amount_text, date_text, short_amount
from invoices.forms.aging_filter import AgingQuestion
from invoices.rules.aging import Basis, Credits
from invoices.views.aging_figures import Days
from invoices.views.aging_links import documents_url


def trend_chart(
    days: Days, currency: str, question: AgingQuestion, stored: frozenset[date]
) -> tuple[str, SafeString, charts.Cells]:
    """Title, drawing, and rows of the table that says the same. `stored` days are as they were known that day."""
    title = _("Open by age, %(currency)s, at the end of each month") % {"currency": currency}
    if question.scope.credits is not Credits.OWN:
        title = _("%(title)s (credits by their own date)") % {"title": title}
    if stored:
        title = _("%(title)s, as stored on those days") % {"title": title}
    columns = [
        _column(day, parts, currency, question, is_first=place == 0, stored=day in stored)
        for place, (day, parts) in enumerate(days.items())
    ]
    details = _("Details are in the table below the chart.")
    drawing = charts.stacked_columns(f"trend-{currency}", title, details, columns, _short(currency))
    return title, drawing, charts.columns_table(columns, lambda amount: amount_text(amount, currency))


def chart_heads(basis: Basis) -> list[tuple[str, bool]]:
    """The heads of the chart's table."""
    from_steps = [(str(step.label), True) for step in AGING_STEPS]
    if basis is not Basis.DUE:
        from_steps[0] = (_("Dated that day"), True)
    return [(_("Day"), False), *from_steps, (_("Total"), True)]


def step_of(place: int, count: int) -> int:
    """The step of the six-colour scale for a bucket of a set of any size: first and last keep theirs."""
    return place * (len(AGING_STEPS) - 1) // (count - 1)


def _column(
    day: date, parts: tuple[Decimal, ...], currency: str, question: AgingQuestion, *, is_first: bool, stored: bool
) -> charts.Column:
    """One month. The year stands at the first and at every January; there is no room for more under twelve columns."""
    label = date_format(day, "M ’y" if is_first or day.month == 1 else "M")
    if day == question.scope.as_of:
        label = date_text(day, on=day)
    total = amount_text(sum(parts, Decimal(0)), currency)
    url = documents_url(question.query, as_of=day.isoformat(), currency=currency, stored="1" if stored else "")
    return charts.Column(label, parts, total, url)


def _short(currency: str) -> Callable[[Decimal], str]:
    return lambda amount: short_amount(amount, currency)
