"""Bytes of a bank file to text, and text to what can be stored. Must not know any format, and never raises."""

import codecs
import re

from charset_normalizer import from_bytes

from collections_app.lib.currencies import is_currency
from collections_app.lib.references import is_iban

_CODE_PAGES = ["cp1252", "cp1250", "cp1251", "cp852"]  # what banks of Europe still write
_CENTRAL = (set("ąćęłńśźż"), set("čďěňřšťůžľ"), set("őű"), set("čćđšž"), set("ăşţșț"))  # what Western pages lack
_SAMPLE = 200_000
_LONGEST = {"counterparty_name": 200, "counterparty_account": 64, "text": 4_000}
_REFERENCE = 140


def decoded(content: bytes) -> str:
    """The content as text: UTF-8, UTF-16 with its mark, or the likeliest code page; what is wrong in it is shown so."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(_code_page(content), errors="replace")


def plain(text: str, limit: int = _LONGEST["text"]) -> str:
    """The text on one line with single blanks, without what no database stores, at most `limit` characters."""
    printable = text[: 4 * limit]
    if not printable.isprintable():
        printable = "".join(sign if sign.isprintable() else " " for sign in printable)
    return " ".join(printable.split())[:limit]


def plain_facts(**facts: str) -> dict[str, str]:
    """The given text fields of an entry, each plain and within the length its column has."""
    return {name: plain(text, _LONGEST.get(name, _REFERENCE)) for name, text in facts.items()}


def account_number(text: str) -> str:
    """An IBAN without blanks, in capitals and without a currency behind it; any other number as given."""
    given = plain(text, 64)
    bare = re.sub(r"\s", "", given).upper()
    if is_currency(bare[-3:]) and is_iban(bare[:-3]):
        return bare[:-3]
    return bare if looks_like_iban(bare) else given


def looks_like_iban(text: str) -> bool:
    """Whether the text has the form of an IBAN; its check digits may be wrong, as in a bank's own examples."""
    return re.fullmatch(r"(?!RF)[A-Z]{2}\d\d[A-Z0-9]{11,30}", text) is not None


def _code_page(content: bytes) -> str:
    """The likeliest code page of text that is not UTF-8.

    Western and Central European pages share most letters, and statistics confuse them; so the Central one must show
    two letters of its own that belong to one language."""
    telling = b"\n".join(line for line in content[:_SAMPLE].splitlines() if not line.isascii())
    guess = from_bytes(telling, cp_isolation=_CODE_PAGES).best()
    found = guess.encoding if guess else "cp1252"
    if found != "cp1250":
        return found
    west, centre = telling.decode("cp1252", errors="replace"), telling.decode("cp1250", errors="replace")
    own = {there.lower() for here, there in zip(west, centre, strict=True) if here != there and there.isalpha()}
    return "cp1250" if len(own) > 1 and any(own <= letters for letters in _CENTRAL) else "cp1252"
