"""What every outgoing message has in common: the row is the queue, and its state says what may have happened.

Concrete tables are notices (dunning) and document mails (invoices). Only `customers.services.deliver` moves the state
from `approved` on; nothing else may send."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from customers.models.contact import Contact
from customers.models.customer import Customer


class DeliveryState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    CLAIMED = "claimed", "Being prepared"  # a worker holds it; nothing has left the house
    SENDING = "sending", "Sending"  # from here on a crash leaves us unsure
    ACCEPTED = "accepted", "Accepted by the provider"
    UNKNOWN = "unknown", "Unknown – check"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class Delivery(models.Model):
    """One message to one customer over one channel."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    to_address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=250, blank=True)
    body_text = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PROPOSED)
    reason = models.CharField(max_length=60, blank=True)  # a code: why cancelled, failed or unknown
    reason_text = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, default="", blank=True)  # ours, in the mail's header
    provider_id = models.CharField(max_length=200, default="", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())  # not before
    claim_token = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sending_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)  # accepted, failed, cancelled or found unknown
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    # Where it goes instead of to the customer, in test mode. Decided when it leaves, and not kept.
    redirect_to = ""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.channel} to {self.to_address or self.customer_id} ({self.state})"

    @staticmethod
    def new_claim() -> uuid.UUID:
        """A token that marks rows claimed together."""
        return uuid.uuid4()


def releases_touch(*, source: str, unless: str = "") -> pgtrigger.Trigger:
    """The trigger of a concrete table that gives a contact back to the budget when nothing came of the message.

    `source` and `unless` are SQL over NEW: what the touch came from, and when it must stay all the same."""
    stays = f"AND NOT EXISTS ({unless})" if unless else ""
    return pgtrigger.Trigger(
        name="releases_touch",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(
            old__state__in=["claimed", "sending", "unknown"], new__state__in=["approved", "cancelled", "failed"]
        ),
        func=f"""
            UPDATE customers_contacttouch SET released_at = now()
            WHERE source = {source} AND released_at IS NULL {stays};
            RETURN NULL;
        """,  # noqa: S608 (constants of ours)
    )
