"""Draws the EPC code as SVG, for pages (inline) and for PDFs (a data address). What it says is `rules.epc`'s."""

from base64 import b64encode
from decimal import Decimal
from functools import lru_cache
from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe

from customers.models import LegalEntity
from invoices.rules.epc import epc_payload


def transfer_code(entity: LegalEntity, *, amount: Decimal, currency: str, reference: str) -> SafeString:
    """The code for a transfer of `amount` to the seller as an inline <svg>; "" where the scheme cannot carry it."""
    text = _text(entity, amount, currency, reference)
    return _inline(text) if text else mark_safe("")


def transfer_code_address(entity: LegalEntity, *, amount: Decimal, currency: str, reference: str) -> str:
    """The same picture as a data: address for an <img>, which is all that the PDF writer may load; "" likewise."""
    text = _text(entity, amount, currency, reference)
    if not text:
        return ""
    picture = BytesIO()
    _code(text).save(picture, kind="svg", scale=4, border=0, xmldecl=False)
    return "data:image/svg+xml;base64," + b64encode(picture.getvalue()).decode()


def _text(entity: LegalEntity, amount: Decimal, currency: str, reference: str) -> str:
    return epc_payload(
        name=entity.name, iban=entity.iban, bic=entity.bic, amount=amount, currency=currency, reference=reference
    )


@lru_cache(maxsize=1024)
def _inline(text: str) -> SafeString:
    # The picture holds path data only; the payload is drawn, never written.
    return mark_safe(_code(text).svg_inline(border=0, omitsize=True))  # noqa: S308


def _code(text: str) -> segno.QRCode:
    """Correction level M and at most version 13, as the scheme demands; 331 bytes always fit."""
    return segno.make(text, error="m", encoding="utf-8", micro=False, boost_error=False)
