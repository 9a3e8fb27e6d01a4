"""Text that can be stored and shown: control characters, halves of characters and HTML are gone. Pure; keeps no links,
runs nothing, fetches nothing."""

import re
from html.parser import HTMLParser

LONGEST_HTML = 200_000  # characters; the rest of a longer page is left out
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BLOCK_WORDS = """
    address article aside blockquote body caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section table tbody td tfoot th thead tr ul
"""
_UNSEEN_WORDS = "script style head title template noscript svg math object iframe select textarea button"
_VOID_WORDS = "area base br col embed hr img input link meta param source track wbr"
_BLOCKS, _UNSEEN, _VOID = (frozenset(words.split()) for words in (_BLOCK_WORDS, _UNSEEN_WORDS, _VOID_WORDS))
_QUOTES = ("divrplyfwdmsg", "yahoo_quoted", "gmail_quote_container", "appendonsend", "olk_src_body_section")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
QUOTE_MARK = "-----Original Message-----"


def clean(text: str) -> str:
    """The text without what no database stores and no reader sees; every kind of line end becomes a newline."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\xa0", " ")
    return _CONTROL.sub("", lines)


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut to so many characters: for names, subjects and addresses."""
    return " ".join(clean(text).split())[:longest].strip()


def html_to_text(html: str) -> str:
    """What a person would read of this HTML, as text; quoted mails begin with '>' or behind a mark. Never raises."""
    reader = _Reader()
    try:
        reader.feed(html[:LONGEST_HTML])
        reader.close()
    except (AssertionError, ValueError):  # what the parser of the library raises on broken declarations
        reader.text(re.sub(r"<[^<>]{0,2000}>", " ", html[:LONGEST_HTML]))
    return clean(reader.result())


class _Reader(HTMLParser):
    """Collects lines. What is not shown to a reader is skipped up to its end tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quoted = 0
        self._unseen: list[str] = []  # open elements inside of, and including, the first one that is not seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            if tag not in _VOID and len(self._unseen) < 1000:
                self._unseen.append(tag)
            return
        given = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN or "hidden" in given or _HIDDEN.search(given.get("style", "")):
            if tag not in _VOID:
                self._unseen.append(tag)
            return
        if tag == "br" or tag in _BLOCKS:
            self._end_line()
        if any(mark in f"{given.get('id', '')} {given.get('class', '')}".lower() for mark in _QUOTES):
            self._lines.append(QUOTE_MARK)
        if tag == "blockquote":
            self._quoted += 1
        elif tag == "li":
            self._line.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag in self._unseen:  # an end tag closes whatever was left open inside
                position = len(self._unseen) - 1 - self._unseen[::-1].index(tag)
                del self._unseen[position:]
            return
        if tag in _BLOCKS:
            self._end_line()
            if tag in ("p", "table", "ul", "ol", "blockquote"):
                self._lines.append("")
        if tag == "blockquote":
            self._quoted = max(self._quoted - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text(data)

    def text(self, data: str) -> None:
        """Nothing; the words stand in the current line, spaces as a browser shows them."""
        words = " ".join(data.split())
        if words:
            before = " " if data[0].isspace() else ""
            self._line.append(f"{before}{words}{' ' if data[-1].isspace() else ''}")
        elif data and self._line:
            self._line.append(" ")

    def _end_line(self) -> None:
        line = re.sub(r" {2,}", " ", "".join(self._line)).strip()
        self._line = []
        if line:
            self._lines.append(f"{'> ' * min(self._quoted, 5)}{line}")

    def result(self) -> str:
        """The lines so far, with at most one empty line in a row."""
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()
