"""What field 86 of an MT940 says about a payment, in the forms that banks give it: the German ?20 fields, the /KEY/
words of SWIFT and the Dutch banks, the Polish `TYT.:` words, or free text. Must not raise for any text."""

import re
from dataclasses import dataclass

from mt940 import Options
from mt940.models import Transactions
from mt940.processors import transaction_details_post_processor
from mt940.tags import TransactionDetails

from invoices.bank_formats.plain_text import looks_like_iban

_FULL_LINE = 65  # a line as long as SWIFT allows was cut in the middle of a word
_FULL_FIELD = 27  # the same for the German fields
_GERMAN = re.compile(r"\s*(\d{3})([?~<^@])\d\d")
_RETURNS = frozenset({"108", "109", "159", "181"})  # German codes of returned debits and transfers
_KEYS = ("ORDP", "BENM", "NAME", "REMI", "USTD", "STRD", "EREF", "IBAN", "BIC", "TRTP", "CSID", "MARF", "KREF", "PREF",
         "RTRN", "CNTP", "ADDR", "ISDT", "ULTC", "ULTD", "PURP", "TRCD", "ORIG", "IREF", "SVCL", "TR", "OCMT", "CHGS",
         "ACCW", "BUSP", "CRNM", "PRNM", "ID")  # fmt: skip
_KEY = re.compile(rf"/({'|'.join(_KEYS)})(?=/)")
_POLISH = {"Z RACH.": "account", "NA RACH.": "account", "OD": "name", "DLA": "name", "TYT.": "text", "TNR": "bank"}
_POLISH_PART = re.compile(r"(?:^|;)\s*([A-Z][A-Z ]{0,8}\.?):\s*([^;]*)")
_KNAB = re.compile(r"^(?P<text>.*?)\s*REK: (?P<account>\S+)/NAAM: (?P<name>.+)$", re.DOTALL)
_LIBRARY = Transactions(options=Options.all())
_DETAILS = TransactionDetails()


@dataclass(frozen=True, slots=True)
class Details:
    """What was found; what was not is empty. `reference` is structured only where the bank marks it so."""

    name: str = ""
    account: str = ""
    reference: str = ""
    text: str = ""
    end_to_end_id: str = ""
    bank_reference: str = ""
    is_return: bool = False


def details(value: str) -> Details:
    """What this value of field 86 says, line breaks as in the file."""
    lines = [line.rstrip("\r") for line in value.split("\n")]
    if german := _GERMAN.match(value):
        return _german("".join(lines).strip(), german[2])
    if value.lstrip().startswith("/") and _KEY.search(value):
        return _keyed("".join(lines))
    return _free([line for line in lines if line.strip()])


def _german(value: str, separator: str) -> Details:
    """?00 to ?63, with EREF+, SVWZ+ and the like inside ?20 to ?29: the library knows them all."""
    fields = value.replace(separator, "?")
    # Fields are glued together by the library; one that is not full ended with its last word.
    fields = re.sub(r"(\?(?:2\d|3[23]|6[0-5]))([^?]*)", lambda part: part[1] + _spaced(part[2]), fields)
    given = {"transaction_details": fields}
    found = transaction_details_post_processor(_LIBRARY, _DETAILS, given, dict(given))
    purpose = found.get("purpose") or "".join(re.findall(r"\?2\d([^?]*)", fields))
    extra = found.get("additional_purpose") or ""
    return Details(
        name=found.get("applicant_name") or "",
        account=found.get("applicant_iban") or found.get("gvc_applicant_iban") or "",
        text=f"{purpose} {extra}" if purpose.strip() or extra else found.get("posting_text") or "",
        end_to_end_id=_without_nothing(found.get("end_to_end_reference") or ""),
        is_return=value[:3] in _RETURNS,
    )


def _keyed(value: str) -> Details:
    """/EREF/…/CNTP/…/REMI/… as ING, ABN AMRO, Rabobank and SWIFT itself write it; lines were cut anywhere."""
    parts = _KEY.split(value)
    found: dict[str, str] = {}
    for key, content in zip(parts[1::2], parts[2::2], strict=True):
        found.setdefault(key, content.strip("/ "))
    party = found.get("CNTP", "").split("/")  # account/BIC/name/city
    remittance = " ".join(found[key] for key in ("REMI", "USTD") if found.get(key))
    structured = found.get("STRD", "").split("/")[-1]
    return Details(
        name=found.get("NAME") or (party[2] if len(party) > 2 else "") or found.get("ORDP") or found.get("BENM") or "",
        account=found.get("IBAN") or party[0],
        reference=structured,
        text=remittance or structured or found.get("TRTP") or ("" if found.get("NAME") or found.get("EREF") else value),
        end_to_end_id=_without_nothing(found.get("EREF", "")),
        is_return="RTRN" in found,
    )


def _free(lines: list[str]) -> Details:
    if lines:
        first, _, name = lines[0].strip().partition(" ")
        if looks_like_iban(first):  # ASN and SNS: account and name on the first line
            return Details(name=name, account=first, text=_joined(lines[1:]) or name)
    text = _joined(lines)
    if knab := _KNAB.match(text):
        return Details(name=knab["name"], account=knab["account"], text=knab["text"])
    polish: dict[str, str] = {}
    for word, content in _POLISH_PART.findall(text):
        polish.setdefault(_POLISH.get(word, ""), content.strip())
    if "text" in polish:
        return Details(
            name=polish.get("name", ""),
            account=polish.get("account", ""),
            text=polish["text"],
            bank_reference=polish.get("bank", ""),
        )
    return Details(text=text)


def _joined(lines: list[str]) -> str:
    whole = "".join(line if len(line) >= _FULL_LINE else f"{line} " for line in lines)
    return " ".join(whole.split())


def _spaced(field: str) -> str:
    return field if len(field) >= _FULL_FIELD else f"{field} "


def _without_nothing(text: str) -> str:
    return "" if text.strip().upper() in {"NOTPROVIDED", "NONREF"} else text
