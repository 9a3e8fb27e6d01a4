"""Doing one thing for many customers: the form with the preview of its effect, its saving, and one undo (U14)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseLocation

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.digests import chain_digest
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
from collections_app.web.writing import date_text
from worklist.forms.bulk import FORMS, BulkForm
from worklist.models import Undo
from worklist.queries.bulk import MOST, selected
from worklist.queries.filters import Filters, read_filters
from worklist.rules.bulk import Chosen, Do, Effect, Plan, Skip, effect_of
from worklist.rules.words import short_money
from worklist.services.assign_many import assign_many
from worklist.services.note_many import note_many
from worklist.services.pin_many import pin_many
from worklist.services.snooze_many import snooze_many
from worklist.services.work_many import work_many
from worklist.views.once import only_once
from worklist.views.worklist import list_day

NAMED = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What the request selects: picked ids or everything that matches, and the list to come back to."""

    do: Do
    filters: Filters
    picks: tuple[int, ...]
    everything: bool

    @property
    def back(self) -> str:
        """The list's address."""
        return f"{reverse('worklist')}?{self.filters.query()}"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def bulk(request: HttpRequest) -> HttpResponseBase:
    """The form and what it would do as it is filled in; POST does it once, if it is still what was shown."""
    user, asked = signed_in(request), read_asked(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return _answer(request, user, asked)
    return only_once(request, user, to=asked.back, answer=lambda: _answer(request, user, asked))


def _answer(request: HttpRequest, user: User, asked: Asked) -> HttpResponseBase:
    on = list_day(user)
    rows = selected(user, asked.filters, None if asked.everything else asked.picks, on=on, now=timezone.now())
    if not rows or len(rows) > MOST:
        return _nothing(request, asked, too_many=bool(rows))
    form = _form(request, asked.do, user, on)
    effect = effect_of(form.plan() if form.is_valid() else Plan(asked.do, on), rows) if form.is_bound else None
    if request.method == "POST" and form.is_valid() and effect is not None:
        if not _was_shown(request, effect):
            form.add_error(None, _("The list changed meanwhile. Look at the new preview, then save again."))
        elif effect.takes and (answer := _applied(request, asked, form, effect)):
            return answer
    return _page(request, asked, form, effect, rows)


def read_asked(data: QueryDict) -> Asked:
    """What was selected; what is no number is passed over."""
    picks = tuple(int(pk) for pk in data.getlist("pick")[:MOST] if pk.isascii() and pk.isdigit() and len(pk) < 18)
    do = data.get("do", "")
    filters = read_filters(QueryDict(data.get("back", "")))
    return Asked(Do(do) if do in set(Do) else Do.WORKED, filters, picks, bool(data.get("all")))


def _form(request: HttpRequest, do: Do, user: User, on: Any) -> BulkForm:
    """Bound to what was sent; the first time to what is usual, so that a preview stands there from the start."""
    made = FORMS[do](on=on, user=user)
    if request.method == "POST" or "shown" in request.GET:
        return FORMS[do](request.POST if request.method == "POST" else request.GET, on=on, user=user)
    usual = {name: made.get_initial_for_field(field, name) or "" for name, field in made.fields.items()}
    bound = FORMS[do](usual, on=on, user=user)
    return bound if bound.is_valid() else made


def _was_shown(request: HttpRequest, effect: Effect) -> bool:
    """Whether it is for as many customers as the preview said, and for the same ones where the form tells which."""
    mark = _mark(effect)
    return request.POST.get("seen", "") == str(len(effect.takes)) and request.POST.get("mark", mark) == mark


def _mark(effect: Effect) -> str:
    """A short name of exactly these customers."""
    return chain_digest(None, sorted(row.customer_id for row, _day in effect.takes))[:16]


def _applied(request: HttpRequest, asked: Asked, form: BulkForm, effect: Effect) -> HttpResponseBase | None:
    """The list again with the message and its undo; None when the service refused, which the form then says."""
    try:
        undo = _do(form, effect, signed_in(request))
    except Refusal as refusal:
        form.refused(refusal)
        return None
    words = ngettext("Done for %(n)d customer.", "Done for %(n)d customers.", len(effect.takes))
    undo_url = reverse("undo", args=[undo.pk]) if undo else ""
    response: HttpResponse = HttpResponseRedirect(asked.back)
    if wants_fragment(request):
        response = HttpResponseLocation(asked.back, target="#worklist", swap="outerHTML")
    return toast(request, response, words % {"n": len(effect.takes)}, undo_url=undo_url)


def _do(form: BulkForm, effect: Effect, actor: User) -> Undo | None:
    on, data = form.on, form.cleaned_data
    ids = [row.customer_id for row, _day in effect.takes]
    match form.do:
        case Do.SNOOZE:
            days = {row.customer_id: day for row, day in effect.takes if day is not None}
            return snooze_many(days=days, reason=data["reason"], on=on, actor=actor)
        case Do.PIN:
            until = form.plan().until or on
            return pin_many(customer_ids=ids, until=until, reason=data["reason"], on=on, actor=actor)
        case Do.ASSIGN:
            return assign_many(customer_ids=ids, to=data["collector"], on=on, actor=actor)
        case Do.NOTE:
            return note_many(customer_ids=ids, text=data["text"], on=on, actor=actor)
        case Do.WORKED:
            return work_many(customer_ids=ids, on=on, actor=actor)


def _page(
    request: HttpRequest, asked: Asked, form: BulkForm, effect: Effect | None, rows: list[Chosen]
) -> HttpResponse:
    invalid = request.method == "POST" and bool(form.errors)
    context = {
        "asked": asked, "form": form, "title": _TITLES[asked.do](), "submit": _submit(asked.do, effect, len(rows)),
        "count": len(rows), "effect": _told(effect) if effect else None, "has_errors": invalid,
        "needs_form": bool(form.fields), "mark": _mark(effect) if effect else None, "once": uuid.uuid4().hex,
    }  # fmt: skip
    return page_or_fragment(request, "worklist/bulk.html", context, fragment="worklist/_bulk.html",
                            status=422 if invalid else 200)  # fmt: skip


def _nothing(request: HttpRequest, asked: Asked, *, too_many: bool) -> HttpResponse:
    words = _("Select at least one customer first.")
    if too_many:
        words = _("These are too many to do at once. Narrow the list to %(most)d customers or fewer.") % {"most": MOST}
    return page_or_fragment(request, "worklist/bulk.html", {"asked": asked, "nothing": words},
                            fragment="worklist/_bulk.html", status=422)  # fmt: skip


def _told(effect: Effect) -> dict[str, Any]:
    """The preview: how many and how much, the first names, and who is skipped, by reason."""
    skipped: dict[str, list[str]] = {}
    for row, reason in effect.skipped:
        skipped.setdefault(_REASONS[reason]() % {"who": row.taken_by}, []).append(row.name)
    days = sorted({day for _row, day in effect.takes if day})
    return {
        "count": len(effect.takes),
        "money": [short_money(amount, currency) for currency, amount in effect.money.items()],
        "days": [date_text(day) for day in (days[:1] if len(days) == 1 else days[:1] + days[-1:])],
        **_first(row.name for row, _day in effect.takes),
        "skipped": [{"words": words, "count": len(names), **_first(names)} for words, names in skipped.items()],
        "left_out": len(effect.skipped),
    }


def _first(names: Iterable[str]) -> dict[str, Any]:
    found = list(names)
    return {"names": found[:NAMED], "more": max(len(found) - NAMED, 0)}


def _submit(do: Do, effect: Effect | None, count: int) -> str:
    n = len(effect.takes) if effect else count
    words = {
        Do.SNOOZE: ngettext("Snooze %(n)d customer", "Snooze %(n)d customers", n),
        Do.ASSIGN: ngettext("Assign %(n)d customer", "Assign %(n)d customers", n),
        Do.NOTE: ngettext("Note on %(n)d customer", "Note on %(n)d customers", n),
        Do.PIN: ngettext("Pin %(n)d customer", "Pin %(n)d customers", n),
        Do.WORKED: ngettext("Mark %(n)d customer as worked", "Mark %(n)d customers as worked", n),
    }
    return words[do] % {"n": n}


_TITLES = {
    Do.SNOOZE: lambda: _("Snooze the selected customers"),
    Do.ASSIGN: lambda: _("Assign the selected customers"),
    Do.NOTE: lambda: _("Write one note on the selected customers"),
    Do.PIN: lambda: _("Pin the selected customers"),
    Do.WORKED: lambda: _("Mark the selected customers as worked"),
}
_REASONS = {
    Skip.TAKEN: lambda: _("%(who)s is on it now"),
    Skip.SNOOZED: lambda: _("Snoozed as long already"),
    Skip.NO_PROMISE: lambda: _("No open promise"),
    Skip.THEIRS: lambda: _("Theirs already"),
    Skip.NOT_ALLOWED: lambda: _("That person may not work this account"),
    Skip.PINNED: lambda: _("Pinned as long already"),
    Skip.WORKED: lambda: _("Worked today already"),
}
