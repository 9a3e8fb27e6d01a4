"""Reads the entries (`Ntry`) of a camt message. Must not know statements or balances.

A batch is split into its payments when these add up to it in the account's currency, so that each can find its invoice.
Whatever cannot be read raises BadInput for the whole entry: half an entry would break the balance."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element

from collections_app.lib.errors import BadInput, quoted
from invoices.bank_formats.camt_payments import PaymentDetails, payment_details
from invoices.bank_formats.camt_values import amount_of, day_in, identifier, sign_of, signed_amount
from invoices.bank_formats.contract import Entry
from invoices.bank_formats.plain_text import plain_facts
from invoices.bank_formats.xml_reading import text_at

_BOOKED = {"BOOK": True, "PDNG": False, "INFO": False, "FUTR": False}
_MOST_TEXTS = 50  # of a batch that stays whole; it is read by people


class EntryReader:
    """Reads the entries of one account. `currency` may be empty when the file does not state the account's own."""

    def __init__(self, account: str, currency: str, *, booked_unless_told: bool) -> None:
        self._account = account
        self._currency = currency
        self._booked_unless_told = booked_unless_told

    def entries(self, node: Element, place: str) -> list[Entry]:
        """The entry, or its payments if it is a batch that they add up to; none for a note of 0. Raises BadInput."""
        amount, currency = signed_amount(node)
        if not amount:
            return []  # banks announce closings and free services that way; no money moved
        if self._currency and currency != self._currency:
            raise BadInput(
                f"The entry is in {currency}, but the account is kept in {self._currency}. Record it by hand."
            )
        payments = node.findall("NtryDtls/TxDtls")
        shares = _shares(payments, amount, currency) if len(payments) > 1 else None
        if shares is None:
            return [self._entry(node, payments, amount, currency, f"{place}, line {node.get('line')}")]
        return [
            self._entry(node, [payment], share, currency, f"{place}, part {number}, line {payment.get('line')}")
            for number, (payment, share) in enumerate(zip(payments, shares, strict=True), start=1)
            if share
        ]

    def _entry(
        self, node: Element, payments: Sequence[Element], amount: Decimal, currency: str, place: str
    ) -> Entry:  # fmt: skip
        valued_on = day_in(node, "ValDt")
        booked_on = day_in(node, "BookgDt") or valued_on
        if booked_on is None:
            raise BadInput("The entry has neither a booking date nor a value date. Record it by hand.")
        is_reversal = text_at(node, "RvslInd") in ("true", "1") or any(
            payment.find("RtrInf") is not None for payment in payments
        )
        details = self._details(node, payments, is_credit=amount > 0, is_reversal=is_reversal)
        return Entry(
            position=place, booked_on=booked_on, amount=amount, currency=currency, value_on=valued_on,
            is_reversal=is_reversal, is_booked=self._is_booked(node), **plain_facts(**details._asdict()),
        )  # fmt: skip

    def _is_booked(self, node: Element) -> bool:
        status = text_at(node, "Sts/Cd") or text_at(node, "Sts")  # versions before 04 write it plainly
        if not status:
            return self._booked_unless_told
        if status not in _BOOKED:
            raise BadInput(f"{quoted(status)} is no status of an entry known here. Ask the bank whether it is booked.")
        return _BOOKED[status]

    def _details(
        self, node: Element, payments: Sequence[Element], *, is_credit: bool, is_reversal: bool
    ) -> PaymentDetails:  # fmt: skip
        each = [
            payment_details(payment, self._account, is_credit=is_credit, is_reversal=is_reversal)
            for payment in payments
        ]
        own_reference = identifier(text_at(node, "AcctSvcrRef"))
        note = text_at(node, "AddtlNtryInf")
        if not each:
            return PaymentDetails("", "", "", note, "", own_reference)
        name, account, reference, text, end_to_end, bank_reference = zip(*each, strict=True)
        return PaymentDetails(
            _agreed(name), _agreed(account), _agreed(reference),
            " ".join(list(dict.fromkeys(filter(None, text)))[:_MOST_TEXTS]) or note,
            _agreed(end_to_end), _agreed(bank_reference) if len(each) == 1 and bank_reference[0] else own_reference,
        )  # fmt: skip


def _shares(payments: Sequence[Element], amount: Decimal, currency: str) -> list[Decimal] | None:
    """The signed amount of each payment if they add up to the entry, else None.

    Each payment has a sign of its own; some banks state the payer's instead, so the entry's sign is tried as well."""
    side = -1 if amount < 0 else 1
    try:
        bare = [_share(payment, currency) for payment in payments]
        own = [
            share * (sign_of(payment) if payment.find("CdtDbtInd") is not None else side)
            for payment, share in zip(payments, bare, strict=True)
        ]
    except BadInput:
        return None
    as_entry = [share * side for share in bare]
    return next((shares for shares in (own, as_entry) if sum(shares) == amount), None)


def _share(payment: Element, currency: str) -> Decimal:
    """The unsigned amount of one payment in the entry's currency. Raises BadInput if it states none."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        node = payment.find(path)
        if node is not None and node.get("Ccy") == currency:
            return amount_of(text_at(payment, path), currency)
    raise BadInput("The payment does not state its amount in the currency of the account.")


def _agreed(values: Iterable[str]) -> str:
    """The value that all payments share; empty if they differ."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""
