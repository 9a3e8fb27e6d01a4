"""Text tables: encoding and delimiter found or as told, then rows with bounded lines and cells.

Must not guess what cells mean. The whole file decides its encoding, not the first page."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from charset_normalizer import from_bytes

from customers.import_sources.base import Cell, FileRefused, Table

MAX_COLUMNS = 500
MAX_LINE = 1_000_000  # characters; a quoted cell may span lines, each bounded
MAX_ROWS = 1_000_000
ENCODINGS = ("utf-8", "cp1252", "utf-16", "iso-8859-15", "cp1250", "cp1251")
DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 256_000
_NOT_TEXT = "The file is not text. Save it as CSV or XLSX and try again."


class DelimitedTable(Table):
    """A CSV or TSV. `opening` opens the bytes anew; empty `encoding` and `delimiter` are detected."""

    def __init__(self, opening: Callable[[], IO[bytes]], encoding: str = "", delimiter: str = "") -> None:
        self._opening = opening
        self.encoding = encoding or detect_encoding(opening)
        self.delimiter = delimiter or self._detect_delimiter()
        first = next(self._records(), None)
        if first is None:
            raise FileRefused("The file holds no rows. Export it again.", code="empty_file")
        self._header_line, cells = first
        self.headers = unique_headers(cells)

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Line number and cells of every row after the header that is not blank."""
        records = self._records()
        next(records, None)
        for count, record in enumerate(records):
            if count >= MAX_ROWS:
                raise FileRefused(f"The file has more than {MAX_ROWS:,} rows. Split it.", code="too_many_rows")
            yield record

    def all_rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Line number and cells of every row that is not blank, the first one as it stands in the file."""
        yield from self._records()

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        before = 0
        with self._opening() as raw, self._text(raw) as text:
            reader = csv.reader(_bounded_lines(text), delimiter=self.delimiter)
            try:
                for cells in reader:
                    line, before = before + 1, reader.line_num
                    if cells and (cells[0] or any(map(str.strip, cells))):
                        yield line, cells
            except csv.Error as error:
                raise FileRefused(
                    f"The row that begins on line {before + 1} cannot be read ({error}): perhaps a quotation mark is "
                    "never closed. Mend that line.",
                    code="broken_row",
                ) from None
            except UnicodeError:
                raise FileRefused(
                    f"After line {before} the file is not {self.encoding}. Choose another encoding.",
                    code="wrong_encoding",
                    fields={"encoding": f"The file is not {self.encoding}."},
                ) from None

    def _text(self, raw: IO[bytes]) -> io.TextIOWrapper:
        # A byte order mark must not become part of the first header.
        name = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        try:
            return io.TextIOWrapper(raw, encoding=name, newline="")
        except LookupError:
            raise FileRefused(f"The encoding {self.encoding} is not known.", code="wrong_encoding") from None

    def _detect_delimiter(self) -> str:
        with self._opening() as raw, self._text(raw) as text:
            try:
                lines = [line for _, line in zip(range(60), _bounded_lines(text), strict=False) if line.strip()]
            except UnicodeError:
                raise FileRefused(
                    f"The file is not {self.encoding}. Choose another encoding.", code="wrong_encoding"
                ) from None
        return max(DELIMITERS, key=lambda delimiter: _regularity(lines, delimiter))


def detect_encoding(opening: Callable[[], IO[bytes]]) -> str:
    """The encoding: by byte order mark, by being valid UTF-8 to the end, or the likeliest of the usual ones.

    Raises FileRefused when the beginning is no text in that encoding."""
    with opening() as raw:
        start = raw.read(_SAMPLE)
        found = _detected(start, raw)
    text = start[:8192].decode(found, errors="ignore")
    controls = sum(1 for sign in text if sign < " " and sign not in "\t\n\r\f\x1a")
    if controls > len(text) * 0.02:
        raise FileRefused(_NOT_TEXT, code="not_a_table")
    return found


def _detected(start: bytes, rest: IO[bytes]) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in start[:4096]:
        return _utf_16_without_mark(start)
    if _is_utf_8(start, rest):
        return "utf-8"
    guess = from_bytes(start, cp_isolation=list(ENCODINGS[1:])).best()
    name = guess.encoding.replace("_", "-") if guess else "cp1252"
    return name if name in ENCODINGS else "cp1252"


def unique_headers(cells: Sequence[str]) -> tuple[str, ...]:
    """The header cells as names that differ: blanks are numbered, repetitions too. Raises FileRefused for too many."""
    if len(cells) > MAX_COLUMNS:
        raise FileRefused(
            f"The file has {len(cells):,} columns; at most {MAX_COLUMNS} can be read. Remove the others.",
            code="too_many_columns",
        )
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        plain = "".join(sign for sign in cell if sign.isprintable()).strip()[:100] or f"Column {position}"
        name, copy = plain, 1
        while name in names:
            copy += 1
            name = f"{plain} ({copy})"
        names.append(name)
    return tuple(names)


def _is_utf_8(start: bytes, rest: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(start)
        while block := rest.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf_16_without_mark(start: bytes) -> str:
    """UTF-16 when every other byte is mostly zero; a NUL anywhere else means that this is no text."""
    sample = start[:4096]
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return "utf-8"


def _bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise FileRefused(
                f"A line has more than {MAX_LINE:,} characters. Export the file again with one row per line.",
                code="line_too_long",
            )
        yield line


def _regularity(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How well the delimiter cuts the lines: how many have as many cells as the first, then how many cells."""
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return (0, 0)
    if not widths or widths[0] < 2:
        return (0, 0)
    return (sum(width == widths[0] for width in widths), widths[0])
