"""A list with its filters under a name of its own, for one person or the whole team (U13)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.accounts.models import Team


class SavedView(models.Model):
    """The query of one list's address, named. Shared ones are seen by the team, and changed by their owner only."""

    class List(models.TextChoices):
        WORKLIST = "worklist", "Worklist"
        ACCOUNTS = "accounts", "Accounts"
        INVOICES = "invoices", "Invoices"
        DISPUTES = "disputes", "Disputes"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    shown_on = models.CharField(max_length=10, choices=List.choices, default=List.WORKLIST)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")  # shared with
    is_pinned = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-is_pinned", "name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "shown_on", "name"], name="saved_view_named_once"),
            models.UniqueConstraint(
                fields=["owner", "shown_on"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
