"""The tables of single banks and services that are known: which columns hold what, and what their files do not say.

Data only, one entry per kind of file; a new one needs no code. Headers are folded as in `csv_words`. Every column that
a mapping names may be missing, except its `marks`, by which the file is recognised."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.dates import DateOrder


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one kind of table is read.

    `columns` is field -> headers; of several that are there, the first counts, and all of them for `text`. `positions`
    is field -> column number for tables without a header, which then have `width` columns. `kinds` says what rows with
    these words in their `kind` column are: "opening" and "closing" balances, "carried" (opening when it came in,
    closing when it went out), or "skipped". `date_order` and `decimal_mark` are used where the cells allow several."""

    name: str
    marks: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    positions: Mapping[str, int] = field(default_factory=dict)
    width: int = 0
    kinds: Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None


def _columns(**headers: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words.split("|")) for name, words in headers.items()}


MAPPINGS = (
    TableMapping(
        "Rabobank CSV",
        marks=("iban bban", "munt", "saldo na trn"),
        columns=_columns(
            account="iban bban", currency="munt", booked_on="datum", value_on="rentedatum", amount="bedrag",
            balance="saldo na trn", counterparty_account="tegenrekening iban bban", name="naam tegenpartij",
            bank_reference="volgnr", end_to_end_id="transactiereferentie", reference="betalingskenmerk",
            text="omschrijving 1|omschrijving 2|omschrijving 3", posting_text="reden retour",
        ),
        date_order="ymd", decimal_mark=",",
    ),
    TableMapping(
        "ING CSV (Netherlands)",
        marks=("naam omschrijving", "tegenrekening", "af bij"),
        columns=_columns(
            booked_on="datum", name="naam omschrijving", account="rekening", counterparty_account="tegenrekening",
            direction="af bij", amount="bedrag", posting_text="mutatiesoort", text="mededelingen",
            balance="saldo na mutatie",
        ),
        date_order="ymd", decimal_mark=",",
    ),
    TableMapping(
        "bunq CSV",
        marks=("date", "amount", "account", "counterparty", "name", "description"),
        columns=_columns(
            booked_on="date", amount="amount", account="account", counterparty_account="counterparty", name="name",
            text="description",
        ),
        date_order="ymd", decimal_mark=",",
    ),
    TableMapping(
        "KBC CSV",
        marks=("rekeningnummer", "munt", "afschriftnummer", "gestructureerde mededeling"),
        columns=_columns(
            account="rekeningnummer", currency="munt", number="afschriftnummer", booked_on="datum", value_on="valuta",
            amount="bedrag", balance="saldo", counterparty_account="rekeningnummer tegenpartij",
            name="naam tegenpartij", reference="gestructureerde mededeling", text="vrije mededeling|omschrijving",
        ),
        date_order="dmy", decimal_mark=",",
    ),
    TableMapping(
        "Sparkasse CSV",
        marks=("auftragskonto", "buchungstag", "valutadatum", "verwendungszweck"),
        columns=_columns(
            account="auftragskonto", booked_on="buchungstag", value_on="valutadatum", posting_text="buchungstext",
            text="verwendungszweck", name="beguenstigter zahlungspflichtiger", currency="waehrung|wahrung",
            counterparty_account="kontonummer iban|kontonummer", amount="betrag", status="info",
            end_to_end_id="kundenreferenz end to end",
        ),
        date_order="dmy", decimal_mark=",",
    ),
    TableMapping(
        "Commerzbank CSV",
        marks=("buchungstag", "wertstellung", "umsatzart", "buchungstext", "iban auftraggeberkonto"),
        columns=_columns(
            booked_on="buchungstag", value_on="wertstellung", posting_text="umsatzart", text="buchungstext",
            amount="betrag", currency="wahrung", account="iban auftraggeberkonto|auftraggeberkonto",
        ),
        date_order="dmy", decimal_mark=",",
    ),
    TableMapping(
        "N26 CSV",
        marks=("datum", "empfanger", "transaktionstyp", "betrag"),
        columns=_columns(
            booked_on="datum", name="empfanger", counterparty_account="kontonummer", posting_text="transaktionstyp",
            text="verwendungszweck", amount="betrag",
        ),
        date_order="ymd", decimal_mark=".",
    ),
    TableMapping(
        "Raiffeisenbank CSV (Czechia)",
        marks=("datum provedeni", "datum zauctovani", "zauctovana castka", "mena uctu"),
        columns=_columns(
            booked_on="datum zauctovani", value_on="datum provedeni", account="cislo uctu", amount="zauctovana castka",
            currency="mena uctu", counterparty_account="cislo protiuctu", name="nazev protiuctu",
            text="zprava|poznamka", reference="vs", posting_text="typ transakce", bank_reference="id transakce",
            fee="poplatek",
        ),
        date_order="dmy", decimal_mark=",",
    ),
    TableMapping(
        "Moneta CSV (Czechia)",
        marks=("posting date", "bank account details", "variable symbol 1", "counteraccount name"),
        columns=_columns(
            booked_on="posting date", amount="amount", counterparty_account="bank account details",
            name="counteraccount name", reference="variable symbol 1", text="message for payee|message for me|item",
            bank_reference="transaction reference number",
        ),
        date_order="ymd", decimal_mark=",",
    ),
    TableMapping(
        "Monzo CSV",
        marks=("id", "created", "amount", "currency", "local amount", "description"),
        columns=_columns(
            bank_reference="id", booked_on="created", amount="amount", currency="currency", name="description",
            text="notes|description",
        ),
        date_order="ymd", decimal_mark=".",
    ),
    TableMapping(
        "PayPal activity",
        marks=("gross", "fee", "net", "transaction id", "balance"),
        columns=_columns(
            booked_on="date", name="name", posting_text="type", status="status", currency="currency", amount="gross",
            fee="fee", counterparty_account="from email address", bank_reference="transaction id", balance="balance",
            text="invoice number|subject|note", end_to_end_id="reference txn id",
        ),
    ),
    TableMapping(
        "Adyen settlement details",
        marks=("psp reference", "merchant reference", "net currency", "net debit nc", "net credit nc"),
        columns=_columns(
            account="merchant account", number="batch number", booked_on="creation date", currency="net currency",
            debit="net debit nc", credit="net credit nc", gross_currency="gross currency",
            gross_debit="gross debit gc", gross_credit="gross credit gc", bank_reference="psp reference",
            end_to_end_id="merchant reference", text="merchant reference|modification reference|payment method",
            posting_text="type", kind="type",
        ),
        kinds={"balancetransfer": "carried"},
        date_order="ymd", decimal_mark=".",
    ),
    TableMapping(
        "Swedbank CSV (Lithuania)",
        marks=("account no", "beneficiary", "details", "d k", "record id"),
        columns=_columns(
            account="account no", booked_on="date", name="beneficiary", text="details", amount="amount",
            currency="currency", direction="d k", bank_reference="record id", kind="code", end_to_end_id="reference no",
        ),
        kinds={"as": "opening", "ls": "closing", "k2": "skipped"},
        date_order="ymd", decimal_mark=".",
    ),
    TableMapping(  # its "Currency" belongs to "Amount Currency"; the amount is in the currency of the account
        "Odoo statement sheet",
        marks=("date", "label", "amount", "partner name", "bank account"),
        columns=_columns(
            booked_on="date", text="label", amount="amount", direction="d c", balance="balance", name="partner name",
            counterparty_account="bank account",
        ),
    ),
    TableMapping(
        "ELBA CSV (Raiffeisen Austria)",
        positions={"booked_on": 0, "text": 1, "value_on": 2, "amount": 3, "currency": 4},
        width=7, date_order="dmy", decimal_mark=",",
    ),
    TableMapping(
        "ELBA table with money in and out",
        positions={"booked_on": 0, "text": 1, "value_on": 2, "credit": 3, "debit": 4},
        width=5, date_order="dmy", decimal_mark=",",
    ),
)  # fmt: skip
