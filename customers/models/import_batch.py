"""One uploaded file on its way into the ledger: what was found, what was written, what was refused."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from customers.models.entity import LegalEntity


class ImportBatch(models.Model):
    """An import from upload to commit. Nothing of it reaches the ledger before it is confirmed."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        CHECKED = "checked", "Checked"
        IMPORTED = "imported", "Imported"
        REFUSED = "refused", "Refused"

    entity = models.ForeignKey(LegalEntity, null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file's bytes
    source = models.CharField(max_length=40, blank=True)  # the adapter's code
    options = models.JSONField(default=dict)  # mapping, delimiter, encoding, date order, decimal mark
    report = models.JSONField(default=dict)  # counts, control totals, grouped errors
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"
