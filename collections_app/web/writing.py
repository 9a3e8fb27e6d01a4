"""Amounts and dates as people read them, as safe HTML. Dates relate to a day that is given, never to the clock."""

import logging
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_compact_currency
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from collections_app.lib.errors import BadInput, Refusal
from collections_app.lib.locales import babel_locale
from collections_app.lib.money import format_amount, format_amount_with_code

logger = logging.getLogger("collections.web")


def language() -> str:
    """The reader's language code, 'en' if none is active."""
    return get_language() or "en"


def amount_text(amount: object, currency: str, *, with_code: bool = False) -> str:
    """'€12,480.00', or 'EUR 12,480.00' with the code, in the reader's language; '−' for negative.

    A float, a missing currency or a surplus digit raises BadInput while developing and testing. In production the
    figure is shown as it is, with all its digits and a '?', because a wrong amount would be worse than an ugly one.
    """
    try:
        if not isinstance(amount, Decimal) or not currency:
            raise BadInput(f"Give money a Decimal and a currency, not {amount!r} and {currency!r}.", code="not_money")
        write = format_amount_with_code if with_code else format_amount
        return write(amount, currency, language())
    except Refusal as refusal:
        if settings.DEBUG or settings.TESTING:
            raise
        logger.exception("An amount could not be written: %s", refusal.sentence)
        return f"{amount} {currency or '?'}"


def amount_html(amount: object, currency: str, *, with_code: bool = False) -> SafeString:
    """The amount in an element that keeps it on one line; negative ones are marked for style as well as by '−'."""
    text = amount_text(amount, currency, with_code=with_code)
    if isinstance(amount, Decimal) and amount < 0:
        return format_html('<span class="money" data-sign="minus">{}</span>', text)
    return format_html('<span class="money">{}</span>', text)


def short_amount(amount: Decimal, currency: str) -> str:
    """'€84K' for axes and labels, where the exact figure stands beside it in a table; '€1.8M' below ten of a unit, so
    that two marks of an axis never look alike."""
    lead = abs(amount)
    while lead >= 1000:
        lead /= 1000
    digits = 1 if lead < 10 and abs(amount) >= 1000 else 0
    text: str = format_compact_currency(amount, currency, locale=babel_locale(language()), fraction_digits=digits)
    return text.replace("-", "−")


def date_text(day: date, *, on: date | None = None) -> str:
    """'3 Nov', with the year unless it is the year of `on`; never only figures, so 03/04 cannot be misread."""
    return _written("MMMd" if on is not None and day.year == on.year else "yMMMd", day, language())


def relative_text(day: date, on: date, *, due: bool) -> str:
    """'18 days late' or 'in 5 days' for a due date, '18 days ago' or 'in 5 days' for any other; 'today' on the day."""
    days = (on - day).days
    if days == 0:
        return _("due today") if due else _("today")
    if days < 0:
        return ngettext("in %(n)d day", "in %(n)d days", -days) % {"n": -days}
    if due:
        return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


def day_html(day: date, *, on: date | None = None, due: bool = False) -> SafeString:
    """'3 Nov · 18 days late' in a <time>; without `on` only the absolute date, with its year."""
    if on is None:
        return format_html('<time datetime="{}">{}</time>', day.isoformat(), date_text(day))
    words = f"{date_text(day, on=on)} · {relative_text(day, on, due=due)}"
    return format_html('<time datetime="{}" title="{}">{}</time>', day.isoformat(), date_text(day), words)


def moment_html(moment: datetime, *, on: date | None = None) -> SafeString:
    """'14:02' on the day `on`, '3 Nov 14:02' before; the exact second on hover. In the active time zone."""
    local = timezone.localtime(moment)
    exact = f"{date_text(local.date())}, {local:%H:%M:%S %Z}"
    shown = f"{local:%H:%M}" if local.date() == on else f"{date_text(local.date(), on=on)} {local:%H:%M}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, shown)


@lru_cache(maxsize=4096)
def _written(skeleton: str, day: date, code: str) -> str:
    """The day in that language; a page writes the same few days again and again."""
    text: str = format_skeleton(skeleton, day, locale=_date_locale(code))
    return text


@lru_cache(maxsize=64)
def _date_locale(code: str) -> Locale:
    """English dates are written day first ("3 Nov"), like the letters; every other language has its own order."""
    return Locale.parse("en_GB") if code == "en" else babel_locale(code)
