"""The fields a table of open items may fill, and which column probably fills which. Must not read files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from collections_app.lib.dates import detect_date_order
from collections_app.lib.money import detect_decimal_mark

FieldType = Literal["text", "date", "amount"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in options, its label, what it holds, and words that name it in headers (en and de).

    `words` are compared without case, spaces and punctuation; the earlier ones fit better."""

    name: str
    label: str
    type: FieldType
    words: tuple[str, ...]
    required: bool = False
    max_length: int = 0


FIELDS: tuple[Field, ...] = (
    Field(
        "customer", "Customer number", "text",
        ("customernumber", "customerno", "customerid", "custnumber", "custno", "accountnumber", "accountno", "account",
         "debtornumber", "debtor", "clientid", "clientnumber", "kundennummer", "kundennr", "kundennr", "debitor",
         "debitorennummer", "debitorennr", "kunnr", "customercode", "customer", "kunde", "client"),
        required=True, max_length=40,
    ),
    Field(
        "number", "Document number", "text",
        ("invoicenumber", "invoiceno", "invoiceid", "documentnumber", "documentno", "docid", "docno", "billnumber",
         "rechnungsnummer", "rechnungsnr", "rechnungnr", "belegnummer", "belegnr", "number", "invoice", "rechnung",
         "beleg", "nummer"),
        required=True, max_length=60,
    ),
    Field(
        "amount", "Amount", "amount",
        ("invoiceamount", "totalamount", "amounttotal", "grosstotal", "grossamount", "amountgross", "total", "amount",
         "rechnungsbetrag", "bruttobetrag", "gesamtbetrag", "betrag", "brutto", "summe", "wert", "value"),
        required=True,
    ),
    Field(
        "open_amount", "Still open", "amount",
        ("openamount", "amountopen", "outstanding", "outstandingamount", "balance", "balancedue", "amountdue",
         "openbalance", "remaining", "residual", "offenerbetrag", "offen", "restbetrag", "saldo", "offenposten"),
    ),
    Field(
        "issued_on", "Issue date", "date",
        ("invoicedate", "issuedate", "issuedon", "issued", "documentdate", "docdate", "postingdate", "billdate",
         "rechnungsdatum", "belegdatum", "buchungsdatum", "ausgestelltam", "datum", "date"),
    ),
    Field(
        "due_on", "Due date", "date",
        ("duedate", "dueon", "due", "dateofmaturity", "maturity", "duein", "dueindate", "paymentdue", "netduedate",
         "falligkeitsdatum", "faelligkeitsdatum", "falligam", "faelligam", "fallig", "faellig", "zahlbarbis"),
    ),
    Field(
        "settled_on", "Paid on", "date",
        ("settleddate", "paymentdate", "paidon", "paiddate", "datepaid", "cleardate", "clearingdate", "bezahltam",
         "zahlungsdatum", "ausgleichsdatum", "ausgeglichenam"),
    ),
    Field("currency", "Currency", "text", ("currency", "currencycode", "curr", "waehrung", "wahrung", "wrg"), False, 3),
    Field(
        "kind", "Kind of document", "text",
        ("documenttype", "doctype", "type", "kind", "belegart", "art", "typ", "dokumentart"), False, 40,
    ),
    Field(
        "customer_name", "Customer name", "text",
        ("customername", "namecustomer", "companyname", "debtorname", "clientname", "accountname", "company",
         "kundenname", "firma", "name", "debitorname"), False, 200,
    ),
    Field(
        "email", "E-mail", "text",
        ("email", "emailaddress", "contactemail", "billingemail", "mail", "emailadresse"), False, 254,
    ),
    Field("country", "Country", "text", ("country", "land", "countryiso", "landeskennzeichen"), False, 2),
    Field("entity", "Legal entity", "text", ("entity", "legalentity", "companycode", "bukrs", "mandant"), False, 20),
    Field(
        "po_number", "Purchase order", "text",
        ("ponumber", "purchaseorder", "po", "orderreference", "ordernumber", "bestellnummer", "bestellnr"), False, 60,
    ),
    Field(
        "tax_total", "Tax in the amount", "amount",
        ("taxtotal", "totaltax", "taxamount", "vatamount", "vattotal", "totalvat", "salestaxamount", "steuerbetrag",
         "mwstbetrag", "ustbetrag", "umsatzsteuerbetrag"),
    ),
    Field(
        "terms", "Terms of payment", "text",
        ("paymenttermslabel", "paymentterms", "termsofpayment", "terms", "zahlungsbedingungen", "zahlungsbedingung",
         "zahlungskonditionen"), False, 200,
    ),
    Field(
        "discount_percent", "Early-payment discount, percent", "text",
        ("earlypaymentdiscount", "earlypaymentdiscountpercent", "cashdiscountpercent", "cashdiscount", "skontoprozent",
         "skontosatz", "skontoinprozent", "skonto"), False, 12,
    ),
    Field(
        "discount_until", "Discount until", "date",
        ("discountuntil", "cashdiscountuntil", "cashdiscountdate", "earlypaymentdate", "discountduedate", "skontobis",
         "skontodatum", "skontofrist", "skontofalligkeit", "skontofaelligkeit"),
    ),
    Field(
        "text", "Text", "text",
        ("text", "description", "memo", "reference", "subject", "beschreibung", "buchungstext", "verwendungszweck"),
        False, 200,
    ),
)  # fmt: skip
FIELD_BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}

