"""The rows of the aging's files: one per line and currency, or one per document. The as-of day and the modes stand in
every row, because rows are sorted and copied without their title."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from collections_app.lib.money import Money
from collections_app.web.exports import Cell, Row
from invoices.forms.aging_filter import AgingQuestion
from invoices.queries.aging_documents import OpenDocument, OpenDocuments
from invoices.queries.aging_matrix import CurrencyMatrix
from invoices.rules.aging import Basis
from invoices.views.aging_words import bucket_words, credit_label, kind_word, line_words


def matrix_headings(question: AgingQuestion) -> list[str]:
    """The column heads of `matrix_rows`."""
    scope = question.scope
    buckets = [bucket_words(bucket, scope.basis) for bucket in scope.buckets.all]
    totals = [_("Total"), _("Overdue"), _("Of which credits"), _("Of which disputed"), _("Of which on a plan")]
    last = [_("Of which promised"), _("Collectable"), _("Open documents"), *_mode_headings()]
    name = _("Customer") if question.by.word == "customer" else _("Line")
    return [_("As of"), _("Currency"), _("Number"), name, *buckets, *totals, *last]


def matrix_rows(matrices: Iterable[CurrencyMatrix], question: AgingQuestion) -> Iterator[Row]:
    """One row per line and currency with typed amounts."""
    mode = _mode(question)
    for matrix in matrices:
        for row in matrix.rows:
            amounts = row.amounts
            sums = [*amounts.buckets, amounts.total, amounts.overdue, amounts.credits, amounts.disputed]
            sums += [amounts.on_plan, amounts.promised, amounts.collectable]
            money = [Money(amount, matrix.currency) for amount in sums]
            name = line_words(question.by.word, row.name)
            yield [question.scope.as_of, matrix.currency, row.number, name, *money, amounts.documents, *mode]


def document_headings() -> list[str]:
    """The column heads of `document_rows`."""
    first = [_("As of"), _("Kind"), _("Number"), _("Instalment"), _("Customer"), _("Date"), _("Due on"), _("Days")]
    money = [_("Currency"), _("Amount"), _("Open"), _("Of which disputed"), _("Of which on a plan")]
    return [*first, *money, _("Of which promised"), _("Collectable"), *_mode_headings()]


def document_rows(found: OpenDocuments, question: AgingQuestion) -> Iterator[Row]:
    """One row per document or instalment with typed amounts, credits and payments negative; then the netting lines, so
    that the rows add up to the cell they came from."""
    as_of, mode = question.scope.as_of, _mode(question)
    for row in found.rows:
        dates: list[Cell] = [row.document_on, row.aged_on, row.days]
        yield [as_of, kind_word(row.kind), row.number, row.position, row.customer, *dates, *_money(row), *mode]
    for part in found.sums:
        if part.netted:
            money = [Money(amount, part.currency) for amount in (part.netted, part.netted, *[Decimal(0)] * 4)]
            blank: list[Cell] = ["", None, "", None, None, None]
            yield [as_of, _("Credits netted here"), *blank, part.currency, *money, *mode]


def _money(row: OpenDocument) -> Sequence[Cell]:
    amounts = (row.amount, row.open, row.disputed, row.on_plan, row.promised, row.collectable)
    return [row.currency, *(Money(amount, row.currency) for amount in amounts)]


def _mode_headings() -> list[str]:
    return [_("Aged by"), _("Credits aged by"), _("As known on")]


def _mode(question: AgingQuestion) -> list[Cell]:
    scope = question.scope
    basis = _("due date") if scope.basis is Basis.DUE else _("document date")
    return [basis, credit_label(scope.credits), scope.known_on]
