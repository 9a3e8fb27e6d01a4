"""How a pay link's token is kept. Pure: it never sees the database."""

import hashlib


def token_digest(token: str) -> str:
    """The SHA-256 of the token in 64 hex digits. Fast on purpose: it is random, no password."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
