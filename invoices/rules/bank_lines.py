"""When two entries of bank files are the same movement, and when only alike (D71). Pure: it sees facts, no rows.

The day counts always, so ids that a bank uses again next year name other movements. Then, each asked only where the one
before is silent: the bank's own reference, the payer's end-to-end id, the words. Within one file nothing is the same:
two entries there are two movements; nor between two statements of which one begins with the balance the other ends
with: they do not overlap. A camt.054 and a camt.053 tell of one movement, sometimes under two references of
the bank; so between files of different kinds the end-to-end id or the words decide although the references differ."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.lib.digests import chain_digest
from collections_app.lib.states import States

_NOTHING = frozenset({"", "NOTPROVIDED", "NONREF", "NOREF", "UNKNOWN"})


@dataclass(frozen=True, slots=True)
class Movement:
    """What tells one entry from another. `amount` signed. `kind` is the kind of file: "camt.053", "MT940"."""

    booked_on: date
    value_on: date
    amount: Decimal
    currency: str
    bank_reference: str = ""
    end_to_end_id: str = ""
    words: str = ""  # of `movement_words`
    kind: str = ""
    opening: Decimal | None = None  # of the statement in which it stands
    closing: Decimal | None = None


def movement_words(*, name: str, account: str, reference: str, text: str) -> str:
    """Who and what for, folded so that case, blanks and punctuation do not part what is the same."""
    return "|".join(_folded(part) for part in (account, name, reference, text))


def plain_id(text: str) -> str:
    """An id in capitals without blanks; empty for the words that banks write for none."""
    bare = re.sub(r"\s", "", text).upper()
    return "" if bare in _NOTHING else bare


def file_kind(format: str) -> str:
    """The kind of a file without its version: "camt.053" of "camt.053.001.08"."""
    return re.sub(r"\.001\.\d+", "", format)


def fingerprint(movement: Movement) -> str:
    """The SHA-256, in hex, over what names the movement; without any id, over its words."""
    ids = [movement.bank_reference, movement.end_to_end_id]
    whole = movement.amount.normalize()
    return chain_digest(
        None,
        [movement.booked_on.isoformat(), f"{whole:f}", movement.currency, *ids, "" if any(ids) else movement.words],
    )


def known_places(incoming: Sequence[Movement], known: Sequence[Movement]) -> set[int]:
    """The places of the incoming movements that are known already. Each known one stands for one incoming at most, so
    that a second genuine payment that looks like it is new."""
    taken: set[int] = set()
    found: set[int] = set()
    for key, same in ((_by_bank, _same_reference), (_by_payer, _same_id), (_by_words, _same_words)):
        waiting: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for place, movement in enumerate(known):
            if place not in taken and (mark := key(movement)):
                waiting[mark].append(place)
        for place, movement in enumerate(incoming):
            if place in found or not (mark := key(movement)):
                continue
            match = next((other for other in waiting.get(mark, ()) if same(movement, known[other])), None)
            if match is not None:
                waiting[mark].remove(match)
                taken.add(match)
                found.add(place)
    return found


def batch_places(incoming: Sequence[Movement], known: Iterable[Movement]) -> list[tuple[int, ...]]:
    """Groups of incoming movements that are a known one told otherwise: the payments of a batch that is known as one
    sum, or the sum of a batch whose payments are known. They share the bank's reference and the day."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, movement in enumerate(incoming):
        if movement.bank_reference:
            groups[_batch(movement)].append(place)
    wholes: dict[tuple[object, ...], list[Decimal]] = defaultdict(list)
    for movement in known:
        if movement.bank_reference:
            wholes[_batch(movement)].append(movement.amount)
    found = []
    for mark, places in groups.items():
        amounts = wholes.get(mark, [])
        total = sum((incoming[place].amount for place in places), Decimal(0))
        if len(places) > 1 and total in amounts:
            found.append(tuple(places))
        elif len(places) == 1 and len(amounts) > 1 and total == sum(amounts, Decimal(0)):
            found.append((places[0],))
    return found


def _batch(movement: Movement) -> tuple[object, ...]:
    return (movement.currency, movement.bank_reference, movement.booked_on)


def _by_bank(movement: Movement) -> tuple[object, ...]:
    return (movement.amount, movement.currency, movement.bank_reference) if movement.bank_reference else ()


def _same_reference(one: Movement, other: Movement) -> bool:
    return one.booked_on == other.booked_on or one.value_on == other.value_on


def _by_payer(movement: Movement) -> tuple[object, ...]:
    if not movement.end_to_end_id:
        return ()
    return (movement.amount, movement.currency, movement.end_to_end_id, movement.booked_on)


def _same_id(one: Movement, other: Movement) -> bool:
    return not (one.bank_reference and other.bank_reference) or one.kind != other.kind


def _by_words(movement: Movement) -> tuple[object, ...]:
    return (movement.amount, movement.currency, movement.words, movement.booked_on)


def _same_words(one: Movement, other: Movement) -> bool:
    if one.end_to_end_id and other.end_to_end_id:
        return False
    return _same_id(one, other) and not (_follows(one, other) or _follows(other, one))


def _follows(one: Movement, other: Movement) -> bool:
    """Whether the statement of `one` goes on where that of `other` ends."""
    if one.opening is None or (one.opening, one.closing) == (other.opening, other.closing):
        return False
    return one.opening == other.closing


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).upper()
    return re.sub(r"[^0-9A-Z]", "", plain) if plain.isascii() else re.sub(r"[\W_]", "", plain)


# A posted line waits again only by undoing its postings; what was set aside can be taken up again.
BANK_LINE_STATES = States(
    {
        "waiting": frozenset({"posted", "parked", "ignored"}),
        "parked": frozenset({"waiting", "posted", "ignored"}),
        "ignored": frozenset({"waiting"}),
        "posted": frozenset({"waiting"}),
    }
)


def undo_day(*, posted_on: date, today: date, received_on: date, used_until: date) -> date:
    """The day from which a posting is undone. On the day it was posted nobody had been told of it, so it is as if it
    had never been; later it counts up to now, so that reported days stay true (A2).

    `used_until` is the latest day on which the money was put somewhere or taken back; nothing is undone before."""
    return max(received_on if posted_on == today else today, received_on, used_until)
