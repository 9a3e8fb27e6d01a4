"""Calendar days: reading, writing and counting them. Must not read any clock; today and now are always arguments."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_format_date
from babel.dates import format_skeleton

from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.locales import babel_locale

DateOrder = Literal["ymd", "dmy", "mdy"]

_ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")
_EXAMPLES: dict[DateOrder, str] = {"ymd": "2026-11-03", "dmy": "03.11.2026", "mdy": "11/03/2026"}
_YEARS = range(1900, 2200)  # outside of it a date is a slip of the finger, not a due date
_LONGEST = 40
# Spreadsheets and databases add a midnight to a date; any other time of day would raise the question of its zone.
_MIDNIGHT = re.compile(r"[T ]00?:00(?::00(?:[.,]0+)?)?$")
_PARTS = re.compile(r"([0-9]{1,4})(\s?[-/.]\s?|\s)([0-9]{1,2})\2([0-9]{1,4})\.?")
_COMPACT: dict[DateOrder, re.Pattern[str]] = {
    "ymd": re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    "dmy": re.compile(r"(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})"),
    "mdy": re.compile(r"(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?P<y>[0-9]{4})"),
}


def days_late(due_on: date, on: date) -> int:
    """How many calendar days the due date has passed: 0 on the due date itself (R13), negative before it."""
    if isinstance(due_on, datetime) or isinstance(on, datetime):
        raise BadInput("Lateness is counted in calendar days. Pass dates, not moments in time.", code="not_a_date")
    return (on - due_on).days


def relative_words(day: date, on: date) -> str:
    """The distance of a due date in English words: '18 days late', 'due today', 'due in 3 days'."""
    late = days_late(day, on)
    if late == 0:
        return "due today"
    count = f"{abs(late)} day{'' if abs(late) == 1 else 's'}"
    return f"{count} late" if late > 0 else f"due in {count}"


def business_day(*, now: datetime, time_zone: str) -> date:
    """The calendar day it is at the instant `now` in an IANA time zone such as 'Europe/Berlin' (R13, D48).

    Refuses (BadInput) a `now` without a zone, for it names no instant, and unknown zones.
    """
    if now.utcoffset() is None:
        raise BadInput(
            "This moment has no time zone, so its day is unknown. Pass an aware time.", code="naive_datetime"
        )
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):  # not found, malformed, or the name of a directory
        raise BadInput(
            f"{quoted(time_zone)} is not a time zone. Use an IANA name such as Europe/Berlin.", code="unknown_time_zone"
        ) from None
    return now.astimezone(zone).date()


def parse_date(text: str, *, order: DateOrder, two_digit_years_from: int | None = None) -> date:
    """The day this text means, read in the given order, with - / . or a space between, or eight digits together.

    A year of two digits is refused, unless `two_digit_years_from` opens a window of 100 years: from 1970, '69' is 2069.
    A midnight behind the date is ignored. Raises BadInput: 'empty_date', 'not_a_date', 'impossible_date', 'short_year'.
    """
    if not isinstance(text, str) or not text.strip():
        raise BadInput(f"The date is empty. Write it like {_EXAMPLES[order]}.", code="empty_date")
    found = _date_or_problem(text, order, two_digit_years_from)
    if isinstance(found, date):
        return found
    sentences = {
        "not_a_date": f"{quoted(text)} is not a date. Write it like {_EXAMPLES[order]}.",
        "impossible_date": f"{quoted(text)} is not a day of the calendar when read like {_EXAMPLES[order]}. Mend it.",
        "short_year": f"{quoted(text)} has a year of two digits. Write all four, like {_EXAMPLES[order]}.",
    }
    raise BadInput(sentences[found], code=found)


def detect_date_order(samples: Iterable[str]) -> DateOrder | None:
    """The only order in which every date of a column can be read; None if several or none can, so ask.

    Pass every value of the column, for a later one may tell. Blanks and what is no date in any order are skipped.
    """
    possible = set(_ORDERS)
    seen = False
    for sample in set(samples):
        readable = {order for order in _ORDERS if isinstance(_date_or_problem(sample, order, 1970), date)}
        if readable:
            seen = True
            possible &= readable
    return possible.pop() if seen and len(possible) == 1 else None


# Pages and letters repeat their days. Typed, so that an instant is never taken for its day.
@lru_cache(maxsize=16_384, typed=True)
def format_date(day: date, locale: str = "en") -> str:
    """The day with its month as a word, so that nobody can swap day and month: '3 Nov 2026', '3. Nov. 2026'."""
    found = babel_locale(locale)
    # English readers live on both sides of the Atlantic; day first with a word is read alike by all of them.
    if found.language == "en":
        return str(babel_format_date(day, "d MMM y", locale="en"))
    return str(format_skeleton("yMMMd", day, locale=found))


def _date_or_problem(text: str, order: DateOrder, window: int | None) -> date | str:
    """The date, or the code of what is wrong; no exception, because detection tries a whole column."""
    if len(text) > _LONGEST:
        return "not_a_date"
    bare = _MIDNIGHT.sub("", text.strip())
    if compact := _COMPACT[order].fullmatch(bare):
        return _day(int(compact["y"]), int(compact["m"]), int(compact["d"]))
    parts = _PARTS.fullmatch(bare)
    if parts is None:
        return "not_a_date"
    named = dict(zip(order, (parts[1], parts[3], parts[4]), strict=True))
    year = named["y"]
    if len(named["d"]) > 2 or len(named["m"]) > 2 or len(year) not in (2, 4):
        return "not_a_date"
    if len(year) == 4:
        return _day(int(year), int(named["m"]), int(named["d"]))
    if window is None:
        return "short_year"
    return _day(window + (int(year) - window) % 100, int(named["m"]), int(named["d"]))


def _day(year: int, month: int, day: int) -> date | str:
    try:
        return date(year, month, day) if year in _YEARS else "impossible_date"
    except ValueError:
        return "impossible_date"
