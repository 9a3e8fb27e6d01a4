"""Reads the files in which the European Central Bank publishes its reference rates: `eurofxref-hist.csv`,
`eurofxref.csv` and their XML twins, each also as the zip archive they are offered in.

Must not know the database. One bad figure is an error with its place; a file that is something else is refused."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from xml.etree.ElementTree import Element

from collections_app.lib.errors import quoted
from invoices.bank_formats.archives import is_archive, members
from invoices.bank_formats.contract import Refused
from invoices.bank_formats.declared_text import text_of
from invoices.bank_formats.xml_reading import read_xml

BASE = "EUR"
MAX_SIZE = 30_000_000
MAX_ERRORS = 200
_CODE = re.compile(r"[A-Z]{3}")
_FIGURE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,10})?")
_NONE = {"", "N/A", "-"}
_AGAIN = "Download eurofxref-hist.csv or eurofxref-daily.xml from the European Central Bank and upload it unchanged."


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """One euro costs `rate` units of `quote`, as published for the day `on`."""

    on: date
    quote: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class RateError:
    """One place that could not be read, and what to do about it."""

    position: str
    sentence: str


@dataclass(slots=True)
class RateFile:
    """What a file holds: its good rates in its order, and its errors."""

    format: str
    rates: list[PublishedRate] = field(default_factory=list)
    errors: list[RateError] = field(default_factory=list)


def read_rate_file(content: bytes, *, today: date) -> RateFile:
    """The rates in the file. A rate of a day after `today` is an error: nobody publishes the future.

    Raises Refused for a file that is empty, too large, damaged, or no file of rates."""
    if len(content) > MAX_SIZE:
        raise Refused(
            f"The file is larger than {MAX_SIZE // 1_000_000} MB and was not read. {_AGAIN}", code="too_large"
        )
    if is_archive(content):
        content = _only_member(content)
    if b"<" in content[:400].lstrip()[:8].replace(b"\0", b""):
        return _from_xml(content, today)
    return _from_csv(text_of(content), today)


def _only_member(content: bytes) -> bytes:
    found = [inner for _, inner in members(content)]
    if len(found) != 1 or len(found[0]) > MAX_SIZE:
        raise Refused(f"The archive should hold one file of rates. {_AGAIN}", code="not_rates")
    return found[0]


def _from_csv(text: str, today: date) -> RateFile:
    rows = csv.reader(StringIO(text), strict=True)
    file = RateFile("ECB CSV")
    try:
        head = [cell.strip() for cell in next(rows, [])]
        if len(head) < 2 or head[0].lower() != "date" or not all(_CODE.fullmatch(code) for code in head[1:] if code):
            raise Refused(f"This is no file of exchange rates: its first line should be Date,USD,JPY,… {_AGAIN}",
                          position="line 1", code="not_rates")  # fmt: skip
        for cells in rows:
            if any(cell.strip() for cell in cells):
                _read_line(file, head, [cell.strip() for cell in cells], f"line {rows.line_num}", today)
    except csv.Error:
        raise Refused(f"The file breaks here. {_AGAIN}", position=f"line {rows.line_num}", code="damaged") from None
    return file


def _read_line(file: RateFile, head: list[str], cells: list[str], place: str, today: date) -> None:
    day = _day(cells[0])
    if day is None or day > today:
        _add_error(
            file, place, f"{quoted(cells[0])} is no day on which rates were published. Mend or leave out the line."
        )
        return
    if len(cells) > len(head) and any(cells[len(head) :]):
        _add_error(file, place, "The line has more figures than the first line has currencies. Mend or leave it out.")
        return
    for code, cell in zip(head[1:], cells[1:], strict=False):
        if code and cell not in _NONE:
            _add(file, day, code, cell, f"{place}, {code}")


def _from_xml(content: bytes, today: date) -> RateFile:
    file = RateFile("ECB XML")
    root = read_xml(content, lines_of={"Cube"})
    if root.tag != "Envelope":
        raise Refused(f"This is no file of exchange rates. {_AGAIN}", position="line 1", code="not_rates")
    for cube in _dated(root):
        place, told = f"line {cube.get('line')}", cube.get("time", "")
        day = _day(told)
        if day is None or day > today:
            _add_error(file, place, f"{quoted(told)} is no day on which rates were published. Mend or leave it out.")
            continue
        for each in cube.findall("Cube"):
            code = each.get("currency", "")
            _add(file, day, code, each.get("rate", ""), f"line {each.get('line')}, {code}")
    if not file.rates and not file.errors:
        raise Refused(f"The file holds no exchange rates. {_AGAIN}", code="not_rates")
    return file


def _dated(root: Element) -> Iterator[Element]:
    return (cube for cube in root.iter("Cube") if cube.get("time") is not None)


def _add(file: RateFile, day: date, code: str, figure: str, place: str) -> None:
    if not _CODE.fullmatch(code) or code == BASE:
        _add_error(file, place, f"{quoted(code)} is no currency that one euro could be changed into.")
    elif not _FIGURE.fullmatch(figure) or not Decimal(figure):
        _add_error(file, place, f"{quoted(figure)} is no rate. A rate is a figure above 0 such as 1.0842.")
    else:
        file.rates.append(PublishedRate(day, code, Decimal(figure)))


def _add_error(file: RateFile, place: str, sentence: str) -> None:
    if len(file.errors) < MAX_ERRORS:
        file.errors.append(RateError(place, sentence))


def _day(text: str) -> date | None:
    """A day as the ECB writes it: 2026-11-20, or 20 November 2026 in the daily CSV file."""
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return day if day.year >= 1999 else None
    return None
