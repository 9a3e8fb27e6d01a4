"""How much of the day is done, in customers, money and minutes, and what the list shows, in words and for templates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from worklist.queries.items import Tally
from worklist.rules.words import short_money


def progress(counted: Sequence[Tally]) -> dict[str, Any]:
    """Counts and minutes over all currencies, money per currency."""
    done, left = sum(row.done for row in counted), sum(row.left for row in counted)
    return {
        "done": done,
        "left": left,
        "all": done + left,
        "touched": _each(counted, "done"),
        "open": _each(counted, "left"),
        "left_time": duration(sum(row.left_minutes for row in counted)),
        "done_time": duration(sum(row.done_minutes for row in counted)),
        "shown": sum(row.shown for row in counted),
        "shown_money": _each(counted, "shown"),
    }


def duration(minutes: int) -> str:
    """'45 min', '2 h 10 min'; empty for none."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)d min") % {"n": rest}
    return _("%(h)d h %(n)d min") % {"h": hours, "n": rest} if rest else _("%(h)d h") % {"h": hours}


def spoken(counted: Sequence[Tally]) -> str:
    """What the list shows in one sentence, for screen readers."""
    found = progress(counted)
    words = ngettext("%(n)d customer, %(money)s", "%(n)d customers, %(money)s", found["shown"])
    return words % {"n": found["shown"], "money": ", ".join(found["shown_money"]) or _("nothing overdue")}


def _each(counted: Sequence[Tally], part: str) -> list[str]:
    amounts: list[tuple[Decimal, str]] = [(getattr(row, f"{part}_money"), row.currency) for row in counted]
    return [short_money(amount, currency) for amount, currency in amounts if amount > 0]
