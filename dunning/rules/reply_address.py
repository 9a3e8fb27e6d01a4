"""The address that answers to one message can be sent to: "receivables+r17-3f…@example.com" for a notice, "+m17-…" for
a mail by hand. Pure.

The mark is signed, so that nobody can put words under another customer's message by counting numbers up."""

import hashlib
import hmac
import re

NOTICE, MAIL = "r", "m"
_MARKED = re.compile(r"\+(?P<kind>[rm])(?P<id>\d{1,15})-(?P<mark>[0-9a-f]{12})@")
_WORDS = {NOTICE: "reply to notice", MAIL: "reply to mail"}


def reply_address(address: str, message_id: int, key: bytes, *, kind: str = NOTICE) -> str:
    """The address with the message's mark in it; the same one when it holds a mark of its own already."""
    local, at, domain = address.rpartition("@")
    if not at or "+" in local:
        return address
    return f"{local}+{kind}{message_id}-{_mark(kind, message_id, key)}@{domain}"


def read_reply_address(address: str, key: bytes, *, kind: str = NOTICE) -> int | None:
    """The notice, or the mail by hand, that this address was made for; None for any other address."""
    found = _MARKED.search(address.lower())
    if found is None or found["kind"] != kind:
        return None
    if not hmac.compare_digest(found["mark"], _mark(kind, int(found["id"]), key)):
        return None
    return int(found["id"])


def _mark(kind: str, message_id: int, key: bytes) -> str:
    return hmac.new(key, f"{_WORDS[kind]} {message_id}".encode(), hashlib.sha256).hexdigest()[:12]
