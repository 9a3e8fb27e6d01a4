"""What a column of payment terms says in words: "2/10 net 30", "3 % Skonto 14 Tage, 30 Tage netto", "Net 30".

Pure. What leaves two readings is not read; who asks decides whether that is a problem."""

import re
from dataclasses import dataclass
from decimal import Decimal

_ZERO = Decimal(0)
_PERCENT = r"(?P<percent>[0-9]{1,2}(?:[.,][0-9]{1,4})?)"
_DAYS_WORD = r"(?:days?|d|tagen?|t)\b"
_NET = r"(?:net|netto|n)\b[\s/:]*(?P<net>[0-9]{1,3})(?:\s*" + _DAYS_WORD + r")?(?!\s*[%/0-9])"
# "2/10, n/30": only as the whole text, for a fraction may mean anything.
_FRACTION = re.compile(
    _PERCENT + r"\s*%?\s*/\s*(?P<days>[0-9]{1,3})(?:\s*" + _DAYS_WORD + r")?(?:\s*[,;]?\s*" + _NET + r")?\.?"
)
_PERCENT_FIRST = re.compile(
    rf"(?<![0-9.,]){_PERCENT}\s*%[^0-9%]{{0,40}}?(?<![0-9])(?P<days>[0-9]{{1,3}})\s*(?:{_DAYS_WORD}|[,;]|net|$)"
)
_DAYS_FIRST = re.compile(
    r"(?<![0-9.,])(?P<days>[0-9]{1,3})\s*" + _DAYS_WORD + r"[^0-9%]{0,12}?(?<![0-9])" + _PERCENT + r"\s*%"
)
_NET_FIRST = re.compile(r"\b" + _NET)
_NET_LAST = re.compile(r"(?<![0-9.,/])(?P<net>[0-9]{1,3})\s*" + _DAYS_WORD + r"[\s,]*(?:rein\s+)?(?:net|netto)\b")
_ONLY_DAYS = re.compile(r"(?P<net>[0-9]{1,3})(?:\s*" + _DAYS_WORD + r")?")
_AT_ONCE = re.compile(r"due on receipt|on receipt|immediately|sofort(?: fällig| faellig)?|cash on delivery|cod")
_MONTHS = re.compile(r"\beom\b|end of month|\bprox|monatsende|following month|folgemonat")
_DISCOUNT = re.compile(r"discount|skonto|\bdisc\b")
_LIKELY, _SHORTEST = Decimal(10), 5  # of "1/3" nobody knows what it means


@dataclass(frozen=True, slots=True)
class TermsText:
    """Net days, None when the text does not say; and how many percent come off when paid within how many days."""

    net_days: int | None = None
    percent: Decimal = _ZERO
    discount_days: int = 0


def read_terms(text: str) -> TermsText | None:
    """The terms as far as the text says them; None when it grants a discount that cannot be read for sure."""
    plain = " ".join(text.casefold().split())
    if whole := _FRACTION.fullmatch(plain):
        percent, days = _number(whole["percent"]), int(whole["days"])
        if percent and (whole["net"] or (percent <= _LIKELY and days >= _SHORTEST)):
            return _terms(percent, days, int(whole["net"]) if whole["net"] else None)
        return TermsText(int(whole["net"]) if whole["net"] and not percent else None)
    order = _DAYS_FIRST if _DAYS_FIRST.match(plain) else _PERCENT_FIRST
    found = {(_number(each["percent"]), int(each["days"])) for each in order.finditer(plain)}
    late = _MONTHS.search(plain)
    if not found:
        unread = "%" in plain and _DISCOUNT.search(plain)
        return None if unread else TermsText(None if late else _net_days(plain))
    if late or len(found) > 1:
        return None
    ((percent, days),) = found
    return _terms(percent, days, _net_days(plain))


def _terms(percent: Decimal, days: int, net: int | None) -> TermsText | None:
    if not percent or (net is not None and days > net):
        return TermsText(net) if not percent else None
    return TermsText(net, percent, days)


def _net_days(plain: str) -> int | None:
    if _AT_ONCE.fullmatch(plain):
        return 0
    found = _NET_FIRST.search(plain) or _NET_LAST.search(plain) or _ONLY_DAYS.fullmatch(plain)
    return int(found["net"]) if found else None


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
