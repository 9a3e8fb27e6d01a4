"""Puts the words of a notice into the frame of a mail, as plain text and as HTML with its styles at the elements.

Rendering the template and moving the styles cost as much as sending (B6), and both depend on the elements alone, never
on the words between them. So each arrangement of elements is dressed once, with marks in the places of the words, and
filled for each mail. The outcome is, byte for byte, what dressing the whole mail would give: a test holds both side by
side. It decides nothing and stores nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from secrets import token_hex
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from dunning.rules.letter import Seller

# Mail programs drop style sheets, so styles go to the elements; what depends on the reader's screen stays in one.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
# In the places of the words. Nobody can know it, so nobody can write it into a name or an invoice number.
_MARK = f"mark{token_hex(16)}"
# The words between two tags, and the address of a link.
_WORDS = re.compile(r'((?<=>)[^<]*[^<\s][^<]*(?=<)|(?<=href=")[^"]*(?="))')
_HREF = re.compile(r'href="([^"]*)"')
_ESCAPED = ("&amp;", "&lt;", "&gt;", "&quot;", "&#x27;")
_NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the words: the same for all mails of a seller in one language and manner of address."""

    language: str
    seller: Seller
    footer: str


def framed_text(frame: Frame, inside: str) -> str:
    """The whole plain text of a mail."""
    before, behind = _text_frame(frame)
    return f"{before}{inside}{behind}"


def framed_html(frame: Frame, subject: str, inside: str) -> str:
    """The whole HTML of a mail. `inside` is safe HTML in which every value was escaped by `html.escape`."""
    parts = _WORDS.split(inside)
    pieces = _dressed(frame, _MARK.join(parts[::2]))
    words = _as_serialised(_MARK.join([escape(subject), *parts[1::2]])).split(_MARK)
    if len(pieces) != len(words) + 1 or not _is_plain(subject, inside):
        return _whole(frame, subject, inside)
    return _woven(pieces, words)


@lru_cache(maxsize=256)
def _text_frame(frame: Frame) -> tuple[str, str]:
    before, _, behind = render_to_string("dunning/mail/notice.txt", _context(frame, inside=_MARK)).partition(_MARK)
    return before, behind


@lru_cache(maxsize=512)
def _dressed(frame: Frame, elements: str) -> tuple[str, ...]:
    """What stands before, between and behind the words when these elements are dressed, the subject being the first."""
    return tuple(_whole(frame, _MARK, elements).split(_MARK))


def _whole(frame: Frame, subject: str, inside: str) -> str:
    safe = mark_safe(inside)  # noqa: S308 (every value was escaped where it was written, in rules.letter)
    return _inliner.inline(render_to_string("dunning/mail/notice.html", _context(frame, subject=subject, inside=safe)))


def _context(frame: Frame, **words: str) -> dict[str, Any]:
    lines = [line.strip() for line in frame.seller.address.splitlines() if line.strip()]
    return {
        "language": frame.language, "seller": frame.seller, "seller_lines": lines, "footer": frame.footer, **words,
    }  # fmt: skip


def _as_serialised(escaped: str) -> str:
    """The escaped words as an HTML serialiser writes them between tags: quotes as they are, fixed spaces by name."""
    return escaped.replace("&quot;", '"').replace("&#x27;", "'").replace(_NBSP, "&nbsp;")


def _is_plain(subject: str, inside: str) -> bool:
    """Whether the words come out of a parser as they went in: without NUL, CR and entities beside our own."""
    if any(sign in words for sign in "\0\r" for words in (subject, inside)):
        return False
    if any("&" in address or _NBSP in address for address in _HREF.findall(inside)):
        return False
    return inside.count("&") == sum(map(inside.count, _ESCAPED))


def _woven(pieces: Iterable[str], words: Iterable[str]) -> str:
    first, *rest = pieces
    return first + "".join([part for pair in zip(words, rest, strict=True) for part in pair])
