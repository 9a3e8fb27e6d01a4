"""The statement of one account: as a page, as a PDF in the customer's language, and as a typed file."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.money import Money
from collections_app.web.exports import Row, csv_response, xlsx_response
from collections_app.web.fragments import form_invalid, page_or_fragment
from customers.access import visible_customers
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.documents.names import document_name
from invoices.documents.statement import posting_words, statement_pdf
from invoices.forms.statement import StatementForm
from invoices.queries.recipients import language_for, recipient_of
from invoices.queries.statement import Statement, statement_of
from invoices.views.document_rules import statement_day_form
from invoices.views.documents import address_of
from invoices.views.payer_pdf import pdf_answer

PAGE, FRAGMENT = "invoices/statement.html", "invoices/_statement.html"
LONGEST_PAGE = 500  # postings of one part on the page, the latest; the files hold all


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """The statement from `?from=` to `?as_of=`, both inclusive. `format=csv|xlsx` answers with every posting."""
    customer, form = _asked(request, pk)
    context: dict[str, Any] = {"customer": customer, "form": form, "crumbs": _crumbs(customer)}
    if not form.is_valid():
        return form_invalid(request, PAGE, context, fragment=FRAGMENT)
    found = _statement(customer, form)
    if request.GET.get("format") in ("csv", "xlsx"):
        check(signed_in(request), Capability.SEE_INSIGHT)
        return _file(request.GET["format"], found)
    parts = [
        {
            "part": part,
            "postings": [(row, posting_words(row)) for row in part.period.postings[-LONGEST_PAGE:]],
            "skipped": max(0, len(part.period.postings) - LONGEST_PAGE),
        }
        for part in found.parts
    ]
    context |= {"day_form": statement_day_form(customer.pk)}
    context |= {"statement": found, "parts": parts, "query": f"?from={found.from_on}&as_of={found.as_of}"}
    return page_or_fragment(request, PAGE, context, fragment=FRAGMENT)


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def statement_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF in the customer's language; 422 for days that make no sense."""
    customer, form = _asked(request, pk)
    if not form.is_valid():
        context = {"customer": customer, "form": form, "crumbs": _crumbs(customer), "has_errors": True}
        return render(request, PAGE, context, status=422)
    found = _statement(customer, form)
    language = language_for(contact=recipient_of(customer), customer=customer, entity=customer.entity)
    return pdf_answer(
        request,
        lambda: statement_pdf(found, language=language),
        document_name(f"Statement-{found.as_of.isoformat()}", customer.number),
        who=f"user-{signed_in(request).pk}",
    )


def _asked(request: HttpRequest, pk: int) -> tuple[Customer, StatementForm]:
    customer = get_object_or_404(visible_customers(signed_in(request)).select_related("entity"), pk=pk)
    return customer, StatementForm(request.GET, today=business_day(customer.entity))


def _statement(customer: Customer, form: StatementForm) -> Statement:
    return statement_of(customer, from_on=form.cleaned_data["from"], as_of=form.cleaned_data["as_of"])


def _crumbs(customer: Customer) -> list[tuple[str, str]]:
    return [(customer.name, address_of("account", customer.pk)), (_("Statement"), "")]


def _file(kind: str, found: Statement) -> HttpResponse:
    headings = [
        _("Entity"), _("Currency"), _("Date"), _("Posting"), _("Reference"), _("Note"), _("Due"), _("Amount"),
        _("Balance"),
    ]  # fmt: skip
    name = f"statement-{found.customer.number}-{found.as_of.isoformat()}"
    answer = csv_response if kind == "csv" else xlsx_response
    return answer(name, headings, _rows(found))


def _rows(found: Statement) -> Iterable[Row]:
    for part in found.parts:
        code, currency = part.entity.code, part.currency
        opening = Money(part.period.opening, currency)
        yield [code, currency, found.from_on, _("Brought forward"), "", "", None, None, opening]
        for row in part.period.postings:
            money = [Money(row.amount, currency), Money(row.balance, currency)]
            yield [code, currency, row.on, posting_words(row), row.reference, row.note, row.due_on, *money]
