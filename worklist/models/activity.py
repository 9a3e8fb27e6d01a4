"""What an analyst did or noted: calls, notes, mails outside a run. Part of the timeline; undone, never deleted."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from customers.models import Attachment, Contact, Customer


class Activity(models.Model):
    """One call, note or other thing done about a customer on a business day."""

    class Kind(models.TextChoices):
        CALL = "call", "Call"
        NOTE = "note", "Note"
        MAIL = "mail", "E-mail"
        SNOOZE = "snooze", "Snooze"
        ASSIGN = "assign", "Assignment"
        PIN = "pin", "Pin"
        ESCALATION = "escalation", "Escalation"

    class Outcome(models.TextChoices):
        REACHED = "reached", "Reached"
        NO_ANSWER = "no_answer", "No answer"
        VOICEMAIL = "voicemail", "Left a message"
        CALL_BACK = "call_back", "Will call back"
        WRONG_NUMBER = "wrong_number", "Wrong number"
        REFUSED = "refused", "Refuses to pay"
        NONE = "", "—"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="activities")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentions", blank=True)
    happened_on = models.DateField()
    at = models.DateTimeField(db_default=Now())
    follow_up_on = models.DateField(null=True, blank=True)
    follow_up_done_on = models.DateField(null=True, blank=True)
    follow_up_done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The note that this one says better. Notes are never changed: the newer one counts, both stay readable.
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    pinned = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["customer", "-at"], name="activity_by_customer"),
            models.Index(
                fields=["follow_up_on", "id"],
                condition=models.Q(follow_up_on__isnull=False, follow_up_done_on__isnull=True, undone_at__isnull=True),
                name="activity_follow_up_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.happened_on}"


class NoteFile(models.Model):
    """A file kept with a note or call."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "attachment"], name="note_file_once")]

    def __str__(self) -> str:
        return f"{self.attachment_id} of {self.activity_id}"
