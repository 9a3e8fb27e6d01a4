"""The page of one dispute and the forms on it; questions to colleagues taken back, requests withdrawn."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Conflict, Refusal
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
from customers.queries.clock import business_day
from invoices.access import visible_cases
from invoices.models import DisputeCase, DisputeQuestion
from invoices.services.revoke_question import revoke_question
from invoices.services.withdraw_approval import withdraw_approval
from worklist.forms.dispute_case import AboutCase, CaseForm, ChangeForm
from worklist.queries.dispute_case import case_page, is_dead
from worklist.services.rescore import rescore
from worklist.services.tell_owners import tell_owners
from worklist.views.dispute_acts import CASE_ACTS, CaseAct, Done, state_of

PAGE, FRAGMENT, COMPOSER = (
    "worklist/dispute_case.html", "worklist/_dispute_case.html", "worklist/_case_composer.html",
)  # fmt: skip


@requires(Capability.SEE_ACCOUNTS)
def dispute_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One dispute: what is disputed, who works on it, what was said and shown."""
    return page_or_fragment(request, PAGE, _context(_about(request, pk)), fragment=FRAGMENT)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def case_act(request: HttpRequest, pk: int, action: str) -> HttpResponseBase:
    """The form of an action, in the page or as a page of its own; saved, the dispute as it is now."""
    chosen, about = CASE_ACTS[action], _about(request, pk)
    if request.method != "POST":
        return _form_page(request, chosen, about, chosen.form(about=about))
    form = chosen.form(request.POST, request.FILES, about=about)
    if not form.is_valid():
        return _form_page(request, chosen, about, form)
    try:
        done = chosen.perform(form, about)
    except Refusal as refusal:
        return _refused(request, chosen, pk, refusal, form)
    return _after(request, pk, done)


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def question_revoke(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A question taken back: its link is dead."""
    rows = DisputeQuestion.objects.filter(case__in=visible_cases(signed_in(request)))
    question = get_object_or_404(rows.select_related("case__customer__entity"), pk=pk)
    on = business_day(question.case.customer.entity)
    revoke_question(question=question, now=timezone.now(), on=on, actor=signed_in(request))
    return _after(request, question.case_id, Done(_("Question to %(name)s taken back.") % {"name": question.to_name}))


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def case_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's own request for a second person taken back; the dispute goes on."""
    case = _about(request, pk).case
    if case.approval is None or case.stage != DisputeCase.Stage.APPROVAL:
        raise Conflict(_("Nothing waits for a second person here any more. Look at it again."), code="nothing_waits")
    withdraw_approval(approval=case.approval, actor=signed_in(request))
    return _after(request, pk, Done(_("Request withdrawn.")))


def _about(request: HttpRequest, pk: int) -> AboutCase:
    person = signed_in(request)
    rows = visible_cases(person).select_related(
        "customer__entity", "owner", "opened_by", "changed_by", "approval__requested_by"
    )
    case = get_object_or_404(rows, pk=pk)
    on = business_day(case.customer.entity)
    return AboutCase(case_page(case, on=on), on, person)


def _context(about: AboutCase, **more: Any) -> dict[str, Any]:
    case, may_work, now = about.case, about.person.may(Capability.WORK_ACCOUNTS), timezone.now()
    fitting = [act for act in CASE_ACTS.values() if may_work and state_of(case) in act.when]
    crumbs = [(_("Disputes"), reverse("disputes")), (case.reference, "")]
    questions = [(question, is_dead(question, now)) for question in about.page.questions]
    waits = case.approval if state_of(case) == "waiting" else None
    return {
        "found": about.page, "case": case, "on": about.on, "acts": fitting, "crumbs": crumbs, "questions": questions,
        "may_work": may_work, "may_approve": about.person.may(Capability.RECORD_CASH), "waits_for": waits,
        "own_request": waits is not None and waits.requested_by_id == about.person.pk, **more,
    }  # fmt: skip


def _form_page(
    request: HttpRequest, chosen: CaseAct, about: AboutCase, form: CaseForm, *, status: int = 422, **more: Any
) -> HttpResponse:
    context = _context(about, act=chosen, form=form, has_errors=bool(form.errors), **more)
    response = page_or_fragment(request, PAGE, context, fragment=COMPOSER, status=status if form.errors else 200)
    if form.errors and wants_fragment(request):
        response.headers["HX-Retarget"] = "#composer"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _refused(request: HttpRequest, chosen: CaseAct, pk: int, refusal: Refusal, typed: CaseForm) -> HttpResponse:
    """The form again with the case as it is by now; two versions side by side when two people edited at once (D87)."""
    about = _about(request, pk)
    form = chosen.form(typed.data, request.FILES, about=about)
    form.refused(refusal)
    more: dict[str, Any] = {}
    if isinstance(form, ChangeForm) and refusal.code == "case_changed":
        more = {"differences": form.differences(), "who": about.case.changed_by, "when": about.case.changed_at}
        form.on_top_of(about.case.version)
    return _form_page(request, chosen, about, form, status=409 if isinstance(refusal, Conflict) else 422, **more)


def _after(request: HttpRequest, pk: int, done: Done) -> HttpResponseBase:
    about = _about(request, pk)
    rescore([about.case.customer_id], on=about.on)
    tell_owners(now=timezone.now(), on=about.on, customer_ids=[about.case.customer_id])
    if not wants_fragment(request) and not done.link:
        return toast(request, redirect("dispute_case", pk), done.text)
    # A link that is shown once cannot wait for the next page.
    template = FRAGMENT if wants_fragment(request) else PAGE
    response = render(request, template, _context(about, done=done))
    if wants_fragment(request):
        response.headers["HX-Push-Url"] = reverse("dispute_case", args=[pk])
    return toast(request, response, done.text) if wants_fragment(request) else response
