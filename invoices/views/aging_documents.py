"""The documents behind one figure of the aging. Their sum is printed and is the figure, to the last cent."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.exports import csv_response, xlsx_response
from collections_app.web.fragments import form_invalid, page_or_fragment
from customers.access import visible_customers
from customers.models import Customer
from customers.queries.clock import installation_day
from invoices.forms.aging_filter import AgingFilter, AgingQuestion
from invoices.queries.aging_documents import DocumentSum, OpenDocument, OpenDocuments, documents_behind
from invoices.rules.aging import Basis
from invoices.views.aging_export import document_headings, document_rows
from invoices.views.aging_links import aging_url, documents_url, export_url
from invoices.views.aging_words import kind_word, mode_sentences, part_words

PAGE_SIZE = 50
_PAGE, _FRAGMENT = "invoices/aging_documents.html", "invoices/_aging_documents.html"
_PAGES = {"invoice": "invoice", "payment": "payment"}


@require_GET
@requires(Capability.SEE_INSIGHT)
def aging_documents(request: HttpRequest) -> HttpResponse:
    """One page of open documents with their sums. `format=csv` and `format=xlsx` answer with all of them as a file."""
    today, user = installation_day(), signed_in(request)
    form = AgingFilter(request.GET, user=user, today=today)
    if not form.is_valid():
        return form_invalid(request, _PAGE, {"form": form, "title": _("Documents"), "today": today}, fragment=_FRAGMENT)
    question = form.question()
    if request.GET.get("format") in ("csv", "xlsx"):
        return _file(request.GET["format"], question)
    found = _found(question, (question.page - 1) * PAGE_SIZE, PAGE_SIZE)
    context = {"form": form, "customer": _customer(question, visible_customers(user)), **_context(question, found)}
    return page_or_fragment(request, _PAGE, context, fragment=_FRAGMENT)


def _context(question: AgingQuestion, found: OpenDocuments) -> dict[str, object]:
    count = sum(part.documents for part in found.sums)
    first = (question.page - 1) * PAGE_SIZE + 1
    last = first + len(found.rows) - 1
    query = question.query
    return {
        "title": part_words(question),
        "question": question,
        "as_of": question.scope.as_of,
        "mode": mode_sentences(question.scope),
        "by_due": question.scope.basis is Basis.DUE,
        "rows": [(row, kind_word(row.kind), _url(row)) for row in found.rows],
        "sums": [(part, part.of(question.part)) for part in found.sums or _nothing(question)],
        "split": any(part.disputed or part.on_plan or part.promised for part in found.sums),
        "count": count,
        "first": first,
        "last": last,
        "previous_url": documents_url(query, page=question.page - 1) if question.page > 1 else "",
        "next_url": documents_url(query, page=question.page + 1) if found.rows and last < count else "",
        "back_url": aging_url(query, customer="", bucket="", part="", within="", key=""),
        "csv_url": export_url("aging_documents", query, "csv"),
        "xlsx_url": export_url("aging_documents", query, "xlsx"),
        "computed_at": timezone.now(),
    }


def _nothing(question: AgingQuestion) -> list[DocumentSum]:
    currency = question.scope.currency
    return [DocumentSum(currency)] if currency else []


def _found(question: AgingQuestion, offset: int, size: int | None) -> OpenDocuments:
    return documents_behind(question.scope, buckets=question.buckets, part=question.part, offset=offset, size=size)


def _customer(question: AgingQuestion, visible: QuerySet[Customer]) -> Customer | None:
    """The one customer that is asked for; a stranger's customer is not found."""
    if "customer" not in question.query:
        return None
    return get_object_or_404(visible, pk=question.query["customer"])


def _url(row: OpenDocument) -> str:
    """The page of the document, '' where its kind has none."""
    try:
        return reverse(_PAGES[row.kind], args=[row.id])
    except (KeyError, NoReverseMatch):
        return ""


def _file(file_format: str, question: AgingQuestion) -> HttpResponse:
    as_of = question.scope.as_of
    name, rows = f"open-documents-{as_of.isoformat()}", document_rows(_found(question, 0, None), question)
    if file_format == "csv":
        return csv_response(name, document_headings(), rows)
    return xlsx_response(name, document_headings(), rows, sheet=f"Open {as_of.isoformat()}")
