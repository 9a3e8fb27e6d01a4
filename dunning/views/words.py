"""The words of one letter: changed by a person while it waits, previewed as it will leave."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import form_invalid, page_or_fragment, toast
from customers.forms.refusals import take_refusal
from dunning.access import visible_notices
from dunning.forms.words import WordsForm
from dunning.models import Notice
from dunning.rules.templates import BLOCKS, INLINE, Place, problems_of
from dunning.services.edit_notice import edit_notice
from dunning.services.preview import preview

TEMPLATE, FRAGMENT = "dunning/notice_words.html", "dunning/_notice_words.html"


@requires(Capability.APPROVE_NOTICES)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_words(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The letter's words; a POST keeps them, or with preview=1 only shows them (422 names what is wrong)."""
    user = signed_in(request)
    rows = visible_notices(user).select_related("customer", "contact", "policy__entity", "template", "step", "entity")
    notice = get_object_or_404(rows, pk=notice_id)
    if request.method != "POST":
        form = WordsForm(initial=_present(notice))
        return page_or_fragment(request, TEMPLATE, _context(notice, form), fragment=FRAGMENT)
    form = WordsForm(request.POST)
    if form.is_valid() and request.POST.get("preview") != "1":
        try:
            edit_notice(notice=notice, subject=_subject(form), body=_body(form), actor=user)
        except BadInput as refused:
            take_refusal(form, refused)
        else:
            return toast(request, redirect("dunning_notice", notice.pk), "Saved for this letter only.")
    if form.errors:
        return form_invalid(request, TEMPLATE, _context(notice, form), fragment=FRAGMENT)
    notice.written_subject, notice.written_body = _subject(form), _body(form)
    return page_or_fragment(request, TEMPLATE, _context(notice, form), fragment=FRAGMENT)


def _present(notice: Notice) -> dict[str, str]:
    if notice.written_body or notice.template is None:
        return {"subject": notice.written_subject, "body": notice.written_body}
    return {"subject": notice.template.subject, "body": notice.template.body}


def _context(notice: Notice, form: WordsForm) -> dict[str, Any]:
    place = Place(notice.language, notice.stage, notice.channel)
    asked = form.is_bound and form.is_valid() and _body(form)
    problems = problems_of(_subject(form), _body(form), place) if asked else []
    return {
        "notice": notice,
        "form": form,
        "warnings": [problem for problem in problems if problem.is_warning],
        "preview": preview(notice),
        "inline": INLINE.items(),
        "blocks": BLOCKS.items(),
        "may_edit": notice.state == "proposed",
    }


def _subject(form: WordsForm) -> str:
    return str(form.cleaned_data.get("subject", "")).strip()


def _body(form: WordsForm) -> str:
    return str(form.cleaned_data.get("body", "")).strip()
