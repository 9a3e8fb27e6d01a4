"""Finds days in a clause and resolves them from the day the mail was written. Pure; reads no clock."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dunning.rules.reading.language import Language

FARTHEST = 370  # days; what is named farther away is no payment day
_FARTHEST_WITHOUT_YEAR = 190  # a day without a year that lies farther ahead was meant in the past
_MONEY = r"(?!\s?(?:€|£|\$|%|eur|euro|usd|gbp|chf|uhr|h\b|kg|stk|st\b))"
_NUMERIC = re.compile(
    r"(?<![\w.,/€£$-])(?:(?P<y1>20\d\d)-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})(?P=s)(?P<y>20\d\d|\d\d)(?!\d)"
    r"|(?P<a2>\d{1,2})(?P<s2>[./])(?P<b2>\d{1,2})(?:\.(?!\d)|(?![\d.,/-])))" + _MONEY
)


# What may stand between two names of one day: "Friday, the 5th of December".
_BETWEEN = re.compile(r"[\s,]{0,3}(?:(?:the|den|dem|der|le|el|de|del|of|in|am|on)\s)?(?:the\s)?")


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day and where it stands. `day` None means that the words contradict themselves."""

    start: int
    end: int
    kind: str
    day: date | None


def find_days(clause: str, language: Language, *, on: date, order: str, past: bool = False) -> list[FoundDay]:
    """The days named in these small letters, each once, seen from `on`. With `past`, those on or before it, else those
    on or after it. `order` is "dmy", "mdy", or "" when nobody knows: then only days that can be read in one way."""
    found = sorted(_all(clause, language, on, order, past), key=lambda day: (day.start, day.start - day.end))
    kept: list[FoundDay] = []
    for day in found:
        if kept and day.start < kept[-1].end:
            continue
        if kept and _BETWEEN.fullmatch(clause[kept[-1].end : day.start]):
            kept[-1] = _joined(kept[-1], day, on)
            continue
        kept.append(day)
    return kept


def _joined(first: FoundDay, second: FoundDay, on: date) -> FoundDay:
    """Two names of one day side by side: "Friday, 5 December", "Friday next week". Contradictory ones are no day."""
    kinds = {first.kind, second.kind}
    day: date | None = None
    if kinds == {"weekday", "next_week"}:
        weekday = first if first.kind == "weekday" else second
        if weekday.day is not None:
            day = _monday(on) + timedelta(days=7 + weekday.day.weekday())
    elif kinds == {"weekday", "this_week"}:
        weekday = first if first.kind == "weekday" else second
        day = weekday.day if weekday.day is not None and weekday.day <= _monday(on) + timedelta(days=6) else None
    elif "weekday" in kinds and kinds <= {"weekday", "named", "numeric", "day_of_month"} and len(kinds) == 2:
        weekday, named = (first, second) if first.kind == "weekday" else (second, first)
        if weekday.day is not None and named.day is not None and weekday.day.weekday() == named.day.weekday():
            day = named.day
    elif first.day == second.day:
        day = first.day
    return FoundDay(first.start, second.end, "joined", day)


def _all(clause: str, language: Language, on: date, order: str, past: bool) -> Iterator[FoundDay]:
    for match in _NUMERIC.finditer(clause):
        if not _is_a_documents(clause, match.start(), language):
            yield from _numeric(match, order, on, past)
    for found in _named_pattern(language).finditer(clause):
        if not _is_a_documents(clause, found.start(), language):
            yield from _named(found, language, on, past)
    for kind, words in language.relative:
        for match in words.finditer(clause):
            day = _relative(kind, match, language, on)
            if day is not None and (kind in _PAST_KINDS) == past:
                yield FoundDay(match.start(), match.end(), kind, day)
    for match in _weekday_pattern(language).finditer(clause):
        yield _weekday(clause, match, language, on, past)


def _is_a_documents(clause: str, start: int, language: Language) -> bool:
    return bool(language.not_when.search(clause[max(start - 24, 0) : start]))


def _numeric(match: re.Match[str], order: str, on: date, past: bool) -> Iterator[FoundDay]:
    if match["y1"]:
        day = _date(int(match["y1"]), int(match["m1"]), int(match["d1"]))
        if day:
            yield from _in_time(match, "numeric", day, on, past)
        return
    first, second = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
    if (match["s"] or match["s2"]) == ".":
        order = "dmy"  # nobody writes month and day with points between
    readable = {way for way, month in (("dmy", second), ("mdy", first)) if 1 <= month <= 12}
    if order not in readable and len(readable) == 1:
        order = next(iter(readable))
    if order not in readable and first != second:
        return
    month, dom = (first, second) if order == "mdy" else (second, first)
    if match["y"]:
        year = int(match["y"])
        whole = _date(year if year > 99 else 2000 + year, month, dom)
        if whole:
            yield from _in_time(match, "numeric", whole, on, past)
        return
    yield from _without_year(match, month, dom, on, past)


