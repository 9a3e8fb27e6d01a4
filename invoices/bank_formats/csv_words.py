"""What banks call their columns, in five languages, and the words inside cells that decide a sign or a state.

Data and lookups only: must not read rows. Words are folded: small letters, no accents, a blank for any other sign."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from collections_app.lib.currencies import is_currency

FIELDS = {
    "booked_on": "booking date",
    "value_on": "value date",
    "amount": "signed amount",
    "credit": "amount that came in",
    "debit": "amount that went out",
    "direction": "debit or credit",
    "currency": "currency",
    "balance": "balance after the entry",
    "account": "own account",
    "number": "number of the statement",
    "name": "name of the other side",
    "counterparty_account": "account of the other side",
    "text": "remittance text",
    "reference": "structured reference",
    "end_to_end_id": "end-to-end id",
    "bank_reference": "the bank's own id",
    "posting_text": "kind of booking",
    "status": "booked or pending",
    "fee": "fee, as a negative amount",
}

# Whose account a column of this name means can only be told from its cells: the own one is the same in every row.
SOMEBODYS_ACCOUNT = ("iban", "account", "account number", "bank account", "kontonummer", "konto", "rekening", "compte",
                     "cuenta", "numero de cuenta", "rekeningnummer", "numero de compte")  # fmt: skip

_EN = {
    "booked_on": "booking date|posting date|posted date|post date|booked on|transaction date|entry date|date",
    "value_on": "value date|interest date|effective date",
    "amount": "amount|transaction amount|amount in account currency|net amount",
    "credit": "credit|credit amount|credits|deposit|deposits|money in|paid in|amount credit",
    "debit": "debit|debit amount|debits|withdrawal|withdrawals|money out|paid out|amount debit",
    "direction": "debit credit|credit debit|dr cr|cr dr|d c|c d|direction|debit credit indicator"
                 "|credit debit indicator",
    "currency": "currency|ccy|currency code|account currency",
    "balance": "balance|running balance|ledger balance|balance after|booked balance",
    "account": "own account|own iban|our account",
    "number": "statement number|statement no",
    "name": "counterparty name|counterparty|payee|payer|payee name|payer name|beneficiary name|beneficiary|partner name"
            "|merchant|name",
    "counterparty_account": "counterparty account|counterparty iban|payer account|payee account|beneficiary account"
                            "|partner account|account of the other side|payer iban",
    "text": "description|remittance information|remittance|payment details|transaction details|details|memo|narrative"
            "|transaction description|message|notes|note|label|purpose|particulars|text|reference",
    "reference": "structured reference|creditor reference|payment reference",
    "end_to_end_id": "end to end id|end to end reference|endtoendid",
    "bank_reference": "transaction id|bank reference|transaction reference|reference number|ref|id",
    "posting_text": "transaction type|type",
    "status": "status|state",
    "fee": "fee|fees|commission|commission amount",
}  # fmt: skip
_DE = {
    "booked_on": "buchungstag|buchungsdatum|buchung|datum",
    "value_on": "valutadatum|wertstellung|wertstellungsdatum|wertstellungstag|wertstellung valuta|valuta|wert",
    "amount": "betrag|umsatz|umsatz in|betrag in|betrag in kontowahrung",
    "credit": "haben|gutschrift|eingang|einnahmen",
    "debit": "soll|belastung|lastschrift|ausgang|ausgaben",
    "direction": "soll haben|s h|haben soll|soll haben kennzeichen",
    "currency": "wahrung|waehrung|kontowahrung",
    "balance": "saldo|kontostand|saldo nach buchung",
    "account": "auftragskonto|auftraggeberkonto|iban auftraggeberkonto|iban auftragskonto|eigene iban",
    "number": "auszugsnummer|auszug",
    "name": "auftraggeber empfanger|begunstigter zahlungspflichtiger|beguenstigter zahlungspflichtiger|empfanger"
            "|begunstigter auftraggeber|auftraggeber|zahlungsbeteiligter|name zahlungsbeteiligter|zahlungspflichtiger"
            "|zahlungspflichtige r|name",
    "counterparty_account": "gegenkonto|iban gegenkonto|iban zahlungsbeteiligter|kontonummer iban|iban kontonummer"
                            "|empfanger iban",
    "text": "verwendungszweck|buchungsdetails|zahlungsgrund|betreff|beschreibung|referenz",
    "reference": "zahlungsreferenz|glaubigerreferenz",
    "end_to_end_id": "ende zu ende referenz|kundenreferenz|kundenreferenz end to end",
    "bank_reference": "bankreferenz|transaktionsnummer",
    "posting_text": "buchungstext|umsatzart|transaktionstyp|vorgang",
    "status": "status",
    "fee": "gebuhr|gebuhren",
}  # fmt: skip
_FR = {
    "booked_on": "date operation|date d operation|date de l operation|date comptable|date de comptabilisation|date",
    "value_on": "date valeur|date de valeur",
    "amount": "montant|montant de l operation",
    "credit": "credit|montant credit|credit euros|recettes",
    "debit": "debit|montant debit|debit euros|depenses",
    "direction": "sens|debit credit",
    "currency": "devise|monnaie",
    "balance": "solde|solde apres operation",
    "account": "compte propre",
    "number": "numero de releve",
    "name": "nom du tiers|tiers|contrepartie|nom de la contrepartie|nom contrepartie|beneficiaire|donneur d ordre|nom",
    "counterparty_account": "compte contrepartie|iban contrepartie|compte du tiers|compte de la contrepartie",
    "text": "libelle|libelle operation|communication|communications|motif|informations complementaires|reference",
    "reference": "communication structuree",
    "end_to_end_id": "reference de bout en bout",
    "bank_reference": "numero de reference|reference operation",
    "posting_text": "type d operation|type operation|nature",
    "status": "statut",
    "fee": "frais",
}
_NL = {
    "booked_on": "boekdatum|boekingsdatum|transactiedatum|uitvoeringsdatum|datum",
    "value_on": "valutadatum|rentedatum",
    "amount": "bedrag|transactiebedrag",
    "credit": "bij|credit|bijschrijving|ontvangen",
    "debit": "af|debet|afschrijving|uitgegeven",
    "direction": "af bij|bij af|debet credit|d c",
    "currency": "munt|muntsoort",
    "balance": "saldo|saldo na transactie|saldo na mutatie|saldo na trn",
    "account": "eigen rekening",
    "number": "afschriftnummer",
    "name": "naam tegenpartij|tegenpartij|naam wederpartij|naam",
    "counterparty_account": "tegenrekening|rekening tegenpartij|rekeningnummer tegenpartij|iban tegenpartij",
    "text": "omschrijving|mededeling|mededelingen|vrije mededeling|referentie",
    "reference": "gestructureerde mededeling|betalingskenmerk",
    "end_to_end_id": "end to end referentie",
    "bank_reference": "transactiereferentie|volgnummer",
    "posting_text": "mutatiesoort|transactiesoort",
    "status": "status",
    "fee": "kosten",
}
_ES = {
    "booked_on": "fecha operacion|fecha de operacion|fecha de la operacion|fecha contable|f operacion|fecha",
    "value_on": "fecha valor|fecha de valor|f valor",
    "amount": "importe|cantidad|importe operacion",
    "credit": "haber|abono|abonos|ingreso|ingresos",
    "debit": "debe|cargo|cargos|gasto|gastos",
    "direction": "debe haber|signo",
    "currency": "divisa|moneda",
    "balance": "saldo|saldo contable",
    "account": "cuenta propia",
    "number": "numero de extracto",
    "name": "nombre|beneficiario|ordenante|contraparte|beneficiario ordenante",
    "counterparty_account": "cuenta contraparte|cuenta beneficiario|iban contraparte|cuenta ordenante",
    "text": "concepto|descripcion|observaciones|detalle|mas datos|referencia",
    "reference": "referencia estructurada",
    "end_to_end_id": "referencia extremo a extremo",
    "bank_reference": "numero de referencia|num operacion",
    "posting_text": "tipo de operacion|tipo",
    "status": "estado",
    "fee": "comision",
}


def _words(language: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words.split("|")) for name, words in language.items()}


LANGUAGES = {"en": _words(_EN), "de": _words(_DE), "fr": _words(_FR), "nl": _words(_NL), "es": _words(_ES)}

CREDIT_WORDS = frozenset({"c", "cr", "credit", "crdt", "h", "haben", "k", "bij", "haber", "abono", "+", "in",
                          "incoming", "eingang", "gutschrift", "credito"})  # fmt: skip
DEBIT_WORDS = frozenset({"d", "dr", "debit", "dbit", "s", "soll", "af", "debe", "cargo", "-", "out", "outgoing",
                         "ausgang", "belastung", "debet", "debito"})  # fmt: skip
PENDING_WORDS = frozenset({"pending", "reserved", "vorgemerkt", "umsatz vorgemerkt", "in behandeling", "gereserveerd",
                           "en attente", "pendiente", "authorised", "authorized", "ausstehend"})  # fmt: skip
UNDONE_WORDS = frozenset({"cancelled", "canceled", "failed", "declined", "denied", "reverted", "expired", "removed",
                          "abgelehnt", "geannuleerd", "annule", "refuse", "rechazado", "cancelado"})  # fmt: skip
SIGNS = {"€": "EUR", "£": "GBP", "zł": "PLN", "Kč": "CZK", "Ft": "HUF"}
REVERSAL = re.compile(r"refund|revers|charge ?back|returned|retour|rucklast|ruecklast|storno|rejet|devolucion")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text in small letters without accents, every other sign a blank: "Währung" is "wahrung"."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text[:200]) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9+]+", " ", bare.replace("ß", "ss").casefold()).split())


def currency_in(header: str) -> tuple[str, str]:
    """The header without the currency that ends it, folded, and that currency: "Betrag (EUR)" is "betrag", "EUR"."""
    found = re.search(r"[\s(\[]([A-Z]{3}|[€£])[)\]]?\s*$", header)
    code = SIGNS.get(found[1], found[1]) if found else ""
    if found and is_currency(code):
        return folded(header[: found.start()]), code
    return folded(header), ""
