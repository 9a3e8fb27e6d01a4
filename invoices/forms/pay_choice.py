"""Reads what a payer ticked. Amounts the page showed come back with it, so that a change in between is noticed (W2)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.translation import gettext as _

from collections_app.lib.errors import BadInput
from collections_app.lib.money import detect_decimal_mark, parse_amount

MOST = 200


@dataclass(frozen=True, slots=True)
class PayChoice:
    """The ticked invoices with what the page showed as payable, and a smaller amount if the payer typed one."""

    seen: dict[int, Decimal]
    amount: Decimal | None


def read_choice(data: QueryDict, *, currency: str, language: str) -> PayChoice:
    """The choice in a posted form: `item` ids, `seen-<id>` amounts, `amount`. `currency` is the shown group's.

    Raises BadInput with a sentence in the reader's language; unknown fields are ignored (D54)."""
    ids = [text for text in data.getlist("item") if text.isascii() and text.isdigit() and len(text) < 19][:MOST]
    if not ids:
        raise BadInput(_("Tick at least one invoice to pay."), code="nothing_chosen")
    seen = {int(text): _seen(data.get(f"seen-{text}", "")) for text in ids}
    return PayChoice(seen, read_amount(data.get("amount", ""), currency=currency, language=language))


def read_amount(text: str, *, currency: str, language: str) -> Decimal | None:
    """The typed amount, above zero; None for an empty field. The decimal mark is the one the text
    proves, else the language's."""
    if not text.strip():
        return None
    mark = detect_decimal_mark([text]) or ("," if language.startswith("de") else ".")
    try:
        amount = parse_amount(text, decimal_mark=mark, currency=currency)
    except BadInput:
        amount = Decimal(0)
    if amount <= 0:
        example = "250,00" if language.startswith("de") else "250.00"
        raise BadInput(
            _("This is not an amount we can read. Write it like %(example)s.") % {"example": example}, code="bad_amount"
        )
    return amount


def _seen(text: str) -> Decimal:
    """What the page showed; anything that our page did not write equals no open amount and so counts as changed."""
    try:
        amount = Decimal(text[:30])
    except InvalidOperation:
        return Decimal(-1)
    return amount if amount.is_finite() else Decimal(-1)
