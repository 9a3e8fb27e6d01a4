"""A provider that moves no money: its checkout page is ours, but its webhooks are real, signed and sent over HTTP.

Signature: header `Webhook-Signature: t=<unix seconds>,v1=<hex>`, HMAC-SHA256 over `<t>.<raw body>`; several `v1` may be
given while a secret is being changed."""

import hashlib
import hmac
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from collections_app.lib.errors import BadInput
from invoices.gateways.base import GatewayEvent, NotAuthentic, Order, Started

HEADER = "Webhook-Signature"
TOLERANCE_SECONDS = 300
SEND_TIMEOUT = 10
_SIGNATURE = re.compile(r"t=([0-9]{1,12})((?:,v1=[0-9a-f]{64}){1,8})")
_FIGURE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
_SALT = "invoices.test_gateway.return"
_KINDS = {
    "payment.created": "created",
    "payment.processing": "processing",
    "payment.succeeded": "succeeded",
    "payment.failed": "failed",
    "payment.refunded": "refunded",
    "payment.disputed": "disputed",
    "payment.dispute_won": "dispute_won",
    "payment.dispute_lost": "dispute_lost",
}
# A dispute keeps its name whatever becomes of it.
_GOING_BACK = {"refunded": "tr", "disputed": "td", "dispute_won": "td", "dispute_lost": "td"}


class TestGateway:
    """The built-in provider of the demo and the tests. See `base.Gateway` for what each method promises."""

    code = "test"
    label = "Test card"
    is_live = False
    __test__ = False  # not a test class, whatever pytest makes of the name

    def start(self, order: Order, return_url: str) -> Started:
        """The checkout page of the intent. The intent's name follows from the reference, so a second start finds it."""
        intent = f"ti_{hashlib.sha256(order.reference.encode()).hexdigest()[:24]}"
        back = signing.dumps(return_url, salt=_SALT)
        return Started(f"{reverse('gateway_checkout', args=[intent])}?back={back}", intent)

    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
        """Nothing; raises NotAuthentic for a missing, malformed, wrong or ill-timed signature."""
        given = {name.lower(): value for name, value in headers.items()}.get(HEADER.lower(), "")
        parts = _SIGNATURE.fullmatch(given)
        if parts is None:
            raise NotAuthentic("signature header missing or malformed")
        if abs(int(now.timestamp()) - int(parts[1])) > TOLERANCE_SECONDS:
            raise NotAuthentic("signature too old or from the future")
        candidates = parts[2].split(",v1=")[1:]
        expected = [_mac(secret, parts[1], body) for secret in settings.WEBHOOK_SECRETS]
        # Every pair is compared, so that the time taken does not tell which secret was near.
        matches = [hmac.compare_digest(mine, theirs) for mine in expected for theirs in candidates]
        if not any(matches):
            raise NotAuthentic("signature does not match")

    def read(self, body: bytes) -> list[GatewayEvent]:
        """The one event of the body."""
        try:
            event = json.loads(body)
            data = event["data"]
            amount = _amount(data["amount"]) if data.get("amount") is not None else None
            made = GatewayEvent(
                event_id=_text(event["id"], 120),
                kind=_KINDS.get(_text(event["type"], 60), "other"),
                intent_id=_text(data.get("intent", ""), 120),
                reference=_text(data.get("reference", ""), 40),
                payment_id=_text(data.get("payment", ""), 120),
                refund_id=_text(data.get("refund", ""), 120),
                amount=amount,
                currency=_text(data.get("currency", ""), 3),
                customer_number=_text(data.get("customer", ""), 40),
                failure=_text(data.get("failure", ""), 200),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadInput("The event cannot be read.", code="unreadable_event") from None
        if not made.event_id:
            raise BadInput("The event has no name.", code="unreadable_event")
        return [made]


def return_address(back: str) -> str:
    """The address that `start` was given, or "" for anything that we did not sign (D61)."""
    try:
        return str(signing.loads(back, salt=_SALT, max_age=86_400))
    except signing.BadSignature:
        return ""


def event_body(
    *, intent: str, kind: str, order: Order, failure: str = "", amount: Decimal | None = None, number: int = 1
) -> bytes:
    """The raw body of one event. The same intent, kind and number always make the same event, as a provider's retries
    do. Refunds and disputes are over `amount`, None for the whole order, and counted by `number`."""
    stem = intent.removeprefix("ti_")
    data: dict[str, Any] = {
        "intent": intent,
        "reference": order.reference,
        "payment": f"tp_{stem}",
        "amount": f"{order.amount if amount is None else amount:f}",
        "currency": order.currency,
        "customer": order.customer_number,
    }
    if failure:
        data["failure"] = failure
    name = f"te_{stem}_{kind}"
    if kind in _GOING_BACK:
        data["refund"] = f"{_GOING_BACK[kind]}_{stem}_{number}"
        name += f"_{number}"
    return json.dumps({"id": name, "type": f"payment.{kind}", "data": data}).encode()


def signature(body: bytes, *, at: datetime, secret: str) -> str:
    """The header's value for a body sent at that instant."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def send_webhook(body: bytes, *, at: datetime) -> bool:
    """Whether our own webhook address took the body with a 2xx answer. Sending again is harmless."""
    signed = signature(body, at=at, secret=settings.WEBHOOK_SECRETS[0])
    request = urllib.request.Request(  # noqa: S310 (the configured base URL is http or https, checked at start)
        settings.BASE_URL + reverse("webhook", args=[TestGateway.code]),
        data=body,
        headers={"Content-Type": "application/json", HEADER: signed},
    )
    try:
        with urllib.request.urlopen(request, timeout=SEND_TIMEOUT) as answer:  # noqa: S310 (see above)
            return bool(200 <= answer.status < 300)
    except (urllib.error.URLError, OSError):
        return False


def _mac(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _amount(value: object) -> Decimal:
    """The amount, above zero, written as a plain figure that numeric(19,4) can hold; else the event is unreadable."""
    if not isinstance(value, str) or not _FIGURE.fullmatch(value) or not Decimal(value):
        raise ValueError("not an amount")
    return Decimal(value)


def _text(value: object, longest: int) -> str:
    """The value if it is a text that our columns can hold; anything else makes the event unreadable."""
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise ValueError("not a text of ours")
    value.encode("utf-8")
    return value
