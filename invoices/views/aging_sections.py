"""One currency's part of the aging dashboard, ready to be written: figures, trend chart, matrix with links. It computes
no aging; sums and shares come from the query's amounts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from collections_app.web import charts
from collections_app.web.aging_scale import AGING_STEPS
from collections_app.web.writing import amount_html, amount_text, date_text, short_amount
from invoices.forms.aging_filter import AgingQuestion
from invoices.queries.aging import Amounts
from invoices.queries.aging_matrix import CurrencyMatrix
from invoices.rules.aging import BUCKETS
from invoices.views.aging_links import aging_url, documents_url

PAGE_SIZE = 50
PREVIEW_SIZE = 10  # customers per currency while several currencies are shown
Days = Mapping[date, tuple[Decimal, ...]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the matrix and the address of the documents behind it ('' where nothing is)."""

    text: SafeString
    url: str
    kind: str = ""  # a class: total, zero


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the matrix; `note` is the customer's number."""

    label: str
    url: str
    note: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures on top, with its formula in words."""

    label: str
    value: str | SafeString
    formula: str
    url: str = ""
    note: str = ""
    tone: str = ""
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column head that sorts; `direction` is ascending, descending or ''."""

    label: str
    url: str
    direction: str
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """Everything about one currency."""

    currency: str
    figures: list[Figure]
    chart_title: str
    chart: SafeString
    chart_columns: list[tuple[str, bool]]
    chart_rows: charts.Cells
    heads: list[Head]
    lines: list[Line]
    foot: list[Cell]
    shares: list[tuple[int, str, Cell, str]]  # step of the scale, words, sum, share of the total
    caption: str
    shown: str
    all_url: str  # where this currency's customers go on, when only some are shown
    previous_url: str
    next_url: str


def section(matrix: CurrencyMatrix, days: Days, question: AgingQuestion, size: int) -> Section:
    """The section of one matrix. `size` is how many customers a page shows."""
    currency, query = matrix.currency, question.query
    rows, preview = matrix.rows[:size], size == PREVIEW_SIZE
    first = 1 if preview else (question.page - 1) * size + 1
    more = first + len(rows) <= matrix.customers
    title = _("Open by age, %(currency)s, at the end of each month") % {"currency": currency}
    columns = [
        _column(day, parts, currency, question, is_first=place == 0) for place, (day, parts) in enumerate(days.items())
    ]
    foot = list(_cells(matrix.totals, currency, question))
    return Section(
        currency=currency,
        figures=list(_figures(matrix, days, question)),
        chart_title=title,
        chart=charts.stacked_columns(
            f"trend-{currency}", title, _("Details are in the table below the chart."), columns, _short(currency)
        ),
        chart_columns=[(_("Day"), False), *((str(step.label), True) for step in AGING_STEPS), (_("Total"), True)],
        chart_rows=charts.columns_table(columns, lambda amount: amount_text(amount, currency)),
        heads=list(_heads(question)),
        lines=[
            Line(row.name, reverse("account", args=[row.customer_id]), row.number,
                 list(_cells(row.amounts, currency, question, customer=row.customer_id)))
            for row in rows
        ],
        foot=foot,
        shares=[
            (step.step, str(step.label), cell, _percent(amount, matrix.totals.total))
            for step, cell, amount in zip(AGING_STEPS, foot, matrix.totals.buckets, strict=False)
        ],
        caption=_("Customers by days late, %(currency)s") % {"currency": currency},
        shown=_("%(first)s–%(last)s of %(all)s customers")
        % {"first": first, "last": first + len(rows) - 1, "all": matrix.customers},
        all_url=aging_url(query, currency=currency) if preview and more else "",
        previous_url=aging_url(query, page=question.page - 1) if not preview and question.page > 1 else "",
        next_url=aging_url(query, page=question.page + 1) if not preview and more and rows else "",
    )  # fmt: skip


def quick_days(question: AgingQuestion, today: date) -> list[tuple[str, str, bool]]:
    """Days that are asked often: words, address, whether it is the shown one."""
    month_end = today.replace(day=1) - timedelta(days=1)
    quarter_end = today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1) - timedelta(days=1)
    year_ago = _year_before(today)
    named = [
        (_("Today"), today),
        (_("Month end"), month_end),
        (_("Quarter end"), quarter_end),
        (_("A year ago"), year_ago),
    ]
    return [
        (words, aging_url(question.query, as_of=day.isoformat()), day == question.scope.as_of) for words, day in named
    ]


