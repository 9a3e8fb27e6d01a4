"""Makes links to the open items of many accounts at once, for a batch of reminders. The tokens leave here once (W5)."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from collections_app.audit.record import Fact, record_set
from invoices.actions import PAY_LINK_CREATED
from invoices.models import PayLink
from invoices.rules.pay_tokens import token_digest
from invoices.services.create_pay_link import TOKEN_BYTES

_PLACE = "token"


class LinkWish(NamedTuple):
    """Whose open items, in which language, and where the link will be sent."""

    customer_id: int
    language: str
    sent_to: str


@transaction.atomic
def create_account_links(
    *, wanted: Sequence[LinkWish], now: datetime, by: str, days_valid: int = 90
) -> list[tuple[PayLink, str]]:
    """The stored links in the order wished, each with its absolute address; they die `days_valid` days after `now`."""
    tokens = [secrets.token_urlsafe(TOKEN_BYTES) for _ in wanted]
    expires_at = now + timedelta(days=days_valid)
    links = PayLink.objects.bulk_create(
        PayLink(
            token_hash=token_digest(token), purpose=PayLink.Purpose.ACCOUNT, customer_id=wish.customer_id,
            language=wish.language[:10], sent_to=wish.sent_to, expires_at=expires_at,
        )
        for wish, token in zip(wanted, tokens, strict=True)
    )  # fmt: skip
    told = {"purpose": PayLink.Purpose.ACCOUNT, "expires_at": expires_at}
    kind = PayLink._meta.label_lower
    record_set(PAY_LINK_CREATED, [Fact(kind, link.pk, link.customer_id, told) for link in links], actor=None, by=by)
    # Tokens need no quoting in an address, so its form is asked for once and not for each of them.
    before, _, behind = (settings.BASE_URL + reverse("pay", args=[_PLACE])).rpartition(_PLACE)
    return [(link, f"{before}{token}{behind}") for link, token in zip(links, tokens, strict=True)]
