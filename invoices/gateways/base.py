"""What a payment provider's adapter must do. The docstrings are the contract; tests hold every adapter to it.

An adapter is one file and one line in `settings.PAYMENT_GATEWAYS`. It talks to its provider and to nobody else: it
writes nothing to the database, decides nothing about invoices and never trusts the payer's browser. Whether money moved
is known from signed webhooks alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from collections_app.lib.errors import Refusal


class NotAuthentic(Exception):
    """The webhook's signature or time is not right. Its text is for our log only, never for the sender (D6)."""


class GatewayAway(Refusal):
    """The provider could not be reached or refused the order; no money moved and the payer may try again."""

    default_code = "gateway_away"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. `reference` is the pay session's and the idempotency key; `amount` is positive."""

    reference: str
    amount: Decimal
    currency: str
    customer_number: str
    description: str
    language: str


@dataclass(frozen=True, slots=True)
class Started:
    """Where to send the payer, and the provider's name for the attempt."""

    redirect_url: str
    intent_id: str


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """One thing a provider told us, in our words.

    `kind`: "created", "processing", "succeeded", "failed", "refunded", "disputed", "dispute_won", "dispute_lost" or
    "other". `amount` is positive in `currency`, None where the event has none; of a refund or dispute it is what went
    out by it alone, never a running total. `payment_id` is the provider's name for the money and is what makes a
    payment unique, `refund_id` its name for the refund or dispute and what makes that unique: a won dispute has the
    name under which it was opened. `failure` is a sentence for the payer."""

    event_id: str
    kind: str
    intent_id: str = ""
    reference: str = ""
    payment_id: str = ""
    refund_id: str = ""
    amount: Decimal | None = None
    currency: str = ""
    customer_number: str = ""
    failure: str = ""


class Gateway(Protocol):
    """One provider. `code` (snake_case) stands in addresses and rows, `label` on the pay button; `is_live` is False
    where no real money moves, and then the gateway is offered only in a demo, while debugging and in tests."""

    code: str
    label: str
    is_live: bool

    def start(self, order: Order, return_url: str) -> Started:
        """Where the payer pays the order. The same `order.reference` again gives the same intent, so that two clicks
        and two tabs make one payment (D13). The browser comes back to `return_url`, which proves nothing (D12).

        Raises GatewayAway."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
        """Nothing; raises NotAuthentic unless the raw bytes carry a signature by one of the active secrets and, where
        the provider dates its webhooks, a time at most 300 seconds from `now` on either side (D6, D7, D9).

        `headers` are looked up without regard to case."""
        ...

    def read(self, body: bytes) -> Sequence[GatewayEvent]:
        """The events in a verified body, in its order; one body may carry several. Raises BadInput when it cannot be
        understood. Unknown kinds are "other", not errors: providers add kinds without asking."""
        ...