_PARTLY = 100  # the distance of a header that only contains a word
_WHOLE_HEADER_ONLY = frozenset(
    {"settled_on", "entity", "open_amount", "currency", "tax_total", "terms", "discount_percent", "discount_until"}
)
_NOT_WHOLE = re.compile(r"\b(tax|vat|mwst|ust|discount|rabatt|skonto|expected|planned|line|item|unit|net)\b")
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e"})


def folded(header: str) -> str:
    """The header as it is compared: small letters and digits only, without accents."""
    return re.sub(r"[^a-z0-9]", "", header.casefold().translate(_FOLD))


def suggest_mapping(headers: Sequence[str], samples: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Field name -> header, for every field that has a plausible column; no column is used twice.

    Exact words first, then headers that contain a word; of these, a column whose samples are plainly no dates or no
    amounts is not suggested for a date or amount. A column called "amount" alone is the document's amount; when the
    file also says what is open, that goes to its own field, so that a part already paid is not asked for again."""
    scored = sorted(
        (score, FIELDS.index(field), position, field.name, header)
        for position, header in enumerate(headers)
        for field in FIELDS
        if (score := _distance(field, header)) is not None
        and (score < _PARTLY or _fits(field, samples.get(header, ())))
    )
    mapping: dict[str, str] = {}
    used: set[str] = set()
    for _, _, _, name, header in scored:
        if name not in mapping and header not in used:
            mapping[name] = header
            used.add(header)
    if "amount" not in mapping and "open_amount" in mapping:
        mapping["amount"] = mapping.pop("open_amount")
    return mapping


def missing_fields(mapping: Mapping[str, str]) -> list[str]:
    """The labels of what must still be chosen: the required fields, and at least one of the two dates."""
    missing = [field.label for field in FIELDS if field.required and not mapping.get(field.name)]
    if not mapping.get("issued_on") and not mapping.get("due_on"):
        missing.append("Issue date or Due date")
    return missing


def _distance(field: Field, header: str) -> int | None:
    """How far the header is from the field's words: small is near, None is unrelated.

    A word inside a longer header counts only between word borders, and never where a wrong guess would forgive or
    move money: an "expected payment date" is no payment, a "tax amount" no amount."""
    name = folded(header)
    if name in field.words:
        return field.words.index(name)
    if field.name in _WHOLE_HEADER_ONLY or _NOT_WHOLE.search(header.casefold()):
        return None
    tokens = [folded(token) for token in re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))]
    runs = {"".join(tokens[start:end]) for start in range(len(tokens)) for end in range(start + 1, len(tokens) + 1)}
    inside = [index for index, word in enumerate(field.words) if len(word) >= 5 and word in runs]
    return _PARTLY + inside[0] if inside else None


def _fits(field: Field, samples: Sequence[str]) -> bool:
    filled = [sample for sample in samples if sample.strip()]
    if field.type == "text" or not filled:
        return True
    if field.type == "amount":
        return any(any(sign.isdigit() for sign in sample) for sample in filled) and not _all_dates(filled)
    return any(_may_be_date(sample) for sample in filled)


def _may_be_date(sample: str) -> bool:
    return bool(re.search(r"[0-9]", sample)) and (
        detect_date_order([sample]) is not None
        or bool(re.fullmatch(r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ].*", sample.strip()))
    )


def _all_dates(samples: Sequence[str]) -> bool:
    return all(re.search(r"[0-9][-/.][0-9]{1,2}[-/.][0-9]", sample) and detect_decimal_mark([sample]) is None
               for sample in samples)  # fmt: skip
