"""What the pages of one document share: its history as of a day and as known on a day, and what was left of it then."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from collections_app.lib.money import Money
from customers.queries.clock import business_day
from invoices.forms.looking_back import LookingBackForm
from invoices.queries.history import Document, events_of
from invoices.rules.history import Event, end_of_day, known, left_of, steps
from invoices.views.history import lines


@dataclass(frozen=True, slots=True)
class View:
    """A document on a day. `events` had taken effect by `day` and were known; `left` is in the document's currency."""

    form: LookingBackForm
    today: date
    day: date
    events: list[Event]
    left: Decimal
    context: dict[str, Any]

    @property
    def status(self) -> int:
        """422 for days that make no sense, else 200."""
        return 200 if self.form.is_valid() else 422


def looking_back(request: HttpRequest, document: Document, *, born_on: date) -> View:
    """The document as `?as_of=` and `?known_on=` ask, else as it is today. `born_on` is its own day: before it there
    was nothing to look at, so an earlier day shows that one."""
    form = LookingBackForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    today = business_day(document.entity)
    day = max(asked.get("as_of") or today, born_on)
    known_on = asked.get("known_on")
    before = end_of_day(known_on, document.entity.time_zone) if known_on else None
    told = known(events_of(document), as_of=day if asked.get("as_of") else date.max, before=before)
    events = known(told, as_of=day)
    left = Money(left_of(events), document.currency).amount
    context = {
        "look": form,
        "today": today,
        "as_of": day,
        "known_on": known_on,
        "is_past": bool(asked.get("as_of") or known_on),
        "unknown_then": not told,
        "history": lines(steps(told)),
        "left": left,
        "currency": document.currency,
        "account_id": document.customer.merged_into_id or document.customer_id,
    }
    return View(form, today, day, events, left, context)
