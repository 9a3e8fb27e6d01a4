"""Bank files: uploading them, answering what they ask, what became of each, and the list of its problems."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.exports import csv_response
from collections_app.web.fragments import form_invalid, toast
from collections_app.web.pagination import keyset_page
from customers.access import visible_entities
from invoices.access import visible_bank_accounts, visible_bank_files
from invoices.forms.bank import AccountForm
from invoices.forms.bank_files import AnswersForm, BankUploadForm
from invoices.models import BankFile
from invoices.nudge import nudge
from invoices.queries.bank_files import account_rows, statement_rows
from invoices.services.answer_bank_file import answer_bank_file
from invoices.services.import_bank_file import import_bank_file
from invoices.services.save_bank_account import save_bank_account
from invoices.tasks import match_waiting_bank_lines, read_waiting_bank_files

PAGE = "invoices/bank_files.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def bank_files(request: HttpRequest) -> HttpResponse:
    """The accounts and the history of files; a POST takes a file in and leads to what became of it."""
    user = signed_in(request)
    form = BankUploadForm(request.POST, request.FILES) if request.method == "POST" else BankUploadForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = import_bank_file(
                name=upload.name, content=upload.read(), entities=list(visible_entities(user)), wait=False, actor=user
            )
        except Refusal as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return _taken_in(request, file)
    rows = visible_bank_files(user).select_related("uploaded_by")
    page = keyset_page(rows, request.GET, order=("-uploaded_at", "-id"), size=25)
    context = {"form": form, "page": page, "accounts": account_rows(visible_bank_accounts(user))}
    return form_invalid(request, PAGE, context, fragment=PAGE) if form.errors else render(request, PAGE, context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def bank_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: its statements from opening to closing, its problems, and what it asks; a POST answers."""
    file = _file(request, pk)
    entities = list(visible_entities(signed_in(request)))
    form = AnswersForm(request.POST if request.method == "POST" else None, asked=file.asked, entities=entities)
    if request.method == "POST" and file.state == BankFile.State.ASKING and form.is_valid():
        answers = form.answers(file.answers)
        file = answer_bank_file(file=file, answers=answers, entities=entities, actor=signed_in(request))
        return _taken_in(request, file)
    context = {
        "file": file,
        "form": form,
        "statements": statement_rows(file, visible_bank_accounts(signed_in(request))),
        "has_errors": bool(form.errors),
    }
    return render(request, "invoices/bank_file.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Capability.RECORD_CASH)
def bank_file_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """The problems of a file as CSV: where, and what to do."""
    file = _file(request, pk)
    rows = [(problem["position"], problem["sentence"]) for problem in file.problems]
    return csv_response(f"problems-{file.pk}", ("Position", "Problem"), rows)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.RECORD_CASH)
def bank_account(request: HttpRequest, pk: int) -> HttpResponse:
    """How the lines of an account are treated."""
    account = get_object_or_404(visible_bank_accounts(signed_in(request)).select_related("entity"), pk=pk)
    form = AccountForm(request.POST if request.method == "POST" else None, instance=account)
    if request.method == "POST" and form.is_valid():
        save_bank_account(account=account, actor=signed_in(request), **form.cleaned_data)
        return toast(request, redirect("bank_files"), _("Saved. It counts from the next line on."))
    context = {"form": form, "account": account, "has_errors": bool(form.errors)}
    return render(request, "invoices/bank_account.html", context, status=422 if form.errors else 200)


def _file(request: HttpRequest, pk: int) -> BankFile:
    return get_object_or_404(visible_bank_files(signed_in(request)).select_related("uploaded_by"), pk=pk)


def _taken_in(request: HttpRequest, file: BankFile) -> HttpResponse:
    nudge(read_waiting_bank_files if file.state == BankFile.State.QUEUED else match_waiting_bank_lines)
    words: dict[str, Any] = {
        BankFile.State.QUEUED: _("The file is large and is read in the background."),
        BankFile.State.READ: _("%(n)s lines added.") % {"n": file.lines_added},
    }
    response = redirect("bank_file", pk=file.pk)
    return toast(request, response, words[file.state]) if file.state in words else response
