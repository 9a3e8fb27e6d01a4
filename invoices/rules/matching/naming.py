"""Which open items a line names: by structured reference, by number in any of the ways people write it, by purchase
order. What looks like a number but names nothing open is kept, for it speaks against guessing."""

import re
from collections.abc import Iterator

from collections_app.lib.structured_references import StructuredReference
from invoices.rules.matching.facts import Line
from invoices.rules.matching.index import Index, Places
from invoices.rules.matching.lists import Span, read_lists, read_ranges
from invoices.rules.matching.named import Named
from invoices.rules.matching.numbers import is_year, number_key, shape_of, typed_digits
from invoices.rules.matching.reading import Reading

_LONGEST_NUMBER = 5  # words
_JOINS = re.compile(r"[ \-–/._#:]{0,3}")


def named_by(line: Line, reading: Reading, index: Index) -> Named:
    """What the line names among the items of its currency and legal entity."""
    named = Named(is_on_account=reading.is_on_account)
    for reference in reading.references:
        named.add(_in_scope(_by_reference(reference, index), line, index), "reference")
    spans = sorted(_spans(line, reading, index, named), key=lambda span: span.start)
    read_lists(reading, index, named, spans)
    read_ranges(reading, index, named, spans)
    for row in line.advice:
        named.add(_in_scope(_by_advice(row.number, index), line, index), "advice")
    return named


def _in_scope(places: Places, line: Line, index: Index) -> Places:
    """Only items in the line's currency, and of the legal entity whose account it is."""
    return tuple(
        place
        for place in places
        if index.items[place].currency == line.currency and line.entity_id in (None, index.items[place].entity_id)
    )


def _by_reference(reference: StructuredReference, index: Index) -> Places:
    """A reference is one given to the item, or made of its number, alone or behind the customer's number."""
    given = index.with_reference(reference.value)
    if given or reference.kind == "rf":
        return given or index.named(reference.payload)
    payload = reference.payload.lstrip("0")
    whole = index.with_digits(payload)
    if whole:
        return whole
    for length in range(len(payload) - 1, 3, -1):
        for place in index.with_digits(payload[-length:].lstrip("0")):
            customer = index.customers.get(index.items[place].customer_id)
            if customer and number_key(customer.number) == payload[:-length].rstrip("0"):
                return (place,)
            if customer and number_key(customer.number) == payload[:-length]:
                return (place,)
    return ()


def _by_advice(number: str, index: Index) -> Places:
    key = number_key(number)
    shape = shape_of(key)
    return index.named(key) or (index.with_digits(key[len(shape[0]) :].lstrip("0")) if shape else ())


def _spans(line: Line, reading: Reading, index: Index, named: Named) -> Iterator[Span]:
    """Names items by exact numbers first, the longest ones first, then by digits among the words that are left."""
    used: set[int] = set()
    words = reading.words
    for width in range(_LONGEST_NUMBER, 0, -1):
        for start in range(len(words) - width + 1):
            window = range(start, start + width)
            if used.intersection(window) or not _joined(reading, start, width):
                continue
            key = "".join(words[start : start + width])
            if len(key) < 4 or not any(sign.isdigit() for sign in words[start + width - 1]):
                continue
            if is_year(key):
                continue
            places = _in_scope(index.named(key), line, index)
            if places:
                used.update(window)
                exact = {place for place in places if number_key(index.items[place].number) == key}
                code = "number" if exact else "number_lookalike"
                named.add(tuple(exact) or places, code)
                named.tokens[_digits(key)] = places
                yield Span(start, start + width, _digits(key), places)
    for width in (3, 2, 1):
        for start in range(len(words) - width + 1):
            window = range(start, start + width)
            if used.intersection(window) or not _joined(reading, start, width):
                continue
            span = _read_digits(line, reading, index, named, start, width)
            if span:
                used.update(window)
                if span.places:
                    yield span


def _read_digits(line: Line, reading: Reading, index: Index, named: Named, start: int, width: int) -> Span | None:
    """A span of digits alone, with whatever letters directly before them: a customer's number, an invoice's digits, a
    purchase order, or a number that names nothing. None when it is too short or no number at all."""
    words = reading.words[start : start + width]
    if width > 1 and not all(word.isdigit() for word in words):
        return None
    typed = typed_digits("".join(words))
    if typed is None:
        return None
    letters, digits = typed
    bare = digits.lstrip("0")
    if len(bare) < 3 or (is_year(bare) and not letters):
        return None
    before = reading.words[start - 1] if start and not letters else letters
    places = _in_scope(index.with_digits(bare), line, index)
    customer = index.customer_by_number.get(digits)
    if customer is not None and width == 1 and not places:
        named.customers.add(customer)
        return Span(start, start + width, bare, ())
    orders = _in_scope(index.with_po(before + digits) or index.with_po(bare), line, index)
    if orders and (not places or before in ("PO", "ORDER", "BESTELLUNG", "BEST", "AUFTRAG")):
        named.add(orders, "po_number")
        return Span(start, start + width, bare, ())
    if width > 1 and not places:
        return None
    if places:
        named.add(places, "number_digits" if "".join(words).endswith(digits) else "number_lookalike")
        named.tokens[bare] = places
        return Span(start, start + width, bare, places)
    if settled := index.settled_customers(bare):
        named.settled.update(settled)
        named.unknown.append(bare)
        return Span(start, start + width, bare, ())
    named.tokens[bare] = ()
    if index.looks_like_ours(before, digits):
        named.unknown.append(bare)
    return None


def _joined(reading: Reading, start: int, width: int) -> bool:
    return all(_JOINS.fullmatch(gap) for gap in reading.gaps[start : start + width - 1])


def _digits(key: str) -> str:
    match = re.search(r"[0-9]+$", key)
    return match[0].lstrip("0") if match else ""
