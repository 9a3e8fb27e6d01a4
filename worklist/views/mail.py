"""A mail by hand, beside the work: written with what is known filled in, shown as it leaves, sent with a way back."""

import json
from dataclasses import replace
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Conflict, Refusal
from collections_app.web.fragments import page_or_fragment, wants_fragment
from customers.access import visible_customers
from customers.models import Customer
from customers.queries.clock import business_day
from dunning.access import visible_messages, visible_own_messages
from dunning.models import InboundMessage, OwnMessage
from dunning.queries.mail_desk import Desk, mail_templates
from dunning.queries.standing import known_about
from dunning.rules.own_message import ASKS
from dunning.services.send_message import OTHERWISE, TAKEN_BACK, send_message
from dunning.services.settle_message import settle_message
from dunning.services.start_message import filled, start_message
from dunning.services.write_message import Draft, WrittenMessage, write_message
from dunning.views.notice import MAIL_POLICY
from worklist.forms.mail import MailForm, initial_of
from worklist.queries.playbooks import chosen_playbook
from worklist.services.keep_draft import drop_draft
from worklist.views.act import after_action
from worklist.views.acting import Done
from worklist.views.panel import back_of, item_of

PAGE, FRAGMENT, SHOWN = "worklist/mail.html", "worklist/_mail.html", "worklist/_mail_shown.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def mail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The composer, filled; a POST with `look` shows the mail as it would leave, any other sends it (422: not yet)."""
    customer = _customer(request, pk)
    desk, actor = _desk(request, customer), signed_in(request)
    if request.method != "POST":
        item = item_of(customer)
        draft = start_message(desk=desk, actor=actor, last_stage=item.stage if item else "")
        form = MailForm(initial=initial_of(draft), desk=desk, address=_address(request, desk))
        return _page(request, desk, form, draft)
    form = MailForm(request.POST, desk=desk, address=_address(request, desk))
    if not form.is_valid():
        return _page(request, desk, form, Draft(desk.recipient(), "en", "", "", answers=desk.answers), status=422)
    if look := request.POST.get("look"):
        return _look(request, desk, form, look)
    return _send(request, desk, form)


