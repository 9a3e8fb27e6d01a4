"""Invoice numbers as keys, and the slips people make when they type them. Pure text, no index."""

import re
from functools import lru_cache

# Both sides are folded the same way, so it does not matter which of a pair stands where.
_LOOKALIKE = str.maketrans("OQISZBL", "0015281")
_SHORTEST = 4


def number_key(text: str) -> str:
    """Letters and digits only, in capitals: 'nw-40 123' and 'NW40123' have one key."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def lookalike_key(key: str) -> str:
    """The key with letters that pass for digits turned into them: O and Q 0, I and L 1, Z 2, S 5, B 8."""
    return key.translate(_LOOKALIKE)


@lru_cache(maxsize=262144)
def digit_keys(number: str) -> tuple[str, ...]:
    """How the number may be named by digits alone: its last run of digits and all of them, without leading zeros; those
    of fewer than four digits are left out."""
    runs = re.findall(r"[0-9]+", number)
    if not runs:
        return ()
    keys = dict.fromkeys([runs[-1].lstrip("0"), "".join(runs).lstrip("0")])
    return tuple(key for key in keys if len(key) >= _SHORTEST)


def typed_digits(word: str) -> tuple[str, str] | None:
    """The letters that a word begins with and the digits behind, letters that pass for digits among them turned into
    them: 'NM4O123' is ('NM', '40123'). None for words with fewer than two digits or with other letters behind."""
    match = re.fullmatch(r"([A-Z]*?)([0-9][0-9OQISZBL]*)", word)
    if match is None or len(match[2]) < 3 or sum(sign.isdigit() for sign in match[2]) < 2:
        return None
    return match[1], match[2].translate(_LOOKALIKE)


def shape_of(key: str) -> tuple[str, int] | None:
    """The letters a key begins with and the count of digits behind: ('NW', 5). None for any other form."""
    match = re.fullmatch(r"([A-Z]*)([0-9]+)", key)
    return (match[1], len(match[2])) if match else None


def is_year(digits: str) -> bool:
    """Whether four digits are more likely a year than a number."""
    return len(digits) == 4 and digits[:2] in ("19", "20")


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one digit is wrong, missing or doubled, or two neighbours changed places. Equal texts are no slip."""
    if typed == meant or abs(len(typed) - len(meant)) > 1 or min(len(typed), len(meant)) < _SHORTEST:
        return False
    place = 0
    while place < len(typed) and place < len(meant) and typed[place] == meant[place]:
        place += 1
    one, other = typed[place:], meant[place:]
    if len(one) == len(other):
        swapped = len(one) > 1 and one[0] == other[1] and one[1] == other[0] and one[2:] == other[2:]
        return one[1:] == other[1:] or swapped
    return one[1:] == other if len(one) > len(other) else one == other[1:]


def is_part(typed: str, meant: str) -> bool:
    """Whether the digits are the end or the beginning of the meant ones, three at least and half of them."""
    long_enough = 3 <= len(typed) < len(meant) and 2 * len(typed) >= len(meant)
    return long_enough and (meant.endswith(typed) or meant.startswith(typed))
