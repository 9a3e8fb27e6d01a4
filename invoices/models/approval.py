"""Four eyes: a posting over a limit waits here for a second person. It moves no money until it was approved."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, LegalEntity


class Approval(models.Model):
    """A write-off, settlement or adjustment that somebody asked for. `payload` is what will be posted, `digest` its
    fingerprint: what is posted is what was approved, and editing starts again."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Waits for approval"
        POSTED = "posted", "Approved and posted"
        REJECTED = "rejected", "Rejected"
        VOID = "void", "Edited or withdrawn"

    kind = models.CharField(max_length=24)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="approvals")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    reason = models.CharField(max_length=200)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="approval_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "posted", "rejected", "void"]), name="approval_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("requested_by"))),
                name="approval_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_at__isnull=True)
                | (~Q(state="requested") & Q(decided_at__isnull=False)),
                name="approval_decided_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["entity", "state"], name="approval_by_entity_state")]
        # A decided request never changes; a waiting one may only be decided, not rewritten.
        triggers = [
            *append_only(update_when=~pgtrigger.Q(old__state="requested")),
            pgtrigger.Protect(
                name="asked_for_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["state", "decided_by", "decided_at", "note"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.amount} {self.currency}: {self.state}"
