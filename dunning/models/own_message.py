"""Mails that a person writes to a customer by hand, and what each asked for. They leave through the same gate as
notices do; only `dunning.services.deliver_messages` sends them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from collections_app.audit.laws import append_only
from customers.models import Customer, Delivery, DeliveryState, LegalEntity, releases_touch
from dunning.models.template import NoticeTemplate
from invoices.models import Instalment, Invoice, PayLink


class OwnMessage(Delivery):
    """One mail by hand. `written_subject` and `written_body` are what the person typed, `subject` and the bodies what
    left. `token` is the form's: pressing twice sends once.

    `accepted_warnings` are the codes of what the person was told and sent it all the same; anything else that is found
    at the last look keeps it here."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField(unique=True)
    written_subject = models.CharField(max_length=200)
    written_body = models.TextField()
    template = models.ForeignKey(NoticeTemplate, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    copies_to = ArrayField(models.EmailField(), default=list, db_default=[], blank=True)
    currency = models.CharField(max_length=3, blank=True)  # of what it asks for; empty where it asks for nothing
    amount = models.DecimalField(max_digits=19, decimal_places=4, default=0, db_default=0)  # asked for, less credits
    attaches_invoices = models.BooleanField(default=False, db_default=False)
    attaches_statement = models.BooleanField(default=False, db_default=False)
    attachments = models.JSONField(default=list, db_default=[], blank=True)  # name, size and SHA-256 of each file
    answers = models.ForeignKey(
        "dunning.InboundMessage", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    accepted_warnings = ArrayField(models.CharField(max_length=30), default=list, db_default=[], blank=True)
    as_of = models.DateField()  # the business day it was written on, whose figures it carries
    sent_on = models.DateField(null=True, blank=True)
    pay_by = models.DateField(null=True, blank=True)
    pay_link = models.ForeignKey(PayLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="own_message_state_known"),
            models.CheckConstraint(
                condition=Q(amount=0) | Q(amount__gt=0) & ~Q(currency=""), name="own_message_amount_has_currency"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="approved"), name="own_message_due"),
            models.Index(
                fields=["claimed_at"], condition=Q(state__in=["claimed", "sending"]), name="own_message_in_hand"
            ),
            models.Index(fields=["customer", "-as_of"], name="own_message_by_customer"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="own_message_by_message_id"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="own_message_by_provider"),
        ]
        triggers = [
            *append_only(
                update_when=pgtrigger.Q(old__state="accepted"),
                delete_when=pgtrigger.Q(old__state__in=["sending", "accepted", "unknown"]),
            ),
            releases_touch(source="concat('own:', NEW.id)"),
        ]


class OwnMessageItem(models.Model):
    """One invoice, or one instalment, that a mail by hand is about, as it stood when its writer saw it.

    `asked_amount` is what is open less what is disputed or on its way; 0 where the mail names the invoice and asks for
    nothing of it."""

    message = models.ForeignKey(OwnMessage, on_delete=models.PROTECT, related_name="items", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="own_message_items")
    instalment = models.ForeignKey(
        Instalment, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.CharField(max_length=80)
    due_on = models.DateField()
    open_amount = models.DecimalField(max_digits=19, decimal_places=4)
    asked_amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "invoice", "instalment"], nulls_distinct=False, name="own_message_item_once"
            ),
            models.CheckConstraint(condition=Q(asked_amount__gte=0), name="own_message_item_not_negative"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.number}: {self.asked_amount}"
