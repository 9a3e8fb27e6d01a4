"""Notices: one message to one customer produced by a step, with the figures and words it carried."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from collections_app.audit.laws import append_only
from customers.models import Customer, Delivery, DeliveryState, LegalEntity, releases_touch
from dunning.models.policy import Policy, Step
from dunning.models.run import Run
from dunning.models.template import NoticeTemplate
from invoices.models import Instalment, Invoice, PayLink


class Notice(Delivery):
    """A reminder, call task or letter for one customer and currency. Level values are copied at preparation (R8).

    `cycle` names the conversation: the id of the invoice that leads it. One notice per customer, policy, step, cycle
    and channel can be alive or sent; cancelled and failed ones do not count (R1)."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="notices")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey(Step, null=True, on_delete=models.SET_NULL, related_name="+")
    step_position = models.PositiveSmallIntegerField()
    step_name = models.CharField(max_length=60)
    # Days late at which the step fell due; tells how far an item got when it comes under another policy.
    step_offset = models.SmallIntegerField(null=True, blank=True)
    policy_version = models.PositiveIntegerField(default=1, db_default=1)
    stage = models.CharField(max_length=10, choices=Step.Stage.choices)
    cycle = models.CharField(max_length=40)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)  # asked for: the reminded open amounts less credits
    as_of = models.DateField()
    sent_on = models.DateField(null=True, blank=True)  # the business day it was handed over; days between count from it
    template = models.ForeignKey(  # the version of the words, fixed at preparation (R8)
        NoticeTemplate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pay_by = models.DateField(null=True, blank=True)
    copies_to = ArrayField(
        models.EmailField(), default=list, db_default=[], blank=True
    )  # further people at the customer
    fee_amount = models.DecimalField(max_digits=19, decimal_places=4, default=0, db_default=0)  # asked for with it
    interest_amount = models.DecimalField(
        max_digits=19, decimal_places=4, default=0, db_default=0
    )  # named, not asked for
    fee_for = models.ForeignKey(  # the invoice whose lateness the fee is for
        Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fee_invoice = models.ForeignKey(  # the fee's own document, made once the notice has left (L10)
        Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    written_subject = models.CharField(max_length=200, blank=True, default="", db_default="")  # a person's words for
    written_body = models.TextField(blank=True, default="", db_default="")  # this one notice, instead of the template's
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recalled_at = models.DateTimeField(null=True, blank=True)  # sent by mistake: it counts no more for steps or days
    decision = models.JSONField(default=dict)  # code, sentence and facts of the rule that proposed it
    pay_link = models.ForeignKey(PayLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    letter = models.FileField(upload_to="letters/%Y/%m/", blank=True)
    letter_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="notice_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="notice_amount_positive"),
            models.CheckConstraint(
                condition=Q(fee_amount__gte=0, interest_amount__gte=0), name="notice_claims_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(fee_amount=0) | Q(fee_for__isnull=False), name="notice_fee_names_its_invoice"
            ),
            models.UniqueConstraint(
                # One that was recalled counts no more: its step may be sent again, rightly this time.
                fields=["customer", "policy", "step_position", "cycle", "channel"],
                condition=~Q(state__in=["cancelled", "failed"]) & Q(recalled_at__isnull=True),
                name="notice_once_per_step_and_cycle",
            ),
            models.UniqueConstraint(
                # An apology may follow on the day of what it takes back.
                fields=["customer", "currency", "as_of"],
                condition=~Q(state__in=["cancelled", "failed"]) & ~Q(stage="apology"),
                name="notice_one_per_day",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="approved"), name="notice_due"),
            models.Index(fields=["claimed_at"], condition=Q(state__in=["claimed", "sending"]), name="notice_in_hand"),
            models.Index(fields=["customer", "-as_of"], name="notice_by_customer"),
            models.Index(fields=["state", "-as_of"], name="notice_by_state"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="notice_by_message_id"),
            models.Index(  # what the sweep of fees looks for
                fields=["id"], condition=Q(state="accepted", fee_amount__gt=0, fee_invoice=None), name="notice_fee_owed"
            ),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="notice_by_provider_id"),
            models.Index(fields=["fee_for"], condition=Q(fee_for__isnull=False), name="notice_by_fee"),
        ]
        triggers = [
            *append_only(
                # What left stays as it left; only what follows may be noted: the fee's document, that it was recalled.
                update_when=pgtrigger.Q(old__state="accepted"),
                but=["fee_invoice", "recalled_at"],
                delete_when=pgtrigger.Q(old__state__in=["sending", "accepted", "unknown"]),
            ),
            # The letters of one run are one contact, whatever the number of currencies (R5).
            releases_touch(
                source="concat('run:', NEW.run_id, ':', NEW.customer_id)",
                unless="SELECT 1 FROM dunning_notice n WHERE n.run_id = NEW.run_id AND n.customer_id = NEW.customer_id "
                "AND n.id <> NEW.id AND n.state IN ('claimed', 'sending', 'accepted', 'unknown')",
            ),
        ]


class NoticeItem(models.Model):
    """One invoice, or one instalment, on a notice, as it stood when the notice was prepared."""

    # No index of its own: the constraint below begins with it, and a million rows are written in one run.
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="items", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="notice_items")
    instalment = models.ForeignKey(
        Instalment, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.CharField(max_length=80)
    issued_on = models.DateField()
    due_on = models.DateField()
    open_amount = models.DecimalField(max_digits=19, decimal_places=4)
    asked_amount = models.DecimalField(max_digits=19, decimal_places=4)  # open less disputed and in flight
    days_late = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "invoice", "instalment"], nulls_distinct=False, name="notice_item_once_per_claim"
            ),
            models.CheckConstraint(condition=Q(asked_amount__gt=0), name="notice_item_amount_positive"),
        ]
        indexes = [
            models.Index(fields=["instalment"], condition=Q(instalment__isnull=False), name="notice_item_by_instalment")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.number}: {self.asked_amount}"
