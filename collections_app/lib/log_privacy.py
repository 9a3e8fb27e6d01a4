"""Keeps the tokens of links out of logs: whoever reads a log must not be able to open a payer's page with it.

Must not know what a link is for; it knows only how its address looks."""

import re
from collections.abc import MutableMapping
from typing import Any

# The token after /pay/ or /receipt/, and the signed way back in the test gateway's address, which holds it too.
_SECRET = re.compile(r"(/(?:pay|receipt)/|[?&]back=)[A-Za-z0-9_:.~%-]{16,}")


def hide_tokens(text: str) -> str:
    """The text with '…' in place of every link token."""
    return _SECRET.sub(r"\1…", text)


def without_tokens(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The log event with its texts cleared of tokens; a structlog processor, to stand right before the renderer."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = hide_tokens(value)
    return event
