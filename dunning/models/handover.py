"""The end of the ladder: debts that reminders did not bring in, and what was decided about them. One row per decision;
the evidence bundles that were made of it stay beside it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, LegalEntity
from dunning.models.policy import Policy
from invoices.models import Approval, Instalment, Invoice, InvoiceHold

# An ended handover stays as it ended; only its bundle may be made anew.
_ENDED = pgtrigger.Q(old__state__in=["returned", "closed"])


class Handover(models.Model):
    """What is to happen, or has happened, with debts of one customer in one currency after the last step (R22).

    At most one per customer and currency is open. Days are business days of the entity. `proposed_by` None: the policy
    proposed it. A returned or closed one is history and never opens again; a new one may follow it."""

    class Kind(models.TextChoices):
        UNDECIDED = "undecided", "To be decided"
        AGENCY = "agency", "Collection agency"
        LEGAL = "legal", "Legal action"
        WRITE_OFF = "write_off", "Write-off"
        HOLD = "hold", "Stop writing"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"
        HANDED_OVER = "handed_over", "Handed over"
        RETURNED = "returned", "Taken back"
        CLOSED = "closed", "Closed"

    class Outcome(models.TextChoices):
        PAID = "paid", "Paid or credited"
        WRITTEN_OFF = "written_off", "Written off"
        DECLINED = "declined", "Declined"
        STOPPED = "stopped", "Writing stopped"
        UNCOLLECTABLE = "uncollectable", "Cannot be collected"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="handovers")
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)  # of its items, as proposed
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(max_length=250)
    recipient = models.CharField(max_length=200, blank=True, default="", db_default="")  # the agency or law firm
    proposed_on = models.DateField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approval = models.ForeignKey(  # the write-off's own request, which moves the money
        Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_over_on = models.DateField(null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="", db_default="")
    end_note = models.CharField(max_length=250, blank=True, default="", db_default="")
    # Since when a bundle is asked for that nobody has put together yet; the sweep looks for it.
    bundle_wanted_at = models.DateTimeField(null=True, blank=True)
    bundle_problem = models.CharField(max_length=250, blank=True, default="", db_default="")

    OPEN_STATES = (State.PROPOSED, State.APPROVED, State.HANDED_OVER)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="handover_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "approved", "handed_over", "returned", "closed"]),
                name="handover_state_known",
            ),
            models.UniqueConstraint(
                fields=["customer", "currency"],
                condition=Q(state__in=["proposed", "approved", "handed_over"]),
                name="handover_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="handover_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_over")
                | Q(handed_over_on__isnull=False, handed_over_by__isnull=False, approved_by__isnull=False),
                name="handover_only_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["returned", "closed"], ended_on__isnull=False)
                | (~Q(state__in=["returned", "closed"]) & Q(ended_on__isnull=True)),
                name="handover_ended_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "state"], name="handover_by_entity_state"),
            models.Index(
                fields=["bundle_wanted_at"], condition=Q(bundle_wanted_at__isnull=False), name="handover_bundle_wanted"
            ),
        ]
        triggers = append_only(update_when=_ENDED, but=["bundle_wanted_at", "bundle_problem"])

    def __str__(self) -> str:
        return f"{self.kind} of {self.amount} {self.currency}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether something can still happen with it."""
        return self.state in self.OPEN_STATES


class HandoverItem(models.Model):
    """One invoice, or one instalment, of a handover, with what was open of it when it was proposed."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="items")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="handover_items")
    instalment = models.ForeignKey(Instalment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    hold = models.ForeignKey(  # what keeps reminders away while it is handed over
        InvoiceHold, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "invoice", "instalment"], nulls_distinct=False, name="handover_item_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="handover_item_amount_positive"),
        ]
        indexes = [models.Index(fields=["invoice"], name="handover_item_by_invoice")]
        triggers = append_only(update_when=pgtrigger.AnyChange(exclude=["hold"]))

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"


class EvidenceBundle(models.Model):
    """A bundle as it was made: its file, the SHA-256 of the file, and the digest at the end of its chain."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="bundles")
    file = models.FileField(upload_to="evidence/%Y/%m/")
    digest = models.CharField(max_length=64)
    head = models.CharField(max_length=64)  # of the last entry of the chain: printed, told to the recipient
    entries = models.PositiveIntegerField()
    size = models.BigIntegerField()  # bytes
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.entries} entries, {self.digest[:12]}"
