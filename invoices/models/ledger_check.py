"""What the nightly self-check of the books found (F15). Each look is a row; the latest one speaks for the books."""

from django.db import models
from django.db.models.functions import Now

from collections_app.audit.laws import append_only


class LedgerCheck(models.Model):
    """One look at the days up to `as_of`, inclusive. `findings` is a list of objects with "check", "day", "entity" (its
    code) and "sentence"; `ok` says that it is empty."""

    as_of = models.DateField()
    days = models.PositiveSmallIntegerField()
    ok = models.BooleanField()
    findings = models.JSONField(default=list)
    checked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ok=True, findings=[]) | (models.Q(ok=False) & ~models.Q(findings=[])),
                name="ledger_check_ok_without_findings",
            )
        ]
        indexes = [models.Index(fields=["-checked_at"], name="ledger_check_latest")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.as_of}: {'in order' if self.ok else f'{len(self.findings)} findings'}"
