"""One currency's part of the aging dashboard, ready to be written: figures, trend chart, matrix with links. It computes
no aging; sums and shares come from the query's amounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from collections_app.web import charts
from collections_app.web.writing import amount_html
from invoices.forms.aging_filter import AgingQuestion
from invoices.queries.aging import Amounts
from invoices.queries.aging_matrix import CurrencyMatrix, MatrixRow
from invoices.queries.aging_stored import History
from invoices.rules.aging import Basis, Credits
from invoices.views.aging_chart import chart_heads, step_of, trend_chart
from invoices.views.aging_figures import Figure, apart, figures, percent
from invoices.views.aging_links import aging_url, documents_url, line_part
from invoices.views.aging_words import bucket_words, line_words, lines_word

PAGE_SIZE = 50
PREVIEW_SIZE = 10  # lines per currency while several currencies are shown


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
class Head:
    """A column head that sorts; `direction` is ascending, descending or ''."""

    label: str
    url: str
    direction: str
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the matrix: the word it is sorted by, its head, its class, and what narrows documents to it."""

    word: str
    label: str
    part: dict[str, str]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Everything about one currency."""

    currency: str
    figures: list[Figure]
    apart: list[tuple[str, SafeString, str]]
    chart_title: str
    chart: SafeString
    chart_columns: list[tuple[str, bool]]
    chart_rows: charts.Cells
    heads: list[Head]
    lines: list[Line]
    foot: list[Cell]
    shares: list[tuple[int, str, Cell, str]]  # step of the scale, words, sum, share of the total
    caption: str
    foot_label: str
    shown: str
    all_url: str  # where this currency's lines go on, when only some are shown
    previous_url: str
    next_url: str


def section(matrix: CurrencyMatrix, history: History, question: AgingQuestion, size: int) -> Section:
    """The section of one matrix. `size` is how many lines a page shows."""
    days = history.currencies.get(matrix.currency, {})
    currency, query = matrix.currency, question.query
    rows, preview = matrix.rows[:size], size == PREVIEW_SIZE
    first = 1 if preview else (question.page - 1) * size + 1
    more = first + len(rows) <= matrix.lines
    title, drawing, table = trend_chart(days, currency, question, history.stored)
    columns = list(columns_of(matrix, question))
    foot = list(_cells(matrix.totals, columns, currency, question))
    return Section(
        currency=currency,
        figures=list(figures(matrix, days, question)),
        apart=apart(matrix, question),
        chart_title=title,
        chart=drawing,
        chart_columns=chart_heads(question.scope.basis),
        chart_rows=table,
        heads=list(_heads(columns, question)),
        lines=[_line(row, columns, currency, question) for row in rows],
        foot=foot,
        shares=list(_shares(matrix.totals, foot, question)),
        caption=_("%(lines)s by age, %(currency)s") % {"lines": lines_word(question.by.word), "currency": currency},
        foot_label=_("All customers"),
        shown=_("%(first)s–%(last)s of %(all)s %(lines)s")
        % {
            "first": first,
            "last": first + len(rows) - 1,
            "all": matrix.lines,
            "lines": lines_word(question.by.word).lower(),
        },
        all_url=aging_url(query, currency=currency) if preview and more else "",
        previous_url=aging_url(query, page=question.page - 1) if not preview and question.page > 1 else "",
        next_url=aging_url(query, page=question.page + 1) if not preview and more and rows else "",
    )


def columns_of(matrix: CurrencyMatrix, question: AgingQuestion) -> Iterator[Column]:
    """The columns behind the name: the buckets, the credits where they stand apart, the total, and how it divides.
    Plans and promises have a column only where there are any."""
    scope, totals = question.scope, matrix.totals
    for bucket in scope.buckets.all:
        yield Column(bucket.key, bucket_words(bucket, scope.basis), {"bucket": bucket.key})
    if scope.credits is Credits.COLUMN:
        yield Column("credits", _("Credits"), {"part": "credits"})
    yield Column("total", _("Total"), {}, "total")
    overdue = _("Overdue") if scope.basis is Basis.DUE else _("Older")
    yield Column("overdue", overdue, {"bucket": "overdue"})
    yield Column("disputed", _("Disputed"), {"part": "disputed"})
    if totals.on_plan:
        yield Column("on_plan", _("On plan"), {"part": "on_plan"})
    if totals.promised:
        yield Column("promised", _("Promised"), {"part": "promised"})
    yield Column("collectable", _("Collectable"), {"part": "collectable"})


def amount_in(amounts: Amounts, column: Column) -> Decimal:
    """The amount of a line in a column."""
    by_key = amounts.by_key
    found: Decimal = by_key[column.word] if column.word in by_key else getattr(amounts, column.word)
    return found


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


def _line(row: MatrixRow, columns: list[Column], currency: str, question: AgingQuestion) -> Line:
    by = question.by.word
    url = aging_url(question.query, currency=currency, by="", sort="", **line_part(by, row.key))
    if by == "customer":
        url = reverse("account", args=[row.customer_id])
    note = row.number if by in ("customer", "group", "entity") else ""
    cells = list(_cells(row.amounts, columns, currency, question, **line_part(by, row.key)))
    return Line(line_words(by, row.name), url, note, cells)


def _heads(columns: list[Column], question: AgingQuestion) -> Iterator[Head]:
    name = Column("customer", lines_word(question.by.word), {})
    for column in (name, *columns):
        first, second = (column.word, f"-{column.word}")
        first, second = (first, second) if column is name else (second, first)
        direction = {column.word: "ascending", f"-{column.word}": "descending"}.get(question.sort, "")
        url = aging_url(question.query, sort=second if question.sort == first else first)
        yield Head(column.label, url, direction, column is not name)


def _cells(
    amounts: Amounts, columns: list[Column], currency: str, question: AgingQuestion, **line: str
) -> Iterator[Cell]:
    for column in columns:
        amount = amount_in(amounts, column)
        if not amount and not column.kind:
            yield Cell(SafeString("–"), "", "zero")
            continue
        url = documents_url(question.query, currency=currency, **line, **column.part)
        yield Cell(amount_html(amount, currency), url, column.kind)


def _shares(totals: Amounts, foot: list[Cell], question: AgingQuestion) -> Iterator[tuple[int, str, Cell, str]]:
    buckets = question.scope.buckets.all
    for place, (bucket, cell) in enumerate(zip(buckets, foot, strict=False)):
        words = bucket_words(bucket, question.scope.basis)
        share = percent(totals.buckets[place], totals.total)
        yield step_of(place, len(buckets)), words, cell, share
