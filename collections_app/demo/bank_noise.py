"""What payers and banks do to a payment's words: phrases, slips of the pen, names in capitals or cut. Pure; the same
for the same generator.

Written from what statements look like, not from what our matching can read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from stdnum.iso7064 import mod_97_10

_PHRASES = {
    "de": (
        "Rechnung {n}", "RE {n} vom {d}", "Rg.Nr. {n}", "RG {n} KdNr {c}", "{n}", "Zahlung {n} {a} EUR",
        "Ihre Rechnung {n}, danke",
        "SVWZ+RE-NR. {n} EREF+{x}", "Beleg {x} {n}", "{n} / {d}", "Re. {n} Bestellung {p}",
    ),
    "en": (
        "Invoice {n}", "INV {n} dated {d}", "payment {n}", "{n}", "Inv no {n} our ref {x}", "Acct {c} {n}",
        "{n} less 0.00",
        "BACS {x} {n}", "Your invoice {n} thank you", "{n} PO {p}", "remittance {n} {a}",
    ),
}  # fmt: skip
_JOINS = (", ", "+", " ", " / ", " und ", "; ", " & ")
_WORDLESS = {
    "de": ("", "Danke", "Zahlung", "Ueberweisung", "laut Avis", "Sammelueberweisung", "Wie besprochen", "Abschlag {x}"),
    "en": (
        "",
        "Thank you",
        "Payment",
        "Supplier payment",
        "as per remittance",
        "BACS {x}",
        "As agreed",
        "Faster payment",
    ),
}
_SHORT = {
    "de": ("{n} abzgl. Reklamation {m}", "RE {n} gekuerzt wg. Mangel", "{n} ./. {m} Frachtschaden", "{n} Teilzahlung"),
    "en": ("{n} less damaged goods {m}", "{n} short delivery -{m}", "{n} part payment", "Inv {n} less claim"),
}
_EARLY = {"de": ("{n} abzgl. 2% Skonto", "RE {n} ./. Skonto {m}"), "en": ("{n} less 2% disc", "{n} less discount {m}")}
_ORDERS = {
    "de": ("Bestellung {p}", "Best.Nr. {p}", "Auftrag {p} v. {d}"),
    "en": ("PO {p}", "Order {p}", "our order {p}"),
}
_RETURNED = {"de": "RUECKLASTSCHRIFT {r} MS03", "en": "RETURNED PAYMENT {r}"}
_CHOICES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "number": _PHRASES, "wordless": _WORDLESS, "short": _SHORT, "early": _EARLY, "order": _ORDERS,
}  # fmt: skip
_STRANGERS = (
    "Treuhand Weber und Partner", "Sigma Treasury Services", "Kanzlei Dr. Hollmann", "Ocean Shared Services SE",
    "R. Pattison", "Fenwick Payments Agency", "Gemeindekasse Oberau", "Marta Holub",
)  # fmt: skip
_LOOKALIKE = {"0": "O", "1": "I", "5": "S", "8": "B"}


@dataclass(frozen=True, slots=True)
class Words:
    """What a payer may put into a text: invoice number(s), its customer number, order, amount, what was kept back, a
    day and a number of the payer's own that means nothing to us."""

    number: str = ""
    customer: str = ""
    order: str = ""
    amount: str = ""
    missing: str = ""
    day: str = ""
    own: str = ""
    returned: str = ""


def text_for(kind: str, language: str, words: Words, random: Random) -> str:
    """One way to put it, of the phrases for this kind of line."""
    tongue = language if language in _PHRASES else "en"
    phrase = _RETURNED[tongue] if kind == "returned" else random.choice(_CHOICES[kind][tongue])
    return phrase.format(
        n=words.number, c=words.customer, p=words.order.removeprefix("PO ") or words.own[:4], a=words.amount,
        m=words.missing, d=words.day, x=words.own, r=words.returned,
    )  # fmt: skip


def listed(numbers: list[str], random: Random) -> str:
    """Several numbers as people list them: in full, or with the common beginning once."""
    join = random.choice(_JOINS)
    if len(numbers) > 1 and random.random() < 0.35:
        bare = [number.split("-")[-1] for number in numbers]
        return join.join([numbers[0], *bare[1:]])
    return join.join(numbers)


def loosely(number: str, random: Random) -> str:
    """The number without its prefix, with blanks, or in small letters: not wrong, only loose."""
    prefix, _, digits = number.partition("-")
    forms = (
        digits, f"{prefix} {digits}", f"{prefix}{digits}", f"{prefix.lower()}-{digits}", f"RE{digits}",
        f"{prefix}-{digits[:2]} {digits[2:]}", f"{prefix}/{digits}", f"000{digits}",
    )  # fmt: skip
    return random.choice(forms)


def mistyped(number: str, random: Random) -> str:
    """The number with one slip: neighbours exchanged, a digit wrong, missing or doubled, a letter for a digit, another
    prefix with a digit wrong."""
    prefix, _, digits = number.partition("-")
    place = random.randrange(len(digits) - 1)
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    wrong = digits[:place] + str((int(digits[place]) + random.randint(1, 9)) % 10) + digits[place + 1 :]
    slips = (
        swapped if swapped != digits else wrong,
        wrong,
        digits[:place] + digits[place + 1 :],
        digits[:place] + digits[place] * 2 + digits[place + 1 :],
        "".join(_LOOKALIKE.get(digit, digit) for digit in digits),
    )
    typed = random.choice(slips)
    return random.choice((f"{prefix}-{typed}", typed, f"{prefix}{typed}", f"{prefix[::-1]}-{typed}"))


def as_bank_writes(name: str, random: Random) -> str:
    """The payer's name in a bank's hand: capitals, umlauts spelt out, cut after 27 or 35 signs, the legal form lost."""
    style = random.random()
    if style < 0.55:
        for umlaut, spelt in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
            name = name.replace(umlaut, spelt)
        name = name.upper()
    if 0.45 < style < 0.6:
        name = name[:27]
    if style > 0.92:
        name = name.rsplit(" ", 1)[0]
    return name[:35].strip()


def in_bank_lines(text: str, random: Random) -> str:
    """The text as some banks hand it on: broken after 27 characters with a blank, in the middle of words too."""
    if len(text) > 27 and random.random() < 0.06:
        return " ".join(text[start : start + 27] for start in range(0, len(text), 27))
    return text


def stranger(random: Random) -> str:
    """A payer we do not know."""
    return random.choice(_STRANGERS)


def iban(country: str, number: int) -> str:
    """An account number with right check digits for the two countries of the demo."""
    body = f"WEST{number:014d}" if country == "GB" else f"{number:018d}"
    home = "GB" if country == "GB" else "DE"
    return f"{home}{mod_97_10.calc_check_digits(body + home)}{body}"
