"""Lists and ranges of numbers: '40123/24+27' and '1001-1004', followed within one customer's items."""

import re
from dataclasses import dataclass
from itertools import pairwise

from invoices.rules.matching.index import Index, Places
from invoices.rules.matching.named import Named
from invoices.rules.matching.reading import Reading

_MOST_BETWEEN = 30
_LIST = re.compile(r"\s?[/+,&;]\s?|\s?-\s?")
_RANGE = re.compile(r"\s?[-–]\s?|\s*\.\.\.?\s*")
_RANGE_WORDS = frozenset({"BIS", "TO", "TILL", "THROUGH", "TOT", "T"})


@dataclass(frozen=True, slots=True)
class Span:
    """Words start … end (exclusive) that name items by these digits."""

    start: int
    end: int
    digits: str
    places: Places


def read_lists(reading: Reading, index: Index, named: Named, spans: list[Span]) -> None:
    """'40123/24+27': shorter digits behind a number replace its end, for an item of the same customer."""
    for span in spans:
        end = span.end
        while end < len(reading.words) and _LIST.fullmatch(reading.gaps[end - 1]):
            tail = reading.words[end]
            if not tail.isdigit() or not 0 < len(tail) < len(span.digits):
                break
            places = _same_customer(index, span, index.with_digits(span.digits[: -len(tail)] + tail))
            if not places:
                break
            named.add(places, "number_in_list")
            named.tokens.pop(tail.lstrip("0"), None)
            if _RANGE.fullmatch(reading.gaps[end - 1]) and end == span.end:
                _fill(index, named, span, span.digits[: -len(tail)] + tail)
            end += 1


def read_ranges(reading: Reading, index: Index, named: Named, spans: list[Span]) -> None:
    """'1001-1004': whether those in between are meant too, the amount must tell."""
    for one, other in pairwise(spans):
        words_between = reading.words[one.end : other.start]
        by_sign = not words_between and _RANGE.fullmatch(reading.gaps[one.end - 1])
        by_word = len(words_between) == 1 and words_between[0] in _RANGE_WORDS
        if not (by_sign or by_word) or not (one.digits.isdigit() and other.digits.isdigit()):
            continue
        _fill(index, named, one, other.digits)


def _fill(index: Index, named: Named, first: Span, last: str) -> None:
    """Keeps the items between the two numbers, of the first one's customer."""
    for value in range(int(first.digits) + 1, min(int(last), int(first.digits) + _MOST_BETWEEN)):
        for place in _same_customer(index, first, index.with_digits(str(value))):
            named.between.setdefault(place, "number_in_list")


def _same_customer(index: Index, span: Span, places: Places) -> Places:
    customers = {index.items[place].customer_id for place in span.places}
    return tuple(place for place in places if index.items[place].customer_id in customers)
