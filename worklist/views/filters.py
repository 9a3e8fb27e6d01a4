"""Choosing the filters of the worklist: the form, which is looked at seldom and loads by itself, and what is on now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment
from customers.access import visible_entities
from customers.models import Segment
from worklist.queries import filters as choices
from worklist.queries.filters import Filters, read_filters

_NAMED = (("show", choices.SHOW), ("stage", choices.STAGES), ("has", choices.HAS), ("size", choices.SIZES),
          ("days", choices.DAYS))  # fmt: skip
Choice = tuple[str, str | Promise]


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def worklist_filter(request: HttpRequest) -> HttpResponse:
    """The form with the filters of the address filled in; sending it leads to the list."""
    user, filters = signed_in(request), read_filters(request.GET)
    entities = visible_entities(user).order_by("code").values_list("pk", "name")
    cleared = filters_url(Filters(seen_as=filters.seen_as))
    context = {"filters": filters, "fields": _fields(filters, entities), "cleared": cleared}
    return page_or_fragment(request, "worklist/filter.html", context, fragment="worklist/_filter_form.html")


def active_filters(filters: Filters, entities: Mapping[int, str]) -> list[dict[str, Any]]:
    """The filters that are on besides whose list: words, and the address without it."""
    found: list[dict[str, Any]] = []
    for name, options in _NAMED:
        usual: Any = "today" if name == "show" else ""
        if getattr(filters, name) != usual:
            url = filters_url(replace(filters, **{name: usual}))
            found.append({"words": dict(options)[getattr(filters, name)], "url": url})
    if filters.entity:
        words = entities.get(filters.entity) or _("Another entity")
        found.append({"words": words, "url": filters_url(replace(filters, entity=None))})
    if filters.least is not None:
        words = _("Overdue from %(amount)s") % {"amount": filters.least}
        found.append({"words": words, "url": filters_url(replace(filters, least=None))})
    if filters.segment:
        words = _("Segment: %(code)s") % {"code": filters.segment}
        found.append({"words": words, "url": filters_url(replace(filters, segment=""))})
    return found


def filters_url(filters: Filters) -> str:
    """The list's address with these filters."""
    return f"{reverse('worklist')}?{filters.query()}"


def _fields(filters: Filters, entities: Any) -> list[dict[str, Any]]:
    named = [(str(pk), name) for pk, name in entities]
    segments = Segment.objects.filter(is_active=True).order_by("name").values_list("code", "name")
    titles = {"show": _("Show"), "stage": _("Stage"), "has": _("What stands out"), "size": _("Size"),
              "days": _("Oldest document")}  # fmt: skip
    fields = [_field(name, titles[name], options, getattr(filters, name)) for name, options in _NAMED]
    if len(named) > 1:
        fields.append(_field("entity", _("Entity"), [("", _("Every entity")), *named], str(filters.entity or "")))
    if segments:
        fields.append(_field("segment", _("Segment"), [("", _("Any segment")), *segments], filters.segment))
    return fields


def _field(name: str, title: str, options: Sequence[Choice], chosen: str) -> dict[str, Any]:
    return {"name": name, "title": title, "choices": [(code, words, code == chosen) for code, words in options]}
