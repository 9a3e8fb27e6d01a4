"""The rows of the aging's files: one per customer and currency, or one per document. The as-of day and the credit mode
stand in every row, because rows are sorted and copied without their title."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from collections_app.lib.money import Money
from collections_app.web.aging_scale import AGING_STEPS
from collections_app.web.exports import Cell, Row
from invoices.queries.aging_documents import OpenDocument
from invoices.queries.aging_matrix import CurrencyMatrix
from invoices.rules.aging import CREDIT_MODE
from invoices.views.aging_words import kind_word


def matrix_headings() -> list[str]:
    """The column heads of `matrix_rows`."""
    buckets = [str(step.label) for step in AGING_STEPS]
    last = [_("Total"), _("Overdue"), _("Of which disputed"), _("Open documents"), _("Credits aged by")]
    return [_("As of"), _("Currency"), _("Number"), _("Customer"), *buckets, *last]


def matrix_rows(matrices: Iterable[CurrencyMatrix], as_of: date) -> Iterator[Row]:
    """One row per customer and currency with typed amounts."""
    for matrix in matrices:
        for row in matrix.rows:
            amounts = row.amounts
            sums = [*amounts.buckets, amounts.total, amounts.overdue, amounts.disputed]
            money = [Money(amount, matrix.currency) for amount in sums]
            yield [as_of, matrix.currency, row.number, row.name, *money, amounts.documents, credit_words()]


def document_headings() -> list[str]:
    """The column heads of `document_rows`."""
    first = [_("As of"), _("Kind"), _("Number"), _("Customer"), _("Date"), _("Due on"), _("Days late"), _("Currency")]
    return [*first, _("Amount"), _("Open"), _("Of which disputed"), _("Credits aged by")]


def document_rows(documents: Sequence[OpenDocument], as_of: date) -> Iterator[Row]:
    """One row per document with typed amounts; credits and payments are negative."""
    for row in documents:
        money = [Money(amount, row.currency) for amount in (row.amount, row.open, row.disputed)]
        dates: list[Cell] = [row.document_on, row.aged_on, row.days]
        yield [as_of, kind_word(row.kind), row.number, row.customer, *dates, row.currency, *money, credit_words()]


def credit_words() -> str:
    """How credits and unapplied cash are shown, in words."""
    return {"own": _("their own date, negative")}[CREDIT_MODE]
