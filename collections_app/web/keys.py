"""The single keys of all pages in one table, and what a person made of them: other keys, or none (WCAG 2.1.4).

Controls name their usual key; the browser translates by `own_keys`. This file must not know what a key does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collections_app.lib.errors import BadInput


@dataclass(frozen=True, slots=True)
class Key:
    """One key: a lasting code, the usual sign, and what it does on the pages that use it."""

    code: str
    usual: str
    words: str | Promise


GROUPS: tuple[tuple[str | Promise, tuple[Key, ...]], ...] = (
    (
        gettext_lazy("Moving"),
        (
            Key("next", "j", gettext_lazy("Next row")),
            Key("previous", "k", gettext_lazy("Previous row")),
            Key("select", "x", gettext_lazy("Select the row; in messages and bank lines: put it aside")),
            Key("open", "o", gettext_lazy("Open the whole account; on a payment: propose the oldest first")),
            Key("filter", "f", gettext_lazy("Filter the list; on a payment: find")),
            Key("views", "v", gettext_lazy("Saved views")),
            Key("day", "t", gettext_lazy("How the day stands, and tomorrow")),
            Key("search", "/", gettext_lazy("Search")),
        ),
    ),
    (
        gettext_lazy("Working an account"),
        (
            Key("call", "c", gettext_lazy("Log a call; in messages: change, then confirm")),
            Key("mail", "e", gettext_lazy("Write a mail; in messages: done; in a dispute: change")),
            Key("promise", "p", gettext_lazy("Record a promise; on a bank line: park")),
            Key("dispute", "d", gettext_lazy("Open a dispute; on a bank line: deduction")),
            Key("note", "n", gettext_lazy("Write a note")),
            Key("snooze", "s", gettext_lazy("Snooze; on a bank line: split")),
            Key("assign", "a", gettext_lazy("Assign; in approvals: approve the first")),
            Key("hold", "h", gettext_lazy("Put on hold; on a bank line: by hand")),
            Key("pin", "i", gettext_lazy("Pin to the top of the list")),
            Key("escalate", "g", gettext_lazy("Ask the manager")),
        ),
    ),
    (
        gettext_lazy("Everywhere"),
        (
            Key("undo", "z", gettext_lazy("Take back what was just done")),
            Key("again", "u", gettext_lazy("Take up again what was put aside")),
            Key("answer", "r", gettext_lazy("Answer a message")),
            Key("move", "m", gettext_lazy("Move a dispute to another stage")),
            Key("end", "w", gettext_lazy("End a dispute")),
            Key("balance", "b", gettext_lazy("Rebalance the team")),
            Key("keys", "?", gettext_lazy("Show all keys of the page")),
        ),
    ),
)
KEYS = tuple(key for _words, keys in GROUPS for key in keys)
_CODES = {key.code: key for key in KEYS}
_ONE_KEY = re.compile(r"(alt\+)?[^\s\d\x00-\x1f\x7f]")


def own_keys(chosen: Mapping[str, str]) -> dict[str, str]:
    """Usual key -> the person's own, where it is another one; "" where the key is switched off."""
    return {
        _CODES[code].usual: own
        for code, own in chosen.items()
        if code in _CODES and isinstance(own, str) and own != _CODES[code].usual
    }


def read_keys(typed: Mapping[str, str]) -> dict[str, str]:
    """Code -> own key, from what was typed at each code; what is left out or usual is not in it, empty means off.

    Raises BadInput with a sentence per code when a key is no single sign, is a digit, or is there twice."""
    found = {key.code: _written(typed.get(key.code, key.usual)) for key in KEYS}
    problems = {code: _unfit(own) for code, own in found.items() if own and not _ONE_KEY.fullmatch(own)}
    for key in KEYS:
        twins = [other for other in KEYS if other is not key and found[other.code] == found[key.code] != ""]
        if twins and key.code not in problems:
            problems[key.code] = _("“%(key)s” is also the key of: %(other)s. Choose another for one of them.") % {
                "key": found[key.code], "other": twins[0].words}  # fmt: skip
    if problems:
        raise BadInput(_("Two actions cannot share a key, and a key is one sign."), code="keys", fields=problems)
    return {code: own for code, own in found.items() if own != _CODES[code].usual}


def _written(text: str) -> str:
    return text.strip().lower().replace(" ", "")[:12]


def _unfit(own: str) -> str:
    if own.removeprefix("alt+").isdigit():
        return _("Digits choose inside a form. Choose a letter or a sign.")
    return _("Type one letter or sign, or alt+ and a letter. Leave it empty to switch the key off.")
