"""The address that answers to one notice can be sent to: "receivables+r17-3f…@example.com". Pure.

The mark is signed, so that nobody can put words under another customer's notice by counting numbers up."""

import hashlib
import hmac
import re

_MARKED = re.compile(r"\+r(?P<id>\d{1,15})-(?P<mark>[0-9a-f]{12})@")


def reply_address(address: str, notice_id: int, key: bytes) -> str:
    """The address with the notice's mark in it; the same one when it holds a mark of its own already."""
    local, at, domain = address.rpartition("@")
    if not at or "+" in local:
        return address
    return f"{local}+r{notice_id}-{_mark(notice_id, key)}@{domain}"


def read_reply_address(address: str, key: bytes) -> int | None:
    """The notice that this address was made for; None for any other address."""
    found = _MARKED.search(address.lower())
    if found is None or not hmac.compare_digest(found["mark"], _mark(int(found["id"]), key)):
        return None
    return int(found["id"])


def _mark(notice_id: int, key: bytes) -> str:
    return hmac.new(key, f"reply to notice {notice_id}".encode(), hashlib.sha256).hexdigest()[:12]
