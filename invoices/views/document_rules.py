"""Which documents leave by themselves: a page per installation, and a day of its own for a customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import toast
from customers.access import visible_customers, visible_entities
from customers.queries.clock import now
from invoices.forms.document_rules import DocumentRulesForm, StatementDayForm
from invoices.models import DocumentRules, StatementDay
from invoices.services.save_document_rules import save_document_rules, save_statement_day

PAGE = "invoices/document_rules.html"


@require_safe
@requires(Capability.EDIT_POLICIES)
def document_rules(request: HttpRequest) -> HttpResponse:
    """The rules of every legal entity of one's own, each with its form."""
    return render(request, PAGE, _context(signed_in(request)))


@require_POST
@requires(Capability.EDIT_POLICIES)
def document_rules_save(request: HttpRequest, entity_id: int) -> HttpResponse:
    """Back to the page with the rules as typed; 422 for a day that no month has."""
    user = signed_in(request)
    entity = get_object_or_404(visible_entities(user), pk=entity_id)
    form = DocumentRulesForm(request.POST, prefix=f"entity-{entity.pk}")
    if not form.is_valid():
        return render(request, PAGE, {**_context(user, {entity.pk: form}), "has_errors": True}, status=422)
    save_document_rules(entity=entity, **form.cleaned_data, actor=user, now=now())
    return toast(request, redirect("document_rules"), _("Saved. It begins with what happens from now on."))


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def statement_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the customer's statement, with its own day."""
    user = signed_in(request)
    customer = get_object_or_404(visible_customers(user), pk=pk)
    form = StatementDayForm(request.POST)
    if not form.is_valid():
        return toast(request, redirect("statement", pk), _("Choose a day from 0 to 31."), tone="error")
    save_statement_day(customer=customer, day=form.cleaned_data["day"], actor=user)
    return toast(request, redirect("statement", pk), _("Saved."))


def statement_day_form(customer_id: int) -> StatementDayForm:
    """The form with the customer's own day, if it has one."""
    own = StatementDay.objects.filter(customer=customer_id).first()
    return StatementDayForm(initial={"day": own.day if own else None})


def _context(user: User, typed: dict[int, DocumentRulesForm] | None = None) -> dict[str, Any]:
    known = DocumentRules.objects.in_bulk()
    rows = []
    for entity in visible_entities(user).order_by("code"):
        rules = known.get(entity.pk)
        initial = {
            "invoices": bool(rules and rules.invoices_since),
            "thanks": bool(rules and rules.thanks_since),
            "statement_day": rules.statement_day if rules else None,
        }
        rows.append((entity, (typed or {}).get(entity.pk) or DocumentRulesForm(
            initial=initial, prefix=f"entity-{entity.pk}")))  # fmt: skip
    return {"rows": rows}