def _year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _figures(matrix: CurrencyMatrix, days: Days, question: AgingQuestion) -> Iterator[Figure]:
    totals, currency = matrix.totals, matrix.currency
    before = list(days)[-2] if len(days) > 1 else None
    earlier = days[before] if before else ()

    def link(**part: str) -> str:
        return documents_url(question.query, currency=currency, **part)

    def since(now: Decimal, then: Decimal) -> str:
        return _since(now - then, currency, before) if before else ""

    yield Figure(
        label=_("Total open"),
        value=amount_html(totals.total, currency),
        formula=_("Open invoices − open credits − unapplied cash."),
        url=link(),
        note=since(totals.total, sum(earlier, Decimal(0))),
        loud=True,
    )
    yield Figure(
        label=_("Overdue"),
        value=amount_html(totals.overdue, currency),
        formula=_("Everything one day or more past its date, credits deducted. Due today is not overdue."),
        url=link(bucket="overdue"),
        note=since(totals.overdue, sum(earlier[1:], Decimal(0))),
        tone="late" if totals.overdue > 0 else "",
    )
    yield Figure(
        label=_("Over 90 days"),
        value=amount_html(totals.over_90, currency),
        formula=_("91 days or more past the date. The share is this amount ÷ total open."),
        url=link(bucket="over-90"),
        note=_share(totals.over_90, totals.total),
        tone="critical" if totals.over_90 > 0 else "",
    )
    yield Figure(
        label=_("Disputed"),
        value=amount_html(totals.disputed, currency),
        formula=_("Part of the total that customers contest, up to what is open. Share: disputed ÷ total open."),
        url=link(part="disputed"),
        note=_share(totals.disputed, totals.total),
    )
    yield Figure(
        label=_("Credits and unapplied cash"),
        value=amount_html(matrix.credits, currency),
        formula=_("Open credit notes and payments not yet put against an invoice. Already deducted from the total."),
        url=link(part="credits"),
        note=_("deducted from the total"),
    )


def _since(change: Decimal, currency: str, before: date) -> str:
    if not change:
        return _("unchanged since %(day)s") % {"day": date_text(before)}
    sign = "+" if change > 0 else ""
    return _("%(change)s since %(day)s") % {
        "change": f"{sign}{amount_text(change, currency)}",
        "day": date_text(before),
    }


def _share(part: Decimal, whole: Decimal) -> str:
    share = _percent(part, whole)
    return _("%(share)s of the total") % {"share": share} if share else ""


def _percent(part: Decimal, whole: Decimal) -> str:
    """One decimal; '' where a share has no meaning, because the whole is nothing or a credit."""
    return f"{part / whole * 100:.1f} %".replace("-", "−") if whole > 0 else ""


def _column(
    day: date, parts: tuple[Decimal, ...], currency: str, question: AgingQuestion, *, is_first: bool
) -> charts.Column:
    """One month. The year stands at the first and at every January; there is no room for more under twelve columns."""
    label = date_format(day, "M ’y" if is_first or day.month == 1 else "M")
    if day == question.scope.as_of:
        label = date_text(day, on=day)
    total = amount_text(sum(parts, Decimal(0)), currency)
    return charts.Column(label, parts, total, documents_url(question.query, as_of=day.isoformat(), currency=currency))


def _short(currency: str) -> Callable[[Decimal], str]:
    return lambda amount: short_amount(amount, currency)


def _heads(question: AgingQuestion) -> Iterator[Head]:
    columns = [("customer", _("Customer")), *((step.key, str(step.label)) for step in AGING_STEPS)]
    for key, label in [*columns, ("total", _("Total")), ("overdue", _("Overdue")), ("disputed", _("Disputed"))]:
        first, second = (key, f"-{key}") if key == "customer" else (f"-{key}", key)
        direction = {key: "ascending", f"-{key}": "descending"}.get(question.sort, "")
        url = aging_url(question.query, sort=second if question.sort == first else first)
        yield Head(label, url, direction, key != "customer")


def _cells(amounts: Amounts, currency: str, question: AgingQuestion, customer: int | None = None) -> Iterator[Cell]:
    def cell(amount: Decimal, kind: str = "", **part: str) -> Cell:
        if not amount and not kind:
            return Cell(SafeString("–"), "", "zero")
        url = documents_url(question.query, currency=currency, customer=customer, **part)
        return Cell(amount_html(amount, currency), url, kind)

    for bucket, amount in zip(BUCKETS, amounts.buckets, strict=True):
        yield cell(amount, bucket=bucket.key)
    yield cell(amounts.total, "total")
    yield cell(amounts.overdue, bucket="overdue")
    yield cell(amounts.disputed, part="disputed")