def _named(match: re.Match[str], language: Language, on: date, past: bool) -> Iterator[FoundDay]:
    groups = match.groupdict()
    name, number, year = (groups.get(key) or groups.get(f"{key}2") for key in ("m", "d", "y"))
    month, dom = language.months[str(name)], int(str(number))
    if year:
        day = _date(int(year), month, dom)
        if day:
            yield from _in_time(match, "named", day, on, past)
        return
    yield from _without_year(match, month, dom, on, past)


def _without_year(match: re.Match[str], month: int, dom: int, on: date, past: bool) -> Iterator[FoundDay]:
    for year in (on.year, on.year - 1) if past else (on.year, on.year + 1):
        day = _date(year, month, dom)
        if day and (day <= on if past else day >= on):
            if abs((day - on).days) <= _FARTHEST_WITHOUT_YEAR:
                yield FoundDay(match.start(), match.end(), "named", day)
            return


def _in_time(match: re.Match[str], kind: str, day: date, on: date, past: bool) -> Iterator[FoundDay]:
    if (day <= on if past else day >= on) and abs((day - on).days) <= FARTHEST:
        yield FoundDay(match.start(), match.end(), kind, day)


def _weekday(clause: str, match: re.Match[str], language: Language, on: date, past: bool) -> FoundDay:
    ahead = (language.weekdays[match["w"]] - on.weekday() - 1) % 7 + 1
    if past:
        return FoundDay(match.start(), match.end(), "weekday", on - timedelta(days=7 - ahead))
    day = on + timedelta(days=ahead)
    said = bool(match["before"] or match["behind"])
    if said and language.next_skips and day <= _monday(on) + timedelta(days=6):
        day += timedelta(days=7)
    return FoundDay(match.start(), match.end(), "weekday", day)


_PAST_KINDS = frozenset({"today_past", "yesterday", "before_yesterday", "last_week"})


def _relative(kind: str, match: re.Match[str], language: Language, on: date) -> date | None:
    """The day that these words mean, seen from `on`; the last one of a stretch of days. None when it makes no sense."""
    fixed = {"today": 0, "today_past": 0, "tomorrow": 1, "overmorrow": 2, "yesterday": -1, "before_yesterday": -2,
             "last_week": -7}  # fmt: skip
    if kind in fixed:
        return on + timedelta(days=fixed[kind])
    if kind in ("this_week", "next_week"):
        friday = _monday(on) + timedelta(days=4 if kind == "this_week" else 11)
        return friday if friday >= on else None
    if kind in ("month_end", "next_month_end"):
        first = on.replace(day=1)
        if kind == "next_month_end":
            first = (first + timedelta(days=32)).replace(day=1)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if kind == "named_month_end":
        month = language.months[match["m"]]
        year = on.year if month >= on.month else on.year + 1
        day = date(year, month, calendar.monthrange(year, month)[1])
        return day if (day - on).days <= _FARTHEST_WITHOUT_YEAR else None
    if kind in ("in_days", "in_weeks"):
        count = _count(match["n"], language)
        return on + timedelta(days=count * (7 if kind == "in_weeks" else 1)) if count else None
    return _day_of_month(int(match["d"]), on)


def _day_of_month(dom: int, on: date) -> date | None:
    """The next such day of a month, today included."""
    first = on.replace(day=1)
    for _ in range(3):
        day = _date(first.year, first.month, dom)
        if day and day >= on:
            return day
        first = (first + timedelta(days=32)).replace(day=1)
    return None


def _count(word: str, language: Language) -> int:
    count = int(word) if word.isdecimal() else language.numbers.get(word, 0)
    return count if count <= 120 else 0


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _date(year: int, month: int, dom: int) -> date | None:
    try:
        return date(year, month, dom) if 1990 <= year <= 2190 else None
    except ValueError:
        return None


@lru_cache(maxsize=16)
def _named_pattern(language: Language) -> re.Pattern[str]:
    months = _longest_first(language.months)
    day_first = (
        rf"(?<![\w.,/-])(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er|ste|e|de|º|°)?\s(?:of\s|de\s)?(?P<m>{months})\b\.?"
        r"(?:,?\s(?:de\s|del\s)?(?P<y>20\d\d)\b)?"
    )
    if language.code == "de":  # "15.Dezember" is written, too
        day_first = day_first.replace(r"\s(?:of\s|de\s)?", r"\s?(?:of\s|de\s)?", 1)
    month_first = (
        rf"|(?<!\w)(?P<m2>{months})\b\.?\s(?:the\s)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])(?![.,]\d)"
        r"(?:,?\s(?P<y2>20\d\d)\b)?"
    )
    return re.compile(day_first + (month_first if language.month_first else ""))


@lru_cache(maxsize=16)
def _weekday_pattern(language: Language) -> re.Pattern[str]:
    words = language.next_weekday.pattern
    names = _longest_first(language.weekdays)
    return re.compile(rf"(?<!\w)(?:(?P<before>{words})\s)?(?P<w>{names})(?!\w)(?:\s(?P<behind>{words})(?!\w))?")


def _longest_first(names: object) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))  # type: ignore[call-overload]
