"""The words: a list of templates, and an editor with placeholders, versions and a preview with a real customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import form_invalid, page_or_fragment, toast
from dunning.access import visible_policies
from dunning.forms.template import TemplateForm
from dunning.models import NoticeTemplate
from dunning.queries.policies import channels
from dunning.rules.templates import BLOCKS, INLINE
from dunning.services.preview_template import preview_template
from dunning.services.save_template import save_template

TEMPLATE, FRAGMENT = "dunning/template.html", "dunning/_template.html"


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """All current templates, by stage, channel and language, and the languages that are missing."""
    rows = NoticeTemplate.objects.filter(is_current=True).order_by("channel", "stage", "language")
    labels = {code: channel.label for code, channel in channels().items()}
    context = {"rows": [(row, labels.get(row.channel, row.channel)) for row in rows]}
    return render(request, "dunning/templates.html", context)


@requires(Capability.SEE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """The editor; a POST with preview=1 only shows the result, any other saves a new version (422 names the lines)."""
    user = signed_in(request)
    found = get_object_or_404(NoticeTemplate, pk=template_id)
    if request.method != "POST":
        form = TemplateForm(initial={"subject": found.subject, "body": found.body})
        return page_or_fragment(request, TEMPLATE, _context(user, found, form), fragment=FRAGMENT)
    check(user, Capability.EDIT_POLICIES)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return form_invalid(request, TEMPLATE, _context(user, found, form), fragment=FRAGMENT)
    if request.POST.get("preview") == "1":
        return page_or_fragment(request, TEMPLATE, _context(user, found, form), fragment=FRAGMENT)
    saved = save_template(
        template=found, subject=form.cleaned_data["subject"], body=form.cleaned_data["body"], actor=user
    )
    return toast(request, redirect("dunning_template", saved.pk), f"Saved as version {saved.version}.")


def _context(user: User, template: NoticeTemplate, form: TemplateForm) -> dict[str, Any]:
    words = form.cleaned_data if form.is_bound and form.is_valid() else None
    if words is None and not form.is_bound:
        words = {"subject": template.subject, "body": template.body}
    versions = NoticeTemplate.objects.filter(
        stage=template.stage, channel=template.channel, language=template.language
    ).select_related("edited_by")
    return {
        "template": template,
        "form": form,
        "preview": preview_template(template, **words, policies=visible_policies(user)) if words else None,
        "versions": versions.order_by("-version"),
        "inline": INLINE.items(),
        "blocks": BLOCKS.items(),
        "may_edit": user.may(Capability.EDIT_POLICIES),
    }
