"""Reads what one payment (`TxDtls`) of a camt message says: who paid, what for, under which references.

Must not know the entry around it, except on which side it stands. Raises nothing: what is missing stays empty."""

from typing import NamedTuple
from xml.etree.ElementTree import Element

from invoices.bank_formats.camt_values import account_at, identifier, texts_at
from invoices.bank_formats.xml_reading import text_at


class PaymentDetails(NamedTuple):
    """What a payment says about itself, named as in the contract's `Entry`."""

    counterparty_name: str
    counterparty_account: str
    reference: str
    text: str
    end_to_end_id: str
    bank_reference: str


def payment_details(payment: Element, own_account: str, *, is_credit: bool, is_reversal: bool) -> PaymentDetails:
    """The details. The first structured reference is the reference; further ones join the text."""
    name, account = _counterparty(payment, own_account, is_credit=is_credit, is_reversal=is_reversal)
    references = [text.replace(" ", "") for text in texts_at(payment, "RmtInf/Strd/CdtrRefInf/Ref")]
    wrote = [
        *texts_at(payment, "RmtInf/Ustrd"),
        *texts_at(payment, "RmtInf/Strd/RfrdDocInf/Nb"),
        *texts_at(payment, "RmtInf/Strd/AddtlRmtInf"),
        *references[1:],
    ]
    return PaymentDetails(
        counterparty_name=name,
        counterparty_account=account,
        reference=references[0] if references else "",
        text=" ".join(wrote) or text_at(payment, "AddtlTxInf"),
        end_to_end_id=identifier(text_at(payment, "Refs/EndToEndId")),
        bank_reference=identifier(text_at(payment, "Refs/AcctSvcrRef")) or text_at(payment, "Refs/UETR"),
    )


def _counterparty(payment: Element, own_account: str, *, is_credit: bool, is_reversal: bool) -> tuple[str, str]:
    """Name and account of the payer of a credit, the payee of a debit.

    A reversal repeats the roles of the payment it takes back, with most banks; so the other side comes first
    there, unless it is the account's own."""
    sides = ["Dbtr", "Cdtr"] if is_credit else ["Cdtr", "Dbtr"]
    for side in reversed(sides) if is_reversal else sides[:1]:
        name, account = _party(payment, side)
        if (name or account) and account != own_account:
            return name, account
    return "", ""


def _party(payment: Element, side: str) -> tuple[str, str]:
    """Name and account of `Dbtr` or `Cdtr`. From version 08 on the name is nested one deeper."""
    paths = (f"{side}/Nm", f"{side}/Pty/Nm", f"{side}/Agt/FinInstnId/Nm", f"Ultmt{side}/Nm", f"Ultmt{side}/Pty/Nm")
    name = next(filter(None, (text_at(payment, f"RltdPties/{path}") for path in paths)), "")
    return name, account_at(payment, f"RltdPties/{side}Acct/Id")
