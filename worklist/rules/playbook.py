"""Which playbook fits a customer today, and its call script with names and figures filled in. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Where no policy has reached a customer, the stage is told by the days since the oldest due date, both inclusive.
EARLY_UNTIL, LATE_UNTIL = 30, 75

# What a script may ask for, and what stands there when nothing is known.
PLACEHOLDERS: Mapping[str, str] = {
    "contact": "the contact's name",
    "customer": "the customer's name",
    "me": "your name",
    "company": "our company",
    "overdue": "the overdue amount",
    "open": "the open amount",
    "invoice": "the oldest open invoice",
    "due": "its due date",
    "days": "its days late",
    "promised": "the promised amount",
    "promised_on": "the promised day",
}
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An active playbook as far as choosing goes; an empty stage or occasion, or no segment, fits everybody."""

    id: int
    rank: int
    title: str
    stage: str = ""
    occasion: str = ""
    segment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """How a customer stands today: the stage, every occasion that holds, and the segments it is in."""

    stage: str
    occasions: frozenset[str] = frozenset()
    segments: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a filled script; `missing` marks a placeholder whose value is not known."""

    text: str
    missing: bool = False


def fitting(candidates: Iterable[Candidate], situation: Situation) -> Candidate | None:
    """The playbook that counts: of those that fit, the lowest rank, then title and id; None when none fits."""
    return min((one for one in candidates if _fits(one, situation)), key=_place, default=None)


def _fits(one: Candidate, situation: Situation) -> bool:
    return (
        one.stage in ("", situation.stage)
        and (one.occasion == "" or one.occasion in situation.occasions)
        and (one.segment_id is None or one.segment_id in situation.segments)
    )


def _place(one: Candidate) -> tuple[int, str, int]:
    return one.rank, one.title, one.id


def stage_by_age(stage: str, oldest_days: int) -> str:
    """The stage of dunning when there is one, else that of the oldest item: 0 days and fewer are preventive."""
    if stage:
        return stage
    if oldest_days <= 0:
        return "preventive"
    if oldest_days <= EARLY_UNTIL:
        return "early"
    return "late" if oldest_days <= LATE_UNTIL else "final"


def unknown_placeholders(script: str) -> Sequence[str]:
    """The names in {{ }} that nobody can fill, each once, in the order of the text."""
    named = (found[1] for found in _PLACEHOLDER.finditer(script))
    return list(dict.fromkeys(name for name in named if name not in PLACEHOLDERS))


def filled(script: str, values: Mapping[str, str]) -> Sequence[Piece]:
    """The script in pieces, in order. A value is put in as text: what looks like a placeholder within it stays as it
    is. One without a value is marked and reads as what is missing."""
    pieces, done = [], 0
    for found in _PLACEHOLDER.finditer(script):
        pieces.append(Piece(script[done : found.start()]))
        value = values.get(found[1], "")
        pieces.append(Piece(value) if value else Piece(PLACEHOLDERS.get(found[1], found[1]), missing=True))
        done = found.end()
    pieces.append(Piece(script[done:]))
    return [piece for piece in pieces if piece.text]


def share(done: int, of: int) -> int | None:
    """Whole percent, rounded down so that only all is 100; None of nothing."""
    return None if of <= 0 else done * 100 // of
