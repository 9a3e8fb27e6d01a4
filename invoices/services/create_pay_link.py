"""Makes a link that lets a payer in without a login. The token leaves here once; only its hash is kept (W5)."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from collections_app.audit.record import record
from customers.models import Customer
from invoices.actions import PAY_LINK_CREATED
from invoices.models import Invoice, PayLink, PaySession
from invoices.rules.pay_tokens import token_digest

TOKEN_BYTES = 32


@transaction.atomic
def create_pay_link(
    *,
    purpose: str,
    customer: Customer,
    language: str,
    sent_to: str,
    now: datetime,
    invoice: Invoice | None = None,
    pay_session: PaySession | None = None,
    days_valid: int = 90,
    by: str = "",
) -> tuple[PayLink, str]:
    """The stored link and its absolute address on the configured base URL, whatever host a request named (D62).

    `purpose` is a `PayLink.Purpose`: "invoice" needs `invoice`, "receipt" needs `pay_session`. The link dies
    `days_valid` days after `now`. The address cannot be had a second time: send a new link instead."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = PayLink.objects.create(
        token_hash=token_digest(token),
        purpose=purpose,
        customer=customer,
        invoice=invoice,
        pay_session=pay_session,
        language=language[:10],
        sent_to=sent_to,
        expires_at=now + timedelta(days=days_valid),
    )
    record(PAY_LINK_CREATED, link, actor=None, by=by or "system", purpose=purpose, expires_at=link.expires_at)
    place = "pay_receipt" if purpose == PayLink.Purpose.RECEIPT else "pay"
    return link, settings.BASE_URL + reverse(place, args=[token])
