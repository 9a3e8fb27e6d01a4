"""Which addresses may be written to under an allow-list, and whether an entry of one makes sense. Pure."""

import re
from collections.abc import Collection

_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_MAILBOX = re.compile(r"[^@\s,;<>]+@[^@\s]+")


def is_allowed(address: str, allowed: Collection[str]) -> bool:
    """Whether this address may be written to: named itself, or its domain is; everything where the list is empty.

    Upper and lower case make no difference. A domain does not stand for those below it."""
    if not allowed:
        return True
    wanted = address.strip().lower()
    return wanted in allowed or wanted.rpartition("@")[2] in allowed


def entry_problem(entry: str) -> str:
    """A sentence about an entry that names no address and no domain; '' for a good one."""
    mailbox, _, domain = entry.rpartition("@")
    if _DOMAIN.fullmatch(domain) and (not mailbox or _MAILBOX.fullmatch(entry)):
        return ""
    return f"“{entry[:60]}” is neither an address, such as ann@example.com, nor a domain, such as example.com."
