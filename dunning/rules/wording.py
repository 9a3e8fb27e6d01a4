"""The fixed words around a notice (column heads, buttons, footers), per language, so that no label is left in another
one (R18). Another language is another line of this table and a set of templates."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The labels of one language."""

    invoice: str
    issued: str
    due: str
    days_late: str
    amount: str
    credits: str
    total: str
    seller: str
    pay_button: str
    pay_sentence: str
    bank: str
    iban: str
    bic: str
    account_holder: str
    reference: str
    partly: str
    footer: str
    call: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        invoice="Invoice",
        issued="Dated",
        due="Due",
        days_late="Days late",
        amount="Open",
        credits="Credits and payments not yet allocated",
        total="Total",
        seller="Seller",
        pay_button="See and pay",
        pay_sentence="See the invoices, pay, or tell us if something is wrong:",
        bank="Bank transfer",
        iban="IBAN",
        bic="BIC",
        account_holder="Account holder",
        reference="Reference",
        partly="the rest is in clarification",
        footer="If you have paid in the meantime, thank you; please disregard this message. "
        "Wrong recipient or an objection? Reply to this message.",
        call="Call {name} about {amount}: {number} is {days} days late.",
    ),
    "de": Words(
        invoice="Rechnung",
        issued="Vom",
        due="Fällig",
        days_late="Tage überfällig",
        amount="Offen",
        credits="Gutschriften und noch nicht zugeordnete Zahlungen",
        total="Summe",
        seller="Verkäufer",
        pay_button="Ansehen und bezahlen",
        pay_sentence="Rechnungen ansehen, bezahlen oder uns sagen, wenn etwas nicht stimmt:",
        bank="Überweisung",
        iban="IBAN",
        bic="BIC",
        account_holder="Kontoinhaber",
        reference="Verwendungszweck",
        partly="der Rest ist in Klärung",
        footer="Wenn Sie inzwischen bezahlt haben, danken wir Ihnen; diese Nachricht ist dann gegenstandslos. "
        "Falscher Empfänger oder ein Einwand? Antworten Sie einfach auf diese Nachricht.",
        call="{name} anrufen wegen {amount}: {number} ist {days} Tage überfällig.",
    ),
}


def language_of(*wanted: str) -> str:
    """The first of these languages that we can write in, by its bare code; English if none."""
    for code in wanted:
        bare = code.replace("_", "-").split("-")[0].lower()
        if bare in WORDS:
            return bare
    return "en"
