"""One template: an editor with placeholders, a preview with a real customer, versions, and a test to oneself."""

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import form_invalid, page_or_fragment, toast
from customers.access import visible_entities
from customers.models import Customer, LegalEntity
from dunning.access import found_customers, visible_policies
from dunning.forms.template import TemplateForm
from dunning.models import NoticeTemplate
from dunning.queries.words import place_of, versions_of
from dunning.rules.templates import BLOCKS, INLINE
from dunning.services.preview import Preview
from dunning.services.preview_template import preview_template
from dunning.services.save_template import save_template
from dunning.services.send_test import send_test
from dunning.views.notice import MAIL_POLICY

TEMPLATE, FRAGMENT, PREVIEW = "dunning/template.html", "dunning/_template.html", "dunning/_template_preview.html"
# Buttons of the editor that only show something.
_LOOKS = ("preview", "customer", "insert", "test", "look")


@requires(Capability.SEE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """The editor. A POST with one of its buttons shows a preview, any other saves a new version (422 names the
    lines)."""
    user = signed_in(request)
    found = get_object_or_404(NoticeTemplate, pk=template_id)
    if request.method != "POST":
        form = TemplateForm(initial={"subject": found.subject, "body": found.body}, **_form_facts(request, found))
        return page_or_fragment(request, TEMPLATE, _context(request, found, form), fragment=FRAGMENT)
    check(user, Capability.EDIT_POLICIES)
    form = TemplateForm(request.POST, **_form_facts(request, found))
    if name := request.POST.get("insert"):
        return page_or_fragment(
            request, TEMPLATE, _context(request, found, form.with_inserted(name)), fragment=FRAGMENT
        )
    if any(look in request.POST for look in _LOOKS):
        return _look(request, found, form)
    return _save(request, user, found, form)


def _look(request: HttpRequest, found: NoticeTemplate, form: TemplateForm) -> HttpResponse:
    """The preview of what is typed, sent to oneself where that was asked for; htmx gets the preview alone."""
    form.is_valid()
    context = _context(request, found, form)
    if "test" not in request.POST or context["preview"] is None:
        return page_or_fragment(request, TEMPLATE, context, fragment=PREVIEW, status=200 if form.is_valid() else 422)
    user, customer = signed_in(request), context["customer"]
    entity = customer.entity if customer else visible_entities(user).first() or LegalEntity(name="Test")
    try:
        address = send_test(template=found, preview=context["preview"], entity=entity, actor=user)
    except Refusal as refused:
        context["test_problem"] = refused.sentence
        return page_or_fragment(request, TEMPLATE, context, fragment=PREVIEW, status=422)
    return page_or_fragment(request, TEMPLATE, {**context, "sent_to": address}, fragment=PREVIEW)


def _save(request: HttpRequest, user: User, found: NoticeTemplate, form: TemplateForm) -> HttpResponse:
    anyway = request.POST.get("anyway") == "1"
    if not form.is_valid() or (form.warnings and not anyway):
        context = {**_context(request, found, form), "asks_anyway": form.is_valid()}
        return form_invalid(request, TEMPLATE, context, fragment=FRAGMENT)
    words = form.cleaned_data
    saved = save_template(
        template=found, subject=words["subject"], body=words["body"], actor=user, accept_warnings=anyway
    )
    return toast(request, redirect("dunning_template", saved.pk), f"Saved as version {saved.version}.")


@requires(Capability.EDIT_POLICIES)
@require_POST
def template_restore(request: HttpRequest, template_id: int) -> HttpResponse:
    """On to the new version, which has the words of this old one."""
    found = get_object_or_404(NoticeTemplate, pk=template_id)
    saved = save_template(
        template=found, subject=found.subject, body=found.body, actor=signed_in(request), accept_warnings=True
    )
    told = f"Version {found.version} is back, as version {saved.version}."
    return toast(request, redirect("dunning_template", saved.pk), told)


@csp_replace(MAIL_POLICY)  # type: ignore[arg-type]  # its stub knows no view with arguments
@requires(Capability.SEE_ACCOUNTS)
@require_POST
def template_mail(request: HttpRequest, template_id: int) -> HttpResponse:
    """The typed words as the customer's mail program shows them; the sentence that is in the way where there is one."""
    found = get_object_or_404(NoticeTemplate, pk=template_id)
    form = TemplateForm(request.POST, **_form_facts(request, found))
    form.is_valid()
    shown = _context(request, found, form)["preview"]
    if shown is None or shown.problem:
        told = shown.problem if shown else "Mend the lines that the editor names first."
        return render(request, "422.html", {"sentence": told}, status=422)
    return HttpResponse(shown.html)


def _form_facts(request: HttpRequest, found: NoticeTemplate) -> dict[str, Any]:
    return {"place": place_of(found), "address": request.path}


def _context(request: HttpRequest, found: NoticeTemplate, form: TemplateForm) -> dict[str, Any]:
    user = signed_in(request)
    asked = request.POST if request.method == "POST" else request.GET
    customer = _customer(user, asked.get("customer") or asked.get("for") or "")
    words = _words(form)
    shown: Preview | None = None
    if words:
        shown = preview_template(found, **words, policies=visible_policies(user), customer=customer)
    return {
        "template": found,
        "form": form,
        "preview": shown,
        "customer": customer,
        "find": asked.get("find", ""),
        "matches": found_customers(user, asked.get("find", "") if _searches(request, customer) else ""),
        "versions": versions_of(found),
        "inline": INLINE.items(),
        "blocks": BLOCKS.items(),
        "may_edit": user.may(Capability.EDIT_POLICIES),
    }


def _searches(request: HttpRequest, customer: Customer | None) -> bool:
    """Whether people are looked for, not chosen yet: nobody is shown, or somebody types into the search."""
    return customer is None or request.headers.get("HX-Trigger-Name") == "find"


def _words(form: TemplateForm) -> dict[str, str] | None:
    if not form.is_bound:
        return {name: str(form.initial.get(name, "")) for name in ("subject", "body")}
    return {name: form.cleaned_data[name] for name in ("subject", "body")} if form.is_valid() else None


def _customer(user: User, text: str) -> Customer | None:
    return found_customers(user, "", pk=int(text)).first() if text.isdecimal() and len(text) < 18 else None
