"""Finds the link behind a token and says whether it still opens anything. Strangers are told no reason."""

from collections.abc import Iterable
from datetime import datetime

from invoices.models import Invoice, PayLink
from invoices.rules.pay_tokens import token_digest


def find_pay_link(token: str, purposes: Iterable[str]) -> PayLink | None:
    """The link of that token if it is one of these purposes, dead or alive; None for every other text.

    One lookup by digest for whatever text comes in, so that the time taken says nothing about the token (D55, D56)."""
    return (
        PayLink.objects.select_related("customer__entity", "invoice__entity")
        .filter(token_hash=token_digest(token), purpose__in=list(purposes))
        .first()
    )


def why_dead(link: PayLink, *, now: datetime) -> str:
    """A code for why the link opens nothing any more ("revoked", "expired", "document_gone",
    "merged"), or "" while it lives."""
    if link.revoked_at is not None:
        return "revoked"
    if link.expires_at <= now:
        return "expired"
    if link.invoice is not None and link.invoice.status != Invoice.Status.ISSUED:
        return "document_gone"
    if link.customer.merged_into_id is not None and link.purpose == PayLink.Purpose.ACCOUNT:
        return "merged"  # the account it opened is part of another one now (D57)
    return ""
