"""Mails that carry a document: the invoice itself, a receipt, thanks for a payment, a statement, a fresh link.
Reminders are notices, in dunning."""

import pgtrigger
from django.db import models
from django.db.models import Q

from collections_app.audit.laws import append_only
from customers.models import Delivery, DeliveryState, releases_touch
from invoices.models.invoice import Invoice
from invoices.models.pay_session import PaySession
from invoices.models.payment import Payment
from invoices.models.payment_plan import PlanInstalment


class DocumentMail(Delivery):
    """One document to one address. `dedupe_key` makes a second one for the same occasion impossible."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        RECEIPT = "receipt", "Receipt"
        LINK = "link", "New link"
        THANKS = "thanks", "Thanks for a payment"
        STATEMENT = "statement", "Statement of account"
        PLAN = "plan", "Part of a payment plan"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    invoice = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="mails")
    pay_session = models.ForeignKey(PaySession, null=True, blank=True, on_delete=models.PROTECT, related_name="mails")
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="mails")
    plan_part = models.ForeignKey(PlanInstalment, null=True, blank=True, on_delete=models.PROTECT, related_name="mails")
    on = models.DateField(null=True, blank=True)  # the day a statement is as of
    dedupe_key = models.CharField(max_length=120, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="document_mail_state_known")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="approved"), name="document_mail_due"),
            models.Index(
                fields=["claimed_at"], condition=Q(state__in=["claimed", "sending"]), name="document_mail_in_hand"
            ),
            models.Index(fields=["customer", "-created_at"], name="document_mail_by_customer"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="document_mail_by_message_id"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="document_mail_by_provider"),
        ]
        triggers = [
            *append_only(
                update_when=pgtrigger.Q(old__state="accepted"),
                delete_when=pgtrigger.Q(old__state__in=["sending", "accepted", "unknown"]),
            ),
            releases_touch(source="concat('mail:', NEW.id)"),
        ]
