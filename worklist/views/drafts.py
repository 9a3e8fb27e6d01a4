"""What the browser keeps while somebody types, and asks for when the form is opened again. Only the person's own."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from customers.access import visible_customers
from customers.models import Customer
from worklist.models import Draft
from worklist.services.keep_draft import keep_draft


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.SEE_ACCOUNTS)
def drafts(request: HttpRequest) -> HttpResponse:
    """GET: what was kept of the form at this address as JSON, or 204. POST: keeps `data`, or forgets it when empty."""
    user = signed_in(request)
    if request.method != "POST":
        kept = Draft.objects.filter(user=user, key=request.GET.get("key", "")[:120].replace("\0", "")).first()
        return JsonResponse({"data": kept.data, "at": kept.saved_at}) if kept else HttpResponse(status=204)
    key = request.POST.get("key", "")
    keep_draft(user=user, key=key, data=_typed(request.POST.get("data", "")), customer=_customer(user, key))
    return HttpResponse(status=204)


def _customer(user: User, key: str) -> Customer | None:
    """Whom the form at this address is about; 404 for an address that is none of ours or a stranger's customer."""
    try:
        found = resolve(key.partition("?")[0])
    except Resolver404:
        raise Http404 from None
    if len(key) > 120 or "\0" in key:
        raise Http404
    if not (found.url_name or "").startswith("account_") or "pk" not in found.kwargs:
        return None
    return get_object_or_404(visible_customers(user), pk=found.kwargs["pk"])


def _typed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text or "{}")
        # Half a sign, where a field's length cut an emoji in two, can be stored nowhere.
        data = json.loads(json.dumps(data, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict) and all(isinstance(value, str | list) for value in data.values()):
        return data
    raise BadInput(_("This is no draft of a form. Reload the page and type it again."), code="draft_form")
