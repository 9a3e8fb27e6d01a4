"""The words of a notice, per stage and language, versioned. Placeholders are allow-listed in `dunning.rules`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class NoticeTemplate(models.Model):
    """Subject and body for one stage, channel kind and language. A change is a new version; old ones stay."""

    class Stage(models.TextChoices):
        PREVENTIVE = "preventive", "Preventive"
        EARLY = "early", "Early"
        LATE = "late", "Late"
        FINAL = "final", "Final"
        APOLOGY = "apology", "Apology"  # takes a wrong batch back; no step has it

    key = models.CharField(
        max_length=40, blank=True, default="", db_default=""
    )  # a step may ask for it; empty: the stage's
    stage = models.CharField(max_length=10, choices=Stage.choices)
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "stage", "channel", "language", "version"], name="template_version_once"
            ),
            models.UniqueConstraint(
                fields=["key", "stage", "channel", "language"],
                condition=Q(is_current=True),
                name="template_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.channel} {self.language} v{self.version}"


class AddressMode(models.Model):
    """How customers are addressed in a language that has two ways; without a row politely."""

    language = models.CharField(max_length=10, primary_key=True)
    informal = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.language}: {'informal' if self.informal else 'formal'}"
