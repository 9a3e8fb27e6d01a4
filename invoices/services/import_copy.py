"""COPY from Python: lines go to PostgreSQL as they are made, and an error on our side keeps its own face.

Must not know tables of the product; callers write the COPY statement and the lines."""

import io
import re
from collections.abc import Iterable, Iterator

from django.db import connection

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
NULL = "\\N"


def copy_lines(statement: str, lines: Iterable[str]) -> None:
    """Nothing; the lines (text format, each with its line break) are loaded. Errors raised while making lines pass
    through unchanged, and the COPY is given up."""
    stream = _Stream(lines)
    with connection.cursor() as cursor:
        try:
            with connection.wrap_database_errors:  # the driver's errors become Django's, as for every other statement
                cursor.cursor.copy_expert(statement, stream, 1 << 18)
        except Exception:
            if stream.error is not None:
                raise stream.error from None
            raise


def escaped(text: str) -> str:
    """The text as one field of a COPY line."""
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text) if _SPECIAL.search(text) else text


class _Stream(io.TextIOBase):
    """A file to read from, made of lines that are produced on demand."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: Iterator[str] = iter(lines)
        self._rest = ""
        self.error: Exception | None = None

    def read(self, size: int | None = -1) -> str:
        """At most `size` characters; empty at the end. psycopg2 asks for a bounded size and must not get more."""
        wanted = size if size is not None and size >= 0 else 1 << 18
        # psycopg2 counts encoded bytes; a quarter of the characters can never be too many.
        wanted = max(wanted // 4, 1)
        try:
            while len(self._rest) < wanted:
                pieces = [self._rest]
                pieces.extend(line for _, line in zip(range(512), self._lines, strict=False))
                if len(pieces) == 1:
                    break
                self._rest = "".join(pieces)
        except Exception as error:
            self.error = error
            raise
        given, self._rest = self._rest[:wanted], self._rest[wanted:]
        return given
