"""Refusals: errors a person caused and can cure. They carry a sentence; they must not know HTTP, Django or any app."""

from collections.abc import Mapping

_SHOWN = 40


class Refusal(Exception):
    """A request that cannot be honoured, with a sentence that says what to do next.

    `sentence` is for people, `code` (snake_case, stable) for programs, `fields` for forms: field name -> sentence.
    """

    default_code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)  # the one positional argument keeps refusals picklable across processes
        self.sentence = sentence
        self.code = code or self.default_code
        self.fields: dict[str, str] = dict(fields or {})

    def __str__(self) -> str:
        return self.sentence


class NotAllowed(Refusal):
    """The person may see the thing but has no right to do this to it."""

    default_code = "not_allowed"


class Conflict(Refusal):
    """Someone or something else changed the thing first; look again, then decide."""

    default_code = "conflict"


class BadInput(Refusal):
    """What was typed, uploaded or sent cannot be understood or stored."""

    default_code = "bad_input"


def quoted(text: object) -> str:
    """The text in quotation marks, short and printable, safe to repeat inside a sentence.

    Line breaks and odd spaces become spaces, control characters '?': a NUL can be stored nowhere, a line break forges
    log lines.
    """
    whole = str(text)
    shown = "".join(sign if sign.isprintable() else " " if sign.isspace() else "?" for sign in whole[:_SHOWN])
    return f"“{shown}…”" if len(whole) > _SHOWN else f"“{shown}”"
