"""Audit rows and the seals that chain them. Rows are written by `record`, never changed and never deleted."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from collections_app.audit.laws import append_only


class AuditEntry(models.Model):
    """One thing that was done: who, when, what, to which row. `digest` covers every other column."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=150)  # the name at that time, or the job's name
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["customer_id", "-at"], name="audit_by_customer"),
            models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class AuditSeal(models.Model):
    """A batch of entries sealed onto the chain: its digest covers the previous seal's and those of its entries.

    Entries are sealed a moment after their transaction, so that the chain never makes writers wait for each other."""

    number = models.BigIntegerField(unique=True)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"seal {self.number}"


class SealedEntry(models.Model):
    """Which entry lies under which seal, with the digest it had then, so that a later change names its row."""

    entry = models.OneToOneField(AuditEntry, primary_key=True, on_delete=models.PROTECT, related_name="sealed")
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="entries")
    entry_digest = models.CharField(max_length=64)

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"entry {self.entry_id} under seal {self.seal_id}"
