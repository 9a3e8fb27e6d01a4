"""What the actions on a bank line share: the form in the panel or on a page of its own, and what comes next."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from collections_app.accounts.access import signed_in
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
from collections_app.web.writing import amount_text
from customers.access import visible_customers
from customers.forms.refusals import take_refusal
from invoices.forms.bank import Candidates
from invoices.models import BankLine
from invoices.nudge import nudge
from invoices.queries.bank_inbox import next_line, read_inbox
from invoices.tasks import match_waiting_bank_lines
from invoices.views.bank_inbox import line_in_scope, panel_context, waiting_tabs


def act(
    request: HttpRequest, line: BankLine, form: forms.Form, title: str, submit: str, perform: Callable[[Any], str]
) -> HttpResponse:
    """The form; once it is valid and the service agrees, what comes next. A refusal is shown in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            words = perform(form.cleaned_data)
        except Refusal as refusal:
            take_refusal(form, refusal)
        else:
            return after(request, line, words)
    return composer(request, line, form, title, submit)


def composer(
    request: HttpRequest, line: BankLine, form: forms.Form, title: str, submit: str, **more: Any
) -> HttpResponse:
    """The form in the panel, or as a page of its own."""
    back = back_of(request)
    context = {"line": line, "form": form, "inbox": read_inbox(QueryDict(back)), "title": title, "submit": submit,
               "back": back, "action_url": request.path, "has_errors": bool(form.errors), **more}  # fmt: skip
    response = page_or_fragment(
        request, "invoices/bank_act.html", context, fragment="invoices/_bank_composer.html",
        status=422 if form.errors else 200,
    )  # fmt: skip
    if form.errors and wants_fragment(request):
        response.headers["HX-Retarget"] = "#composer"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def after(request: HttpRequest, line: BankLine, words: str) -> HttpResponse:
    """What follows an action: the message with its undo, and the line to settle next."""
    nudge(match_waiting_bank_lines)
    line.refresh_from_db()
    postings = line.postings.filter(undone_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    undo = f"{reverse('bank_undo', args=[line.pk])}?of={','.join(map(str, postings))}"
    return toast(request, _next(request, line), words, undo_url=undo)


def _next(request: HttpRequest, line: BankLine) -> HttpResponse:
    inbox, user = read_inbox(QueryDict(back_of(request))), signed_in(request)
    stays = line.state == inbox.show
    following = line.pk if stays else next_line(user, inbox, line)
    where = f"{reverse('bank')}?{inbox.query(at=following)}"
    if not wants_fragment(request):
        return HttpResponseRedirect(where)
    context: dict[str, Any] = {"inbox": inbox, "tabs": waiting_tabs(user, inbox), "gone": None if stays else line.pk}
    if following:
        context |= panel_context(line_in_scope(request, following), inbox)
    response = render(request, "invoices/_bank_next.html", context)
    response.headers["HX-Push-Url"] = where
    return response


def back_of(request: HttpRequest) -> str:
    """The list's filters to return to, cleaned."""
    asked = QueryDict(request.POST.get("back", "")) if request.method == "POST" else request.GET
    return read_inbox(asked).query()


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; None when the form is only opened."""
    return request.POST if request.method == "POST" else None


def candidates(request: HttpRequest) -> Candidates:
    """The customers that this person may name; those merged into others are not asked for."""
    return Candidates(visible_customers(signed_in(request)).filter(merged_into__isnull=True))


def amount_of(line: BankLine) -> str:
    """The line's amount in words for messages."""
    return amount_text(line.amount, line.currency)
