"""What an approval is about, as text that cannot change unnoticed. Pure; reads and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from collections_app.lib.digests import chain_digest

# What a person may ask for by hand. Differences and discounts that follow from a rule need nobody's word.
# A credit note is asked for at the end of a dispute only; by hand it needs nobody's word.
APPROVAL_KINDS = ("write_off", "settlement", "other", "exchange_difference", "waiver", "credit_note")


@dataclass(frozen=True, slots=True)
class Posting:
    """What is posted when the request is approved. Amounts positive, in `currency`; shares are (invoice id, amount)."""

    kind: str
    entity_id: int
    customer_id: int
    currency: str
    effective_on: date
    reason: str
    shares: Sequence[tuple[int, Decimal]]

    @property
    def amount(self) -> Decimal:
        """The sum of the shares."""
        return sum((amount for _, amount in self.shares), Decimal(0))

    def payload(self) -> dict[str, Any]:
        """The posting as plain JSON values."""
        return {
            "kind": self.kind,
            "entity": self.entity_id,
            "customer": self.customer_id,
            "currency": self.currency,
            "effective_on": self.effective_on.isoformat(),
            "reason": self.reason,
            "shares": [[invoice, f"{amount:f}"] for invoice, amount in self.shares],
        }


def posting_of(payload: Any) -> Posting | None:
    """The posting that such a payload describes; None for anything else, which only a change behind the program's back
    can leave there."""
    try:
        return _read(payload)
    except (ValueError, KeyError, TypeError, ArithmeticError):
        return None


def _read(payload: Any) -> Posting:
    return Posting(
        kind=str(payload["kind"]),
        entity_id=int(payload["entity"]),
        customer_id=int(payload["customer"]),
        currency=str(payload["currency"]),
        effective_on=date.fromisoformat(payload["effective_on"]),
        reason=str(payload["reason"]),
        shares=[(int(invoice), Decimal(amount)) for invoice, amount in payload["shares"]],
    )


def fingerprint(payload: Any) -> str:
    """The SHA-256 of the payload, in hex; any change of it gives another one."""
    return chain_digest(None, payload)
