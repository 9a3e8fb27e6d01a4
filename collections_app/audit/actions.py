"""The register of action codes. Unregistered codes cannot be recorded, so each entry can be explained and scrubbed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """What a code means: a sentence for people, and the payload keys that hold personal data (scrubbed on erasure)."""

    code: str
    sentence: str
    personal: frozenset[str] = frozenset()


_REGISTER: dict[str, Action] = {}


def register(code: str, sentence: str, *, personal: tuple[str, ...] = ()) -> str:
    """The code itself, now known. Raises ValueError when two rooms claim one code with different meanings."""
    action = Action(code, sentence, frozenset(personal))
    if _REGISTER.setdefault(code, action) != action:
        raise ValueError(f"The audit action {code} is registered twice with different meanings.")
    return code


def action(code: str) -> Action:
    """The registered action. Raises LookupError for an unknown code."""
    try:
        return _REGISTER[code]
    except KeyError:
        raise LookupError(f"The audit action {code!r} is not registered; call audit.actions.register first.") from None
