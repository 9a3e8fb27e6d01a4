"""What a row of the worklist shows besides name, amount and reason, as each person chooses it (U11, U19). Pure."""

from collections.abc import Mapping
from typing import Any

CODES = ("contact", "next", "owner", "days", "worth", "minutes", "number")
USUAL = frozenset({"contact", "next", "owner"})


def columns_of(chosen: Mapping[str, Any], name: str = "worklist") -> frozenset[str]:
    """The columns a person sees, from what their account keeps; the usual ones where nothing was chosen."""
    kept = chosen.get(name)
    return USUAL if not isinstance(kept, list) else frozenset(kept) & frozenset(CODES)
