"""One byte form for one value, and digests chained over it. Must not know what is being sealed, nor keep secrets."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from collections_app.lib.errors import BadInput, quoted


def canonical_json(value: object) -> bytes:
    """The one UTF-8 JSON text of a value: keys sorted, no spaces, Decimals and UUIDs as strings, dates ISO, times UTC.

    Reading the JSON back and writing it again gives the same bytes, so a stored payload can be checked. Decimals keep
    their digits (1.50 is not 1.5). Refuses (BadInput) floats, NaN, naive times, keys that are no text, and other types.
    """
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput("The text holds half a character. Send it again as UTF-8.", code="not_unicode") from None


def chain_digest(previous: bytes | None, payload: object) -> str:
    """The SHA-256, in 64 hex digits, of a payload and the digest before it; None starts a chain.

    The length of `previous` is hashed along, so that no payload can pass for part of a digest.
    """
    before = previous or b""
    return hashlib.sha256(len(before).to_bytes(8, "big") + before + canonical_json(payload)).hexdigest()


def _plain(value: object) -> object:
    """The same value made of what JSON can hold exactly."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    raise BadInput(
        f"{quoted(value)} ({type(value).__name__}) has no exact form. Use text, whole numbers, "
        "Decimals, dates or aware times.",
        code="not_canonical",
    )
