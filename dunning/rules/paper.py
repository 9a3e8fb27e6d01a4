"""Paper and envelopes: where the address must stand so that a window shows all of it, and how to make it fit.

Lengths in millimetres from the sheet's upper left corner, type sizes in points. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

_POINT = 0.352_778  # millimetres
# Type size and line height, the largest that fits is taken.
_SIZES = ((10.0, 12.5), (9.0, 11.0), (8.0, 9.6), (7.0, 8.4), (6.0, 7.2))


class Window(NamedTuple):
    """The part of the sheet that is seen through the envelope wherever the sheet lies in it."""

    left: float
    top: float
    width: float
    height: float


class Sheet(NamedTuple):
    """One kind of letter: the paper, the window, and where the text begins on the first page."""

    code: str
    paper: str
    window: Window
    text_top: float
    left: float
    right: float
    info_left: float
    info_width: float


# DIN 5008, form B: the address field is 85 × 45 mm, 20 mm from the left and 45 mm from the top. Its upper 17.7 mm hold
# the sender's line and remarks; the address has the 27.3 mm below, and stands 5 mm from the field's edge.
DIN_5008_B = Sheet("din", "A4", Window(25.0, 62.7, 80.0, 27.3), 98.46, 25.0, 20.0, 125.0, 65.0)
# US letter, folded in three, in a #10 envelope with one window (4½ × 1⅛ inches, ⅞ from the left, ½ from the bottom).
# The sheet has an inch of play sideways and a quarter upwards; this much of it is seen however it lies.
US_NUMBER_10 = Sheet("us", "letter", Window(25.4, 58.4, 82.5, 20.9), 101.6, 25.4, 25.4, 127.0, 63.0)

_US_PAPER = frozenset({"US", "CA", "MX", "PH", "PR"})


class Fitted(NamedTuple):
    """The lines of an address, and the type size and line height in points at which all of them are in the window."""

    lines: Sequence[str]
    size: float
    leading: float


def sheet_for(country: str) -> Sheet:
    """The kind of letter used in the sender's country (ISO 3166 code); DIN 5008 where nothing else is known."""
    return US_NUMBER_10 if country.upper() in _US_PAPER else DIN_5008_B


def fitted(name: str, address: str, window: Window) -> Fitted:
    """The recipient's lines, broken and set so that they stay inside the window.

    An address that is too long even in the smallest type loses lines in its middle, never its first or its last two:
    who it is for, and the place."""
    lines = [" ".join(line.split()) for line in [name, *address.splitlines()]]
    lines = [line for line in lines if line]
    for size, leading in _SIZES:
        broken = [part for line in lines for part in _broken(line, size, window.width)]
        if len(broken) * leading * _POINT <= window.height:
            return Fitted(broken, size, leading)
    most = int(window.height / (leading * _POINT))
    return Fitted([*broken[: most - 3], "…", *broken[-2:]], size, leading)


def cut(text: str, *, size: float, width: float) -> str:
    """The text on one line of that width, with an ellipsis where it had to be cut."""
    bare = " ".join(text.split())
    if width_of(bare, size) <= width:
        return bare
    while bare and width_of(bare + "…", size) > width:
        bare = bare[:-1]
    return bare.rstrip(" ·,") + "…"


def width_of(text: str, size: float) -> float:
    """About how wide the text is in our type, in millimetres; rather too wide than too narrow."""
    return sum(_em(sign) for sign in text) * size * _POINT * 1.03


def _em(sign: str) -> float:
    if sign in "iljI.,:;'’|!· ":
        return 0.30
    if sign in "ftr()[]/-":
        return 0.42
    if sign in "mwMW@%—…":
        return 1.0
    if ord(sign) >= 0x1100:  # ideographs and other full-width signs
        return 1.0
    return 0.78 if sign.isupper() else 0.64


def _broken(line: str, size: float, width: float) -> list[str]:
    """The line in pieces of at most this width, broken between words where possible."""
    pieces: list[str] = []
    present = ""
    for word in line.split(" "):
        if present and width_of(f"{present} {word}", size) > width:
            pieces.append(present)
            present = word
        else:
            present = f"{present} {word}".strip()
        while width_of(present, size) > width:
            fits = next(n for n in range(len(present), 0, -1) if width_of(present[:n], size) <= width)
            pieces.append(present[:fits])
            present = present[fits:]
    return [*pieces, present] if present else pieces
