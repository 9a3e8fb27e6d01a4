"""Opens zip archives of statements, as banks send several accounts at once. Every size is checked in the archive's
directory before anything is unpacked. Must not know what a statement is."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from invoices.bank_formats.contract import Refused

MAX_MEMBERS = 500
MAX_UNPACKED = 200_000_000  # bytes of all members together; the reader bounds each of them
MAX_RATIO = 200  # statements in XML pack 10 to 40 times, a bomb a thousand times
SMALL_MEMBER = 2_000_000

_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_AGAIN = "Ask for the file again, or unpack it and upload what is inside."


def is_archive(content: bytes) -> bool:
    """Whether the content is a zip archive to be opened here; spreadsheets, which are zip archives too, are not.

    Raises Refused for an archive that is damaged, protected or unpacks to too much, spreadsheets included."""
    if not content.startswith((_ZIP, _EMPTY_ZIP)):
        return False
    names = {part.filename for part in _directory(content)}
    return not ("[Content_Types].xml" in names or ("mimetype" in names and "content.xml" in names))


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file in the archive, in its order, one unpacked at a time. Raises Refused."""
    parts = [part for part in _directory(content) if not _is_noise(part)]
    if not parts:
        raise Refused(f"The archive is empty. {_AGAIN}", code="empty_file")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for part in parts:
            try:
                yield part.filename, archive.read(part)
            except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error):
                raise Refused(
                    f"The archive is damaged. {_AGAIN}", position=part.filename, code="damaged"
                ) from None  # fmt: skip


def _is_noise(part: zipfile.ZipInfo) -> bool:
    """Folders, and what desktop computers add to archives by themselves."""
    return part.is_dir() or part.filename.startswith("__MACOSX/") or part.filename.endswith((".DS_Store", "Thumbs.db"))


def _directory(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError):
        raise Refused(f"The archive is damaged. {_AGAIN}", code="damaged") from None
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(
            "The archive is protected by a password. Unpack it and upload what is inside.", code="encrypted"
        )  # fmt: skip
    puffed = any(
        part.file_size > SMALL_MEMBER and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts
    )
    if len(parts) > MAX_MEMBERS or sum(part.file_size for part in parts) > MAX_UNPACKED or puffed:
        raise Refused(
            "The archive unpacks to far more than it weighs, or holds too many files, and was not opened. "
            "Unpack it and upload the statements one by one.",
            code="bomb",
        )
    return parts
