"""From bytes to a table: what kind of file it is, and whether it is small and honest enough to be opened.

Every bound is checked before anything is unpacked or parsed. Must not know what the columns mean."""

import gzip
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from customers.import_sources.base import FileRefused, Options, Table
from customers.import_sources.delimited import DelimitedTable
from customers.import_sources.spreadsheets import SpreadsheetTable

MAX_FILE = 100_000_000  # bytes as uploaded
MAX_UNPACKED = 400_000_000  # bytes of text or of one spreadsheet's parts
MAX_PARTS = 2_000
MAX_RATIO = 200  # a spreadsheet of numbers packs 10 to 30 times; a bomb a thousand times
SMALL_PART = 2_000_000

_ZIP, _GZIP, _OLE = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
           b"\x7fELF": "a program", b"MZ": "a program", b"7z\xbc\xaf": "an archive", b"Rar!": "an archive",
           b"BZh": "an archive", b"\xfd7zXZ": "an archive", b"PK\x05\x06": "an empty archive"}  # fmt: skip
_WANTED = "Save it as CSV or XLSX and try again."


def open_table(path: Path, options: Options) -> Table:
    """The file as a table, read as the options say and detected where they say nothing. Raises FileRefused."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8192)
    except OSError as error:
        raise FileRefused(
            f"The file {path.name} cannot be read: {error.strerror or error}.", code="unreadable"
        ) from None
    if size > MAX_FILE:
        raise FileRefused(
            f"The file has {size // 1_000_000} MB; at most {MAX_FILE // 1_000_000} MB can be read. Split it.",
            code="file_too_large",
        )
    if not start:
        raise FileRefused("The file is empty. Export it again.", code="empty_file")
    for magic, what in _OTHERS.items():
        if start.startswith(magic):
            raise FileRefused(f"The file is {what}, not a table. {_WANTED}", code="not_a_table")
    if start.startswith(_OLE):
        return _old_spreadsheet(path, options)
    if start.startswith(_ZIP):
        _check_parts(path)
        return SpreadsheetTable(path, options.sheet)
    if start.startswith(_GZIP):
        return DelimitedTable(_unpacking(path), options.encoding, options.delimiter)
    return DelimitedTable(lambda: path.open("rb"), options.encoding, options.delimiter)


def _old_spreadsheet(path: Path, options: Options) -> Table:
    content = path.read_bytes()  # bounded by MAX_FILE
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused(
            "The spreadsheet is protected by a password. Save it without one and try again.", code="encrypted"
        )
    return SpreadsheetTable(path, options.sheet)


def _check_parts(path: Path) -> None:
    """Return in silence when the zip directory promises a spreadsheet of sane size; nothing is unpacked here."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise FileRefused("The spreadsheet is damaged. Save it again and try once more.", code="damaged") from None
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("The file is protected by a password. Save it without one and try again.", code="encrypted")
    if "xl/vbaProject.bin" in names or path.suffix.lower() == ".xlsm":
        raise FileRefused("The spreadsheet holds macros (.xlsm). Save it as .xlsx and try again.", code="macros")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise FileRefused(f"The file is an archive, not a spreadsheet. {_WANTED}", code="not_a_table")
    unpacked = sum(part.file_size for part in parts)
    puffed = any(
        part.file_size > SMALL_PART and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts
    )
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or puffed:
        raise FileRefused(
            "The spreadsheet unpacks to far more than it weighs and was not opened. "
            "Delete unused sheets and rows, or save it as CSV.",
            code="bomb",
        )


def _unpacking(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: cast(IO[bytes], _Bounded(path))


class _Bounded(gzip.GzipFile):
    """A .gz that stops when it has given more than it may."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._given = 0

    def read(self, size: int | None = -1) -> bytes:
        try:
            data = super().read(1 << 20 if size is None or size < 0 else size)
        except (OSError, EOFError, zlib.error):
            raise FileRefused("The .gz file is damaged or cut off. Pack it again.", code="damaged") from None
        self._given += len(data)
        if self._given > MAX_UNPACKED:
            raise FileRefused(
                f"The .gz file holds more than {MAX_UNPACKED // 1_000_000} MB. Split it.", code="file_too_large"
            )
        return data

    read1 = read

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)
