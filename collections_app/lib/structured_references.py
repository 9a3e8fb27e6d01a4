"""Structured payment references: which kind a reference is, whether its check digits hold, and where one stands in free
text. Must not know any invoice: what a reference points at is decided by whoever keeps an index of them.

Kinds: `rf` ISO 11649, `qrr` Swiss QR reference and the older ESR, `ogm` Belgian structured communication, `viite`
Finnish, `kid10` and `kid11` Norwegian KID by modulus 10 and 11, `ocr` Swedish OCR. The last four carry one check digit
only, so one in ten numbers passes by chance: in free text they count only behind their own label."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stdnum import iso11649, luhn
from stdnum.be import ogm_vcs
from stdnum.ch import esr

_LONGEST_TEXT = 1000
_SEPARATORS = re.compile(r"[\s/+*.-]")


@dataclass(frozen=True, slots=True)
class StructuredReference:
    """A reference whose check digits hold. `value` is without separators; `payload` is what the check digits guard."""

    kind: str
    value: str
    payload: str


def is_reference(text: str, kind: str) -> bool:
    """Whether the text, separators aside, is a valid reference of this kind (one of the kinds named above)."""
    return kind in _KINDS and _KINDS[kind](text) is not None


def read_reference(text: str) -> tuple[StructuredReference, ...]:
    """Every reading of a text that is a reference as a whole, the strictest kind first; empty if it is none.

    A number may pass as a Swedish, Norwegian and Finnish reference at once: the readings differ in their payload."""
    if len(text) > _LONGEST_TEXT:
        return ()
    found = [
        StructuredReference(kind, *reading) for kind, read in _KINDS.items() if (reading := read(text)) is not None
    ]
    return tuple(found)


def find_references(text: str) -> tuple[StructuredReference, ...]:
    """The references that stand somewhere in free text, in order and each once.

    RF and OGM by their own shape, a Swiss one by its 26 or 27 digits, the others only behind their label (KID, viite,
    OCR). Only the first 1,000 characters are read."""
    upper = text[:_LONGEST_TEXT].upper()
    found: dict[StructuredReference, None] = {}
    for pattern, kinds in _SHAPES:
        for match in pattern.finditer(upper):
            for reference in _best(match, kinds):
                found.setdefault(reference)
    return tuple(found)


def ogm_reference(number: int) -> str:
    """The Belgian structured communication of a number from 1 to 9,999,999,999, as printed: '+++000/0040/12382+++'."""
    payload = f"{number:010d}"
    return f"+++{ogm_vcs.format(payload + ogm_vcs.calc_check_digits(payload))}+++"


def qr_reference(digits: str) -> str:
    """The Swiss QR reference of up to 26 digits: 27 digits with leading zeros and the check digit."""
    return digits.zfill(26) + str(esr.calc_check_digit(digits))


def viite_check(digits: str) -> str:
    """The check digit of a Finnish reference: weights 7, 3, 1 from the right, up to the next ten."""
    total = sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def kid11_check(digits: str) -> str:
    """The check character of a Norwegian KID by modulus 11: weights 2 to 7 from the right; 10 is a hyphen."""
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
    check = -total % 11
    return "-" if check == 10 else str(check)


def _rf(text: str) -> tuple[str, str] | None:
    compact = re.sub(r"[\s.,/:-]", "", text).upper()
    if not re.fullmatch(r"RF[0-9]{2}[0-9A-Z]{1,21}", compact) or not iso11649.is_valid(compact):
        return None
    return compact, compact[4:]


def _qrr(text: str) -> tuple[str, str] | None:
    """27 digits, or an older ESR of at least 15; leading zeros carry no meaning in the check."""
    compact = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{15,27}", compact) or not compact.strip("0") or not esr.is_valid(compact):
        return None
    return compact, compact[:-1]


def _ogm(text: str) -> tuple[str, str] | None:
    compact = _SEPARATORS.sub("", text)
    if not re.fullmatch(r"[0-9]{12}", compact) or not ogm_vcs.is_valid(compact):
        return None
    return compact, compact[:10]


def _viite(text: str) -> tuple[str, str] | None:
    compact = re.sub(r"\s", "", text).lstrip("0")
    if not re.fullmatch(r"[0-9]{4,20}", compact) or viite_check(compact[:-1]) != compact[-1]:
        return None
    return compact, compact[:-1]


def _kid10(text: str) -> tuple[str, str] | None:
    compact = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{3,25}", compact) or not compact.strip("0") or not luhn.is_valid(compact):
        return None
    return compact, compact[:-1]


def _kid11(text: str) -> tuple[str, str] | None:
    compact = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{2,24}[0-9-]", compact) or not compact.strip("0-"):
        return None
    return (compact, compact[:-1]) if kid11_check(compact[:-1]) == compact[-1] else None


def _ocr(text: str) -> tuple[str, str] | None:
    """Modulus 10 with a length digit before it, as the bank checks it; the payload is without both."""
    compact = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{4,25}", compact) or not luhn.is_valid(compact):
        return None
    return (compact, compact[:-2]) if int(compact[-2]) == len(compact) % 10 else None


_KINDS: Mapping[str, Callable[[str], tuple[str, str] | None]] = {
    "rf": _rf,
    "ogm": _ogm,
    "qrr": _qrr,
    "ocr": _ocr,
    "viite": _viite,
    "kid10": _kid10,
    "kid11": _kid11,
}
_SHAPES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    # Payers print RF in groups of four; text behind it may be taken along, so shorter readings are tried too.
    (re.compile(r"(?<![0-9A-Z])(RF ?[0-9]{2}(?:[ -]?[0-9A-Z]){1,26})"), ("rf",)),
    (re.compile(r"(?:\+{3}|\*{3})?\s?(?<![0-9])([0-9]{3} ?/ ?[0-9]{4} ?/ ?[0-9]{5})(?![0-9])"), ("ogm",)),
    (re.compile(r"(?<![0-9])([0-9]{2}(?: [0-9]{5}){5}|[0-9]{26,27})(?![0-9])"), ("qrr",)),
    (re.compile(r"\bKID\b\W{0,3}([0-9][0-9 ]{1,28}[0-9-]?)"), ("kid10", "kid11")),
    (re.compile(r"\b(?:VIITE|VIITENUMERO|REFERENSNUMMER)\b\W{0,3}([0-9][0-9 ]{2,26}[0-9])"), ("viite",)),
    (re.compile(r"\bOCR\b(?:[- ]?NR)?\W{0,3}([0-9][0-9 ]{2,28}[0-9])"), ("ocr", "kid10")),
)


def _best(match: re.Match[str], kinds: tuple[str, ...]) -> list[StructuredReference]:
    """The longest reading of what the shape took that holds in one of the kinds."""
    taken = match[1].rstrip()
    while taken:
        for kind in kinds:
            reading = _KINDS[kind](taken)
            if reading is not None:
                return [StructuredReference(kind, *reading)]
        # Give back the last word: it may belong to the sentence behind the reference.
        taken = taken.rsplit(" ", 1)[0].rstrip() if " " in taken else ""
    return []
