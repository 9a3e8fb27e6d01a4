"""The audit log on a page: who did what, when, to which row. Nothing can be changed here, or anywhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.audit.actions import action
from collections_app.audit.models import AuditEntry
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from customers.queries.audit import visible_entries
from customers.queries.clock import installation_day


@require_safe
@requires(Capability.SEE_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """The newest entries first; `?customer=` with a customer number narrows them to one customer."""
    person, number = signed_in(request), request.GET.get("customer", "").strip()[:60].replace("\x00", "")
    customer = visible_customers(person).filter(number=number).first() if number else None
    entries = visible_entries(person, customer) if customer or not number else AuditEntry.objects.none()
    page = keyset_page(entries, request.GET, order=("-id",), size=50)
    names = dict(visible_customers(person).filter(pk__in={e.customer_id for e in page.rows}).values_list("pk", "name"))
    rows = [(entry, _sentence(entry.action), names.get(entry.customer_id or 0, "")) for entry in page.rows]
    context = {"page": page, "rows": rows, "number": number, "today": installation_day()}
    return render(request, "customers/audit.html", context)


def _sentence(code: str) -> str:
    """What the code means; a code of an earlier release that is not registered any more stands for itself."""
    try:
        return _(action(code).sentence)
    except LookupError:
        return code
