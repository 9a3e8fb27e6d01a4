"""One row of the list as HTML. Written here and not in a template: fifty rows are most of the page, and plain strings
are ten times quicker. Whatever came from outside goes through `escape`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.writing import amount_html, date_text
from worklist.queries.filters import Filters
from worklist.queries.presence import is_taken
from worklist.rules.columns import columns_of
from worklist.rules.words import short_day, short_money


@dataclass(slots=True)
class Looks:
    """What is the same for all rows of a page: who looks, at which filter, on which day, at which instant."""

    user: User
    filters: Filters
    on: date
    now: datetime
    columns: frozenset[str] = field(init=False)
    may_work: bool = field(init=False)
    address: str = field(init=False)
    select: str = field(init=False)

    def __post_init__(self) -> None:
        self.columns = columns_of(self.user.columns)
        self.may_work = self.user.may(Capability.WORK_ACCOUNTS)
        self.address = escape(f"?{self.filters.query()}&at=")
        self.select = escape(_("Select %(name)s"))


def row_html(row: Any, looks: Looks, *, current: int | None, focus: bool = False, oob: bool = False) -> SafeString:
    """The row; `focus` puts the keyboard on the current one, `oob` swaps it in place of the row with the same id."""
    url, name, why = f"{looks.address}{row.customer_id}", escape(row.customer__name), escape(row.why)
    chosen = row.customer_id == current
    state = f' tabindex="0" aria-current="true"{" data-focus" if focus else ""}' if chosen else ' tabindex="-1"'
    taken = is_taken(row.here_id, row.here_at, by_other_than=looks.user, now=looks.now)
    check = (
        f'<input class="work-check" type="checkbox" name="pick" value="{row.customer_id}" form="bulk" '
        f'aria-label="{looks.select % {"name": name}}">'
        if looks.may_work
        else ""
    )
    return mark_safe(  # noqa: S308 (every part is escaped or ours)
        f'<li id="row-{row.customer_id}"{OOB if oob else ""}>{check}<a class="work-row" data-item href="{url}" '
        f'hx-get="{url}" hx-trigger="click, item-reached delay:90ms" hx-target="#panel" hx-push-url="true" '
        f'hx-sync="#panel:replace"{state}{" data-taken" if taken else ""}>'
        f'<span class="work-name truncate">{name}</span>'
        f'<span class="work-money">{amount_html(row.overdue, row.currency)}</span>'
        f'<span class="work-why truncate" title="{why}">{why}</span>'
        f'<span class="work-marks">{_marks(row, looks, taken=taken)}</span>'
        f'<span class="work-next truncate">{" · ".join(_right(row, looks))}</span></a></li>'
    )


OOB = ' hx-swap-oob="true"'


def _marks(row: Any, looks: Looks, *, taken: bool) -> str:
    parts = [badge(state, words, title) for state, words, title in _badges(row, looks, taken=taken)]
    if row.snoozed_until and row.snoozed_until > looks.on:
        words = _("until %(day)s") % {"day": date_text(row.snoozed_until, on=looks.on)}
        parts.append(badge("held truncate", f"{words} · {row.snooze_reason}" if row.snooze_reason else words))
    elif row.last_contact_on and "contact" in looks.columns:
        contact = escape(f"{row.last_contact_kind} {short_day(row.last_contact_on, looks.on)}")
        parts.append(f'<span class="work-contact truncate">{contact}</span>')
    return "".join(parts)


def _badges(row: Any, looks: Looks, *, taken: bool) -> Iterator[tuple[str, str, str]]:
    if taken:
        yield "held work-here", row.here_name or row.here_username, ""
    if row.pinned:
        yield "attention", _("Pinned"), row.pin_reason
    if row.escalated:
        yield "critical", _("Escalated"), ""
    for state, words in row.badges[:2]:
        yield state, words, ""


def badge(state: str, words: str, title: str = "") -> str:
    """A small word with a state; `title` is said in full on hover and stands in the panel too."""
    code, _space, more = state.partition(" ")
    told = f' title="{escape(title)}"' if title else ""
    return f'<span class="badge {more}" data-state="{escape(code)}"{told}>{escape(words)}</span>'


def _right(row: Any, looks: Looks) -> Iterator[str]:
    columns = looks.columns
    if "next" in columns:
        yield f"<b>{escape(row.next_step_text)}</b>"
    if "owner" in columns and row.collector_id and (looks.filters.who != "mine" or row.collector_id != looks.user.pk):
        yield escape(row.collector__first_name or row.collector__username)
    if "days" in columns and row.oldest_days > 0:
        yield ngettext("%(n)d day", "%(n)d days", row.oldest_days) % {"n": row.oldest_days}
    if "worth" in columns:
        yield escape(short_money(row.score, row.currency))
    if "minutes" in columns and row.minutes:
        yield _("%(n)d min") % {"n": row.minutes}
    if "number" in columns:
        yield escape(row.customer__number)
