"""The notices that stand on a payer's own page instead of being sent. Reads only."""

from collections.abc import Sequence

from dunning.models import Notice
from invoices.queries.payer_messages import PayerMessage

MOST_SHOWN = 3


def portal_messages(customer_id: int) -> Sequence[PayerMessage]:
    """The latest messages for this customer's page, the newest first; one that was recalled is not shown."""
    shown = Notice.objects.filter(
        customer_id=customer_id, channel="portal", state="accepted", recalled_at__isnull=True
    ).order_by("-as_of", "-pk")
    rows = shown.values_list("sent_on", "as_of", "subject", "body_text")[:MOST_SHOWN]
    return [PayerMessage(sent_on or as_of, subject, text) for sent_on, as_of, subject, text in rows]
