"""Payers' names as banks write them: folded so that accents, umlauts, cases and legal forms do not part what is the
same, and compared by the share of trigrams they have in common. Standard library only."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from invoices.rules.matching.facts import CustomerFact

_FORMS_OF_LAW = """
    AB AG AS BV CO CORP CORPORATION CV EG EK EV GMBH GBR INC INCORPORATED KG KGAA LIMITED LLC LLP LTD MBH NV OG OHG OY
    OYJ PLC SA SARL SAS SE SL SPA SRL UG
"""
_FORMS = frozenset(_FORMS_OF_LAW.split())
_SAME_FORM = {"LIMITED": "LTD", "INCORPORATED": "INC", "CORPORATION": "CORP"}
_SIMILAR = 0.7
_COMMON_WORD = 300  # a word that more customers share says nothing
_CUT_FROM = 12  # banks cut names; so much of the beginning must be there


@lru_cache(maxsize=65536)
def folded_name(name: str) -> str:
    """The name in capitals without accents, punctuation and doubled blanks: the form in which payers are learned."""
    plain = unicodedata.normalize("NFKD", name.upper().replace("ß", "SS").replace("Ø", "O").replace("Æ", "AE"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"\bB\.? ?V\b\.?", "BV", plain)
    plain = plain.replace("AE", "A").replace("OE", "O").replace("UE", "U")
    words = re.findall(r"[A-Z0-9]+", plain)
    return " ".join(_SAME_FORM.get(word, word) for word in words)[:200]


def core_name(folded: str) -> str:
    """The folded name without its legal form."""
    words = folded.split()
    return " ".join(word for word in words if word not in _FORMS) or folded


def similarity(one: str, other: str) -> float:
    """How much of their trigrams two folded names share, from 0 to 1 (Dice)."""
    first, second = _trigrams(one), _trigrams(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


@lru_cache(maxsize=65536)
def _trigrams(text: str) -> frozenset[str]:
    padded = f" {text} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


class NameIndex:
    """The customers by the words of their names. Built once; answers are remembered per name."""

    def __init__(self, customers: Iterable[CustomerFact]) -> None:
        self._full: dict[int, str] = {}
        self._by_core: dict[str, list[int]] = {}
        self._by_word: dict[str, list[int]] = {}
        self._known: dict[str, Mapping[int, str]] = {}
        for customer in customers:
            full = folded_name(customer.name)
            core = core_name(full)
            self._full[customer.id] = full
            self._by_core.setdefault(core, []).append(customer.id)
            for word in set(core.split()):
                if len(word) >= 3:
                    self._by_word.setdefault(word, []).append(customer.id)

    def customers_like(self, name: str) -> Mapping[int, str]:
        """The customers this name may mean: id -> 'name_equal' (exactly one has this name) or 'name_similar'."""
        folded = folded_name(name)
        if folded not in self._known:
            self._known[folded] = self._search(folded) if len(folded) >= 3 else {}
        return self._known[folded]

    def _search(self, folded: str) -> Mapping[int, str]:
        core = core_name(folded)
        same_core = self._by_core.get(core, [])
        same = [customer for customer in same_core if self._full[customer] == folded]
        found: dict[int, str] = {}
        if len(same) == 1:
            found[same[0]] = "name_equal"
        elif len(same_core) == 1 and folded == core:  # the bank left the legal form out
            found[same_core[0]] = "name_equal"
        for customer in self._neighbours(core):
            if customer not in found and self._is_similar(core, self._full[customer]):
                found[customer] = "name_similar"
        return found

    def _neighbours(self, core: str) -> set[int]:
        near: set[int] = set()
        for word in core.split():
            sharing = self._by_word.get(word, ())
            if len(sharing) <= _COMMON_WORD:
                near.update(sharing)
        return near

    @staticmethod
    def _is_similar(core: str, full: str) -> bool:
        other = core_name(full)
        if len(core) >= _CUT_FROM and (full.startswith(core) or other.startswith(core) or core.startswith(other)):
            return True
        return core == other or similarity(core, other) >= _SIMILAR
