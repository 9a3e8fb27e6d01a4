"""Cuts a text into sentences and remembers where each one stood, so that a finding can quote it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

LONGEST_SENTENCE = 1200  # what is longer is no sentence
_END = re.compile(r"[.!?…]+[\"”')\]]*(?=\s)|\n")
# A point behind these ends no sentence.
_SHORT = re.compile(
    r"(?:^|[\s(])(?:nr|no|nos|num|núm|n|dr|mr|mrs|ms|hr|fr|frau|mme|mlle|sr|sra|srta|dhr|mevr|mw|bzw|ca|inv|ref|tel|st|"
    r"z\.b|d\.h|u\.a|i\.a|e\.g|i\.e|p\.e|b\.v|d\.d|jan|feb|febr|mar|mär|mrt|apr|jun|jul|aug|ago|sep|sept|set|oct|okt|nov|"
    r"dec|dez|déc|dic|janv|févr|avr|juil|ene|abr|abs|art|inkl|zzgl|gem|evtl|usw|etc|p|pp|rg|rgnr|rech|fact|s\.l|s\.a)\.$"
)
_STAYS = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "\xa0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
                        "–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "„": '"'})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its small letters, and where the words stand in the text. Both have the same length."""

    start: int
    end: int
    small: str

    @property
    def is_question(self) -> bool:
        """Whether it asks."""
        return self.small.rstrip("\"') ").endswith("?")


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of this text, in order. A line ends one unless it was only wrapped."""
    flowing = _unwrapped(text)
    start = 0
    for match in _END.finditer(flowing):
        if flowing[match.start()] != "\n" and not _ends(flowing, start, match.start(), match.end()):
            continue
        yield from _sentence(flowing, start, match.end())
        start = match.end()
    yield from _sentence(flowing, start, len(flowing))


def small_letters(text: str) -> str:
    """The text in small letters, one for each, with plain quotation marks, spaces and dashes."""
    lowered = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    return lowered.translate(_STAYS)


def _sentence(flowing: str, start: int, end: int) -> Iterator[Sentence]:
    words = flowing[start:end]
    left = start + len(words) - len(words.lstrip())
    right = start + len(words.rstrip())
    if 3 <= right - left <= LONGEST_SENTENCE:
        yield Sentence(left, right, small_letters(flowing[left:right]))


def _ends(flowing: str, start: int, at: int, after: int) -> bool:
    """Whether the point here ends a sentence: not behind "Nr." or "15.", and not before a small letter."""
    following = flowing[after : after + 40].lstrip(" ")
    if flowing[at] in "!?…":
        return True
    if _SHORT.search(small_letters(flowing[max(start, at - 12) : at + 1])):
        return False
    if following[:1].islower():
        return False
    if flowing[at - 1 : at].isdigit():  # "am 15. Dezember", "15.12. 500 EUR"; a sentence may end in a number, too
        word = re.match(r"[^\W\d]+", following)
        return not (following[:1].isdigit() or (word is not None and small_letters(word[0])[:3] in _MONTHS))
    return True


_MONTHS = frozenset("jan feb mär mar apr mai jun jul aug sep okt nov dez mrt mei dec".split())  # noqa: SIM905


def _unwrapped(text: str) -> str:
    """The text with the newlines of wrapped lines turned into spaces; nothing moves."""
    lines = text.split("\n")
    pieces = [lines[0]]
    for before, line in pairwise(lines):
        goes_on = len(before.strip()) >= 45 and not before.rstrip().endswith((".", "!", "?", ":", ";"))
        first = line.lstrip()[:1]
        continues = before.strip() and (first.islower() or (goes_on and first and first not in "-*•>"))
        pieces.append((" " if continues else "\n") + line)
    return "".join(pieces)
