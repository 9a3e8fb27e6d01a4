"""The aging dashboard: per currency the figures, the trend and the matrix of lines by buckets; also as a file."""

from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.exports import csv_response, xlsx_response
from collections_app.web.fragments import form_invalid, page_or_fragment
from customers.queries.clock import installation_day
from invoices.documents.aging import aging_pdf
from invoices.documents.pdf import PdfRefused
from invoices.forms.aging_filter import AgingFilter, AgingQuestion
from invoices.queries.aging_base import InOneCurrency, in_one_currency
from invoices.queries.aging_matrix import CurrencyMatrix, aging_matrix
from invoices.queries.aging_stored import History, aging_history
from invoices.queries.aging_trend import month_ends
from invoices.rules.aging import Credits
from invoices.rules.buckets import DEFAULT
from invoices.views.aging_export import matrix_headings, matrix_rows
from invoices.views.aging_links import export_url
from invoices.views.aging_print import printed
from invoices.views.aging_sections import PAGE_SIZE, PREVIEW_SIZE, quick_days, section
from invoices.views.aging_words import mode_sentences

_PAGE, _FRAGMENT = "invoices/aging.html", "invoices/_aging.html"
FORMATS = ("csv", "xlsx", "pdf")


@require_GET
@requires(Capability.SEE_INSIGHT)
def aging(request: HttpRequest) -> HttpResponse:
    """What is owed on a day, by lateness. `format=csv`, `xlsx` and `pdf` answer with all lines as a file."""
    today = installation_day()
    form = AgingFilter(request.GET, user=signed_in(request), today=today)
    if not form.is_valid():
        return form_invalid(request, _PAGE, {"form": form, "today": today}, fragment=_FRAGMENT)
    question = form.question()
    if request.GET.get("format") in FORMATS:
        return _file(request.GET["format"], question)
    may_see_books = signed_in(request).may(Capability.RECORD_CASH)
    context = {"form": form, "may_see_books": may_see_books, **_answer(question, today)}
    return page_or_fragment(
        request, _PAGE, context, fragment=_FRAGMENT, announce=_("Aging as of %(day)s") % {"day": question.scope.as_of}
    )


def _answer(question: AgingQuestion, today: date) -> dict[str, object]:
    scope, offset = question.scope, (question.page - 1) * PAGE_SIZE
    matrices = aging_matrix(scope, by=question.by, sort=question.sort, offset=offset, size=PAGE_SIZE)
    history = _history(question, matrices)
    size = PAGE_SIZE if len(matrices) == 1 else PREVIEW_SIZE
    return {
        "question": question,
        "as_of": scope.as_of,
        "today": today,
        "computed_at": timezone.now(),
        "mode": mode_sentences(scope),
        "quick_days": quick_days(question, today),
        "sections": [section(matrix, history, question, size) for matrix in matrices],
        "converted": _converted(matrices, question),
        **{f"{name}_url": export_url("aging", question.query, name) for name in FORMATS},
    }


def _history(question: AgingQuestion, matrices: list[CurrencyMatrix]) -> History:
    """A year of month ends up to the day. Where the report has the chart's own form, its totals are the last column."""
    scope = question.scope
    plain = replace(scope, credits=Credits.OWN, buckets=DEFAULT)
    same = scope == plain
    known = {scope.as_of: {matrix.currency: matrix.totals.buckets for matrix in matrices}} if same else {}
    return aging_history(plain, month_ends(scope.as_of), known=known)


def _converted(matrices: list[CurrencyMatrix], question: AgingQuestion) -> InOneCurrency | None:
    if not question.base:
        return None
    totals = [(matrix.currency, matrix.totals.total) for matrix in matrices]
    return in_one_currency(totals, base=question.base, as_of=question.scope.as_of)


def _file(file_format: str, question: AgingQuestion) -> HttpResponse:
    scope = question.scope
    matrices = aging_matrix(scope, by=question.by, sort=question.sort, size=None)
    name = f"aging-{scope.as_of.isoformat()}"
    if file_format == "pdf":
        return _pdf(name, matrices, question)
    headings, rows = matrix_headings(question), matrix_rows(matrices, question)
    if file_format == "csv":
        return csv_response(name, headings, rows)
    return xlsx_response(name, headings, rows, sheet=f"Aging {scope.as_of.isoformat()}")


def _pdf(name: str, matrices: list[CurrencyMatrix], question: AgingQuestion) -> HttpResponse:
    try:
        content = aging_pdf(printed(matrices, _converted(matrices, question), question))
    except PdfRefused as refusal:
        return HttpResponse(refusal.sentence, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