@csp_replace(MAIL_POLICY)  # type: ignore[arg-type]  # its stub knows no view with arguments
@requires(Capability.WORK_ACCOUNTS)
@require_POST
def mail_shown(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail on the screen as the customer's mail program shows it; the sentence that is in the way where there is
    one."""
    desk = _desk(request, _customer(request, pk))
    form = MailForm(request.POST, desk=desk, address="")
    if not form.is_valid():
        return render(request, "422.html", {"sentence": _("Choose whom to write to first.")}, status=422)
    written = _written(request, desk, form.draft())
    if written.words is None:
        return render(request, "422.html", {"sentence": written.problem}, status=422)
    return HttpResponse(written.words.html)


def _customer(request: HttpRequest, pk: int) -> Customer:
    """The customer with all of the entity, whose address and bank account stand in the mail."""
    rows = visible_customers(signed_in(request)).select_related("entity", "worklist_item")
    return get_object_or_404(rows, pk=pk)


def _desk(request: HttpRequest, customer: Customer) -> Desk:
    """All that is known, and what the mail answers (`answers`) or repeats (`again`): a stranger's is not found."""
    known = known_about({customer.pk}, on=business_day(customer.entity), now=timezone.now())
    answers, again = _asked_message(request, customer), None
    if request.method != "POST" and _number(request.GET.get("again", "")):
        mine = visible_own_messages(signed_in(request)).select_related("contact", "template", "answers")
        again = get_object_or_404(mine, pk=_number(request.GET["again"]), customer__in=known.accounts)
    answers = answers or (again.answers if again else None)
    return Desk(customer, known, mail_templates(), answers, again)


def _asked_message(request: HttpRequest, customer: Customer) -> InboundMessage | None:
    number = _number(request.GET.get("answers", ""))
    if number is None:
        return None
    return get_object_or_404(visible_messages(signed_in(request)), pk=number, customer=customer)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _address(request: HttpRequest, desk: Desk) -> str:
    return f"{request.path}?answers={desk.answers.pk}" if desk.answers else request.path


def _written(request: HttpRequest, desk: Desk, draft: Draft) -> WrittenMessage:
    return write_message(customer=desk.customer, draft=draft, actor=signed_in(request), known=desk.known)


def _look(request: HttpRequest, desk: Desk, form: MailForm, look: str) -> HttpResponse:
    """The mail as it would leave. Where another choice changes its words, and nobody else did, they are filled anew."""
    draft, by, kept = form.draft(), request.headers.get("HX-Trigger-Name", ""), False
    if look in ("words", "replace"):
        if by == "to":
            draft = replace(draft, language=desk.language(draft.to))
        draft = _in_one_language(desk, draft, template_leads=by == "template")
        if look == "replace" or form.is_untouched:
            draft = filled(draft, desk=desk, actor=signed_in(request))
            form = MailForm(initial=initial_of(draft), desk=desk, address=_address(request, desk))
        else:
            kept = by in ("template", "language", "to", "claims")
    return _page(request, desk, form, draft, kept=kept, fragment=SHOWN, words=look != "preview" and not form.is_bound)


def _in_one_language(desk: Desk, draft: Draft, *, template_leads: bool) -> Draft:
    """The draft with template and language of one kind: the one that was chosen last leads."""
    template = draft.template
    if template is None or template.language == draft.language:
        return draft
    if template_leads:
        return replace(draft, language=template.language)
    same = (row for row in desk.templates if (row.key, row.stage) == (template.key, template.stage))
    return replace(draft, template=next((row for row in same if row.language == draft.language), template))


def _send(request: HttpRequest, desk: Desk, form: MailForm) -> HttpResponseBase:
    draft = form.draft()
    written, actor = _written(request, desk, draft), signed_in(request)
    followed, _playbook = chosen_playbook(desk.customer.pk, on=desk.known.on, customer_ids=tuple(desk.known.accounts))
    try:
        sent = send_message(written=written, accepted=form.accepted, now=timezone.now())
    except Refusal as refusal:
        asks = isinstance(refusal, Conflict) and refusal.code == "not_accepted"
        if refusal.code in (TAKEN_BACK, OTHERWISE):
            form = form.anew()
        if not asks:
            form.add_error(next(iter(refusal.fields), None) if refusal.fields else None, refusal.sentence)
        return _page(request, desk, form, draft, written=written, status=422)
    settled = None
    if form.cleaned_data.get("settle") and desk.answers is not None and desk.answers.state != "done":
        settle_message(message=desk.answers, actor=actor)
        settled = desk.answers.pk
    drop_draft(user=actor, key=_address(request, desk))
    return _after(request, desk, sent, settled, followed)


def _after(
    request: HttpRequest, desk: Desk, sent: OwnMessage, settled: int | None, followed: int | None
) -> HttpResponseBase:
    words = _("The mail to %(name)s leaves in a few seconds.") % {
        "name": sent.contact.name if sent.contact else sent.to_address
    }
    typed = {name: request.POST.getlist(name) if name in _LISTS else request.POST.get(name, "") for name in _TYPED}
    done = Done(words, sent.pk, {"settled": settled}, {"draft": typed, "key": _address(request, desk)})
    response = after_action(request, "mail", desk.customer, done, followed, completes=True)
    if request.POST.get("origin") != "messages" or desk.answers is None:
        return response
    where = f"{reverse('dunning_messages')}?{'show=done&' if settled else ''}at={desk.answers.pk}"
    if not wants_fragment(request):
        return HttpResponseRedirect(where)
    onward = HttpResponse(
        headers={"HX-Location": json.dumps({"path": where, "target": "#messages", "swap": "outerHTML"})}
    )
    onward.headers["HX-Trigger"] = response.headers.get("HX-Trigger", "{}")
    return onward


# What the undo puts back on the desk.
_LISTS = ("claims", "attach", "copies")
_TYPED = ("to", "template", "language", "subject", "body", *_LISTS)


def _page(
    request: HttpRequest,
    desk: Desk,
    form: MailForm,
    draft: Draft,
    *,
    written: WrittenMessage | None = None,
    status: int = 200,
    kept: bool = False,
    fragment: str = FRAGMENT,
    words: bool = False,
) -> HttpResponse:
    written = written or _written(request, desk, draft)
    back, answers = back_of(request), desk.answers
    context: dict[str, Any] = {
        "customer": desk.customer,
        "form": form,
        "written": written,
        "answers": answers,
        "kept": kept,
        "words_anew": words,
        "looked": fragment == SHOWN and wants_fragment(request),
        "seen": ",".join(one.code for one in written.findings if one.weight == ASKS),
        "back": back,
        "whole": "at" not in QueryDict(back),
        "alone": not wants_fragment(request),
        "action_url": _address(request, desk),
        "shown_url": reverse("account_mail_shown", args=[desk.customer.pk])
        + (f"?answers={answers.pk}" if answers else ""),
        "has_errors": bool(form.errors) or status == 422,
    }
    response = page_or_fragment(request, PAGE, context, fragment=fragment, status=status)
    if status == 422 and wants_fragment(request):
        response.headers["HX-Retarget"] = "#composer"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
