"""The page on which a person chooses the keys of the pages: other ones, or none. It must not decide what fits."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import toast
from collections_app.web.keys import GROUPS, KEYS, read_keys


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.SEE_ACCOUNTS)
def keys(request: HttpRequest) -> HttpResponse:
    """The person's keys; saving takes effect with the next page. A key that two actions want is refused with 422."""
    person = signed_in(request)
    if request.method != "POST":
        kept = {key.code: person.keys.get(key.code, key.usual) for key in KEYS}
        return render(request, "web/keys.html", _context(kept, on=person.shortcuts_on))
    typed = {key.code: request.POST.get(key.code, key.usual) for key in KEYS}
    on = bool(request.POST.get("shortcuts"))
    try:
        chosen = {} if "usual" in request.POST else read_keys(typed)
    except BadInput as refusal:
        context = _context(typed, on=on, errors=refusal.fields) | {"has_errors": True}
        return render(request, "web/keys.html", context, status=422)
    User.objects.filter(pk=person.pk).update(keys=chosen, shortcuts_on=on or "usual" in request.POST)
    return toast(request, HttpResponseRedirect(reverse("web:keys")), _("Keys saved."))


def _context(shown: Mapping[str, str], *, on: bool, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    wrong = errors or {}
    groups = [
        (words, [{"key": key, "own": shown[key.code], "error": wrong.get(key.code, "")} for key in keys])
        for words, keys in GROUPS
    ]
    return {"groups": groups, "on": on, "problems": [row for _words, rows in groups for row in rows if row["error"]]}
