"""Reads JSON bodies strictly: UTF-8, of bearable size and depth, without doubled keys, NaN or half characters."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class TooLarge(APIException):
    """413."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The body is too large. Send fewer items per request, or import a file."


class StrictJsonParser(BaseParser):
    """JSON as other systems send it. Numbers with decimals arrive as Decimal, never as float."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value. Raises ParseError (400) or TooLarge (413)."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise TooLarge
        try:
            text = raw.decode("utf-8")
            value = json.loads(text, parse_float=_decimal, parse_constant=_refuse, object_pairs_hook=_unique)
            if "\\ud" in text.lower():
                json.dumps(value, ensure_ascii=False, default=str).encode()
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ValueError as error:  # also UnicodeError
            raise ParseError(f"The body is not valid JSON in UTF-8: {_first_line(error)}.") from None
        return value


def _decimal(digits: str) -> Decimal:
    if len(digits) > 50:
        raise ValueError("a number is too long")
    return Decimal(digits)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return made


def _first_line(error: ValueError) -> str:
    return "half a character" if isinstance(error, UnicodeError) else str(error).splitlines()[0][:120].rstrip(".")
