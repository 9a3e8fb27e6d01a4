"""The aging dashboard: per currency the figures, the trend and the matrix of customers by buckets; also as a file."""

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
from invoices.forms.aging_filter import AgingFilter, AgingQuestion
from invoices.queries.aging_matrix import CurrencyMatrix, aging_matrix
from invoices.queries.aging_trend import aging_trend, month_ends
from invoices.views.aging_export import matrix_headings, matrix_rows
from invoices.views.aging_links import export_url
from invoices.views.aging_sections import PAGE_SIZE, PREVIEW_SIZE, quick_days, section

_PAGE, _FRAGMENT = "invoices/aging.html", "invoices/_aging.html"


@require_GET
@requires(Capability.SEE_INSIGHT)
def aging(request: HttpRequest) -> HttpResponse:
    """What is owed on a day, by lateness. `format=csv` and `format=xlsx` answer with all rows as a file."""
    today = installation_day()
    form = AgingFilter(request.GET, user=signed_in(request), today=today)
    if not form.is_valid():
        return form_invalid(request, _PAGE, {"form": form, "today": today}, fragment=_FRAGMENT)
    question = form.question()
    if request.GET.get("format") in ("csv", "xlsx"):
        return _file(request.GET["format"], question)
    context = {"form": form, **_answer(question, today)}
    return page_or_fragment(
        request, _PAGE, context, fragment=_FRAGMENT, announce=_("Aging as of %(day)s") % {"day": question.scope.as_of}
    )


def _answer(question: AgingQuestion, today: date) -> dict[str, object]:
    scope, offset = question.scope, (question.page - 1) * PAGE_SIZE
    matrices = aging_matrix(scope, sort=question.sort, offset=offset, size=PAGE_SIZE)
    days = month_ends(scope.as_of)
    trend = aging_trend(scope, days)
    size = PAGE_SIZE if len(matrices) == 1 else PREVIEW_SIZE
    return {
        "question": question,
        "as_of": scope.as_of,
        "today": today,
        "computed_at": timezone.now(),
        "quick_days": quick_days(question, today),
        "sections": [section(matrix, trend.get(matrix.currency, {}), question, size) for matrix in matrices],
        "csv_url": export_url("aging", question.query, "csv"),
        "xlsx_url": export_url("aging", question.query, "xlsx"),
    }


def _file(file_format: str, question: AgingQuestion) -> HttpResponse:
    matrices: list[CurrencyMatrix] = aging_matrix(question.scope, sort=question.sort, size=None)
    name = f"aging-{question.scope.as_of.isoformat()}"
    headings, rows = matrix_headings(), matrix_rows(matrices, question.scope.as_of)
    if file_format == "csv":
        return csv_response(name, headings, rows)
    return xlsx_response(name, headings, rows, sheet=f"Aging {question.scope.as_of.isoformat()}")
