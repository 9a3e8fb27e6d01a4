"""Bytes of an XML or OFX file to text, by the encoding that the file itself declares.

Must not guess: bytes that are not what the file says they are refuse it, with the line."""

import codecs
import re

from collections_app.lib.errors import quoted
from invoices.bank_formats.contract import Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", ""), (b"\0<", ""),
)  # fmt: skip
_WITHOUT_MARK = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_XML_DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")
# Only character sets: Python also knows "encodings" that unpack or calculate.
_CHARACTER_SETS = re.compile(
    r"utf-8|utf-16(-[bl]e)?|ascii|iso8859-\d+|cp\d{3,5}|mac-\w+|koi8-[rtu]|gb2312|gbk|gb18030|big5\w*|euc_\w+|shift_jis\w*"
)


def text_of(content: bytes, *, otherwise: str = "utf-8") -> str:
    """The text, without byte order mark, by the mark, else by the XML declaration, else as `otherwise`.

    Raises Refused for an encoding that is not known, and at the first byte that is wrong in it."""
    mark, encoding = _by_mark(content)
    if not encoding:
        declared = _XML_DECLARATION.match(content)
        encoding = _character_set(declared[1].decode("ascii")) if declared else otherwise
    try:
        return content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start + len(mark)) + 1
        raise Refused(
            f"The file says that it is written in {encoding}, but the characters at this place are not. "
            "Ask the bank for it again, and do not save it in an editor on the way.",
            position=f"line {line}",
            code="wrong_encoding",
        ) from None


def beginning_of(content: bytes, length: int = 4096) -> str:
    """The first characters, read leniently, to recognise a format by. Never raises."""
    mark, encoding = _by_mark(content)
    return content[len(mark) : length].decode(encoding or "latin-1", errors="replace").lstrip()


def _by_mark(content: bytes) -> tuple[bytes, str]:
    """The byte order mark to skip, and the encoding that the first bytes prove; empty if they prove none."""
    for start, encoding in _MARKS:
        if content.startswith(start):
            return (start, encoding) if encoding else (b"", _WITHOUT_MARK[start])
    return b"", ""


def _character_set(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = ""
    if not _CHARACTER_SETS.fullmatch(name):
        raise Refused(
            f"The file says that it is written in {quoted(declared)}, which is no character set known here. "
            "Ask the bank for it in UTF-8.",
            position="line 1",
            code="wrong_encoding",
        )
    # A UTF-16 declaration could only be read because the file is not; and ASCII is a part of UTF-8.
    return "utf-8" if name.startswith("utf-16") or name == "ascii" else name
