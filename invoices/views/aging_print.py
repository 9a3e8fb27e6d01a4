"""The aging in words for its PDF. It computes no aging."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from collections_app.web.writing import amount_text, date_text
from invoices.documents.aging import PrintedAging, PrintedSection
from invoices.forms.aging_filter import AgingQuestion
from invoices.queries.aging import Amounts
from invoices.queries.aging_base import Converted, InOneCurrency
from invoices.queries.aging_matrix import CurrencyMatrix
from invoices.views.aging_sections import amount_in, columns_of
from invoices.views.aging_words import line_words, lines_word, mode_sentences

MOST_LINES = 1000  # per currency; a spreadsheet is the better file for more


def printed(matrices: list[CurrencyMatrix], converted: InOneCurrency | None, question: AgingQuestion) -> PrintedAging:
    """The whole document; at most MOST_LINES lines per currency, the totals always of all."""
    total = ""
    if converted:
        total = _("All together %(amount)s") % {"amount": amount_text(converted.sum, converted.base, with_code=True)}
    return PrintedAging(
        as_of=question.scope.as_of,
        made_at=timezone.now(),
        mode=mode_sentences(question.scope),
        filters={name: question.query[name] for name in ("entity", "currency", "key") if name in question.query},
        lines_word=lines_word(question.by.word),
        sections=[_section(matrix, question) for matrix in matrices],
        base_total=total,
        rates=list(rate_sentences(converted)) if converted else [],
    )


def rate_sentences(converted: InOneCurrency) -> Iterator[str]:
    """One sentence per currency: what it comes to, and at which rate of which day and source."""
    for row in converted.rows:
        if row.currency != converted.base:
            yield _rate_sentence(row, converted.base)


def _rate_sentence(row: Converted, base: str) -> str:
    total = amount_text(row.total, row.currency, with_code=True)
    if row.rate is None or row.amount is None:
        return _("%(total)s is left out: %(problem)s") % {"total": total, "problem": row.problem}
    return _("%(total)s = %(amount)s at %(rate)s %(base)s for one %(currency)s (%(source)s, %(day)s)") % {
        "total": total,
        "amount": amount_text(row.amount, base, with_code=True),
        "rate": f"{row.rate.rate:.6f}",
        "base": base,
        "currency": row.currency,
        "source": row.rate.source,
        "day": date_text(row.rate.on),
    }


def _section(matrix: CurrencyMatrix, question: AgingQuestion) -> PrintedSection:
    columns = list(columns_of(matrix, question))
    left_out = len(matrix.rows) - MOST_LINES

    def written(amounts: Amounts) -> list[str]:
        return [amount_text(amount_in(amounts, column), matrix.currency) for column in columns]

    return PrintedSection(
        currency=matrix.currency,
        heads=[column.label for column in columns],
        lines=[
            (line_words(question.by.word, row.name), row.number, written(row.amounts))
            for row in matrix.rows[:MOST_LINES]
        ],
        totals=written(matrix.totals),
        cut=_("%(count)s more lines are in the totals but not listed here; the XLSX file has them all.")
        % {"count": left_out}
        if left_out > 0
        else "",
    )
