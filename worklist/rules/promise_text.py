"""Reads a promise as people say it: "fri 500", "all by 15.12.", "2000 on 3 dec". Pure; checks no balance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark, parse_amount
from collections_app.lib.errors import BadInput, Refusal, quoted

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon monday mo montag",
            "tue tues tuesday di dienstag",
            "wed wednesday mi mittwoch",
            "thu thur thurs thursday do donnerstag",
            "fri friday fr freitag",
            "sat saturday sa samstag",
            "sun sunday so sonntag",
        )
    )
    for name in names.split()
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = {"today": 0, "heute": 0, "tomorrow": 1, "tmr": 1, "morgen": 1}
_FILLERS = {"by", "on", "until", "the", "am", "bis", "zum", "next", "of", "pays", "will", "pay"}
_ALL = {"all", "everything", "full", "rest", "alles"}
_NUMERIC_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})?")
_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class SpokenPromise:
    """The day, and the amount; None means all that is open."""

    on: date
    amount: Decimal | None


def read_promise(text: str, *, today: date, currency: str, decimal_mark: DecimalMark = ".") -> SpokenPromise:
    """The promise these words mean, said on `today`; a weekday is the next one, a day without year the next such day.

    Raises BadInput, with an example, when a word or the day cannot be understood."""
    words = [word for word in text.lower().split() if word not in _FILLERS]
    day: date | None = None
    amount: Decimal | None = None
    position = 0
    while position < len(words):
        found, used = read_day(words, position, today) if day is None else (None, 0)
        if found:
            day = found
        elif words[position] in _ALL:
            used = 1
        elif amount is None:
            amount, used = _amount(words[position], text, currency, decimal_mark), 1
        else:
            raise _unread(text)
        position += used
    if day is None:
        raise _unread(text)
    return SpokenPromise(day, amount)


def read_day(words: Sequence[str], at: int, today: date) -> tuple[date | None, int]:
    """The day that the words from `at` on say, and how many of them say it; (None, 0) when they say none."""
    word = words[at]
    if word in _WORDS:
        return today + timedelta(days=_WORDS[word]), 1
    weekday = _WEEKDAYS.get(word.rstrip("."))
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1), 1
    if iso := _ISO_DAY.fullmatch(word):
        return _date(int(iso[1]), int(iso[2]), int(iso[3])), 1
    if numeric := _NUMERIC_DAY.fullmatch(word):
        return _next(int(numeric[2]), int(numeric[1]), today, int(numeric[3]) if numeric[3] else None), 1
    if at + 1 < len(words):
        for number, name in ((word, words[at + 1]), (words[at + 1], word)):
            ordinal = _ORDINAL.fullmatch(number)
            if ordinal and name.isalpha() and name[:3] in _MONTHS:
                return _next(_MONTHS.index(name[:3]) + 1, int(ordinal[1]), today, None), 2
    return None, 0


def _next(month: int, day: int, today: date, year: int | None) -> date | None:
    if year is not None:
        return _date(year, month, day)
    this = _date(today.year, month, day)
    return this if this and this >= today else _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _amount(word: str, text: str, currency: str, decimal_mark: DecimalMark) -> Decimal:
    try:
        return parse_amount(word, decimal_mark=decimal_mark, currency=currency)
    except Refusal:
        raise _unread(text) from None


def _unread(text: str) -> BadInput:
    sentence = f"{quoted(text)} is not clear. Write a day and an amount, such as “fri 500” or “all by 15.12.”"
    return BadInput(sentence, code="promise_unread", fields={"said": sentence})
