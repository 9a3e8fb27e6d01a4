"""The shape of one language's rules: words and patterns over small letters. Holds no logic of its own.

Patterns are searched in one clause of one sentence; `doubt` in the whole sentence. Every repetition in them is bounded,
so that no text takes long to read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NUMBERS = 14  # number words are read up to here: "in two weeks"


@dataclass(frozen=True, eq=False)
class Language:
    """One language. `relative` pairs a kind of day with the pattern that means it; see `days.KINDS`."""

    code: str
    words: frozenset[str]  # small words that hardly another language has, to recognise it by
    months: Mapping[str, int]
    weekdays: Mapping[str, int]  # Monday is 0
    numbers: Mapping[str, int]
    relative: tuple[tuple[str, re.Pattern[str]], ...]
    next_weekday: re.Pattern[str]  # words before or behind a weekday that mean "the next one"
    next_skips: bool  # whether "next Friday", said on a Monday, is the Friday of the week after
    not_when: re.Pattern[str]  # before a date: it is a document's date, not a day on which something happens
    clauses: re.Pattern[str]  # where a sentence falls into clauses
    governed: re.Pattern[str]  # a clause that begins so hangs on the one before it
    negation: re.Pattern[str]
    doubt: re.Pattern[str]
    part: re.Pattern[str]  # a part of something, without saying how much
    promise: re.Pattern[str]
    paid: re.Pattern[str]
    reference: re.Pattern[str]  # group "ref"
    disputes: tuple[tuple[str, re.Pattern[str]], ...]  # reason code of a dispute, and its words
    no_dispute: re.Pattern[str]
    away: re.Pattern[str]
    until: re.Pattern[str]  # directly before the last day away
    back: re.Pattern[str]  # directly before the first day back
    left: re.Pattern[str]
    wrong: re.Pattern[str]
    instead: re.Pattern[str]  # a sentence that names whom to write to instead
    month_first: bool = False  # "December 3"


def pattern(*parts: str) -> re.Pattern[str]:
    """One pattern that finds any of these."""
    return re.compile("|".join(f"(?:{part})" for part in parts))


def numbered(names: str, *, first: int) -> dict[str, int]:
    """Names with their numbers: words between commas, several spellings of one apart by spaces."""
    return {word: first + place for place, group in enumerate(names.split(",")) for word in group.split()}
