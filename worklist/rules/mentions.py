"""Who is named in a text with an @ in front. Pure; whether there is such a colleague is a query's business."""

import re
from collections.abc import Iterable, Mapping, Sequence

MOST = 20
_NAMED = re.compile(r"(?<![\w@.])@([\w.+-]{1,150})")


def named(text: str) -> Sequence[str]:
    """The names after an @, in small letters, each once, in the order of the text; at most twenty. An address such as
    'anna@example.com' names nobody, and the full stop of a sentence belongs to no name."""
    found = (match[1].rstrip(".+-").lower() for match in _NAMED.finditer(text))
    return list(dict.fromkeys(name for name in found if name))[:MOST]


def meant(names: Iterable[str], people: Mapping[int, tuple[str, str]]) -> list[int]:
    """The ids of those who are meant; `people` gives each one's user name and first name.

    A user name counts before a first name, and a first name only where it is one person's."""
    users = {user.lower(): pk for pk, (user, _) in people.items()}
    firsts: dict[str, list[int]] = {}
    for one, (_, first) in people.items():
        firsts.setdefault(first.lower(), []).append(one)
    found: list[int] = []
    for name in names:
        alike = firsts.get(name, [])
        pk = users.get(name, alike[0] if len(alike) == 1 else 0)
        if pk and pk not in found:
            found.append(pk)
    return found
