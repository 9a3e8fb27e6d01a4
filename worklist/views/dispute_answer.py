"""The page behind the link in a question to a colleague: read and answer, without signing in. Looking changes nothing;
strangers get one and the same 404."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from collections_app.lib.errors import Refusal
from collections_app.web.errors import page_not_found
from customers.queries.clock import business_day
from invoices.models import DisputeQuestion
from invoices.rules.pay_tokens import token_digest
from invoices.services.answer_question import answer_question
from invoices.views.limits import client_address, count, is_over
from invoices.views.payer_gate import make_private, payer_csrf
from worklist.forms.dispute_case import AnswerForm
from worklist.queries.dispute_case import is_dead
from worklist.services.tell_owners import tell_owners

MISSES_PER_MINUTE, ANSWERS_PER_MINUTE = 20, 5
PAGE = "worklist/dispute_answer.html"


@csrf_exempt  # only from the general check: the one for pages that send no referrer runs inside
@payer_csrf
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question with the form; afterwards thanks. 404 for no such link, 410 for a dead one, 429 for too many."""
    who = client_address(request)
    if is_over("answer-misses", who, limit=MISSES_PER_MINUTE - 1):
        return make_private(_too_many(request))
    question = _question(token)
    if question is None:
        count("answer-misses", who)
        return make_private(page_not_found(request))
    if is_dead(question, timezone.now()):
        return make_private(_page(request, question, status=410, dead=True))
    if request.method == "POST":
        return make_private(_answered(request, question, who))
    return make_private(_page(request, question, form=AnswerForm()))


def _question(token: str) -> DisputeQuestion | None:
    rows = DisputeQuestion.objects.select_related("case__customer__entity", "asked_by")
    return rows.filter(token_digest=token_digest(token)).first()


def _answered(request: HttpRequest, question: DisputeQuestion, who: str) -> HttpResponse:
    form = AnswerForm(request.POST, request.FILES)
    if count("answer", who) > ANSWERS_PER_MINUTE:
        return _too_many(request)
    on = business_day(question.case.customer.entity)
    if form.is_valid():
        try:
            told = form.cleaned_data
            answer_question(question=question, text=told["text"], files=told["attached"], now=timezone.now(), on=on)
        except Refusal as refusal:
            form.add_error("attached" if "attached" in refusal.fields else None, refusal.sentence)
        else:
            tell_owners(now=timezone.now(), on=on, customer_ids=[question.case.customer_id])
            return _page(request, question, thanks=True)
    return _page(request, question, form=form, has_errors=True, status=422)


def _page(request: HttpRequest, question: DisputeQuestion, *, status: int = 200, **more: Any) -> HttpResponse:
    case = question.case
    lines = case.disputes.filter(state="open").select_related("invoice").order_by("pk") if "form" in more else ()
    context = {"question": question, "case": case, "entity": case.customer.entity, "lines": lines, **more}
    return render(request, PAGE, context, status=status)


def _too_many(request: HttpRequest) -> HttpResponse:
    sentence = _("Too many attempts within one minute. Wait a minute, then open your link again.")
    response = render(request, "pay/too_many.html", {"sentence": sentence}, status=429)
    response.headers["Retry-After"] = "60"
    return response
