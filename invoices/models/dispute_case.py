"""A dispute as people handle it: one matter that may touch several invoices, with an owner, a deadline and a history.

The amounts stand in `Dispute`, one row per invoice; whatever decides about money or reminders reads those. The case
holds who works on it, how far it is, what was said and shown, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Attachment, Customer
from invoices.models.approval import Approval
from invoices.models.dispute import Dispute


class DisputeCase(models.Model):
    """One matter of one customer. `reference` is what both sides call it; that of its first dispute."""

    class Stage(models.TextChoices):
        NEW = "new", "New"
        INVESTIGATING = "investigating", "Being looked into"
        COLLEAGUE = "colleague", "Waiting for a colleague"
        CUSTOMER = "customer", "Waiting for the customer"
        APPROVAL = "approval", "Waiting for a second person"
        CLOSED = "closed", "Closed"

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        CREDITED = "credited", "Credit note"
        ADJUSTED = "adjusted", "Adjusted"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SETTLED = "settled", "Paid"

    class RootCause(models.TextChoices):
        UNKNOWN = "", "Not known yet"
        PRICING = "pricing", "Price or discount wrong on the invoice"
        ORDER = "order", "Order taken down wrong"
        DELIVERY = "delivery", "Delivery late, short or missing"
        QUALITY = "quality", "Quality of goods or service"
        INVOICING = "invoicing", "Invoice wrong, late or sent to the wrong place"
        MASTER_DATA = "master_data", "Customer data or order number missing"
        CONTRACT = "contract", "Contract or agreement unclear"
        PAYMENT = "payment", "Payment not booked in time"
        CUSTOMER = "customer_error", "Mistake of the customer"
        UNFOUNDED = "unfounded", "No reason found"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="dispute_cases")
    reference = models.CharField(max_length=20, unique=True)
    reason = models.CharField(max_length=20, choices=Dispute.Reason.choices)
    root_cause = models.CharField(max_length=20, choices=RootCause.choices, blank=True, default="")
    currency = models.CharField(max_length=3)
    text = models.TextField(blank=True)
    via = models.CharField(max_length=14, choices=Dispute.Via.choices, default=Dispute.Via.ANALYST)
    stage = models.CharField(max_length=14, choices=Stage.choices, default=Stage.NEW)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="cases")
    opened_on = models.DateField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    resolution = models.TextField(blank=True)
    # The credit note or adjustment that waits for a second person, or that this case ended with.
    approval = models.ForeignKey(Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    version = models.PositiveIntegerField(default=1)  # every saved change raises it; two editors meet here (D87)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="closed", closed_on__isnull=False) | (~Q(stage="closed") & Q(closed_on__isnull=True)),
                name="dispute_case_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(stage="closed") & ~Q(outcome="") | ~Q(stage="closed") & Q(outcome=""),
                name="dispute_case_closed_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by", "id"], condition=~Q(stage="closed"), name="dispute_case_open"),
            models.Index(fields=["customer", "-opened_on"], name="dispute_case_by_customer"),
            models.Index(fields=["owner"], condition=~Q(stage="closed"), name="dispute_case_by_owner"),
        ]

    def __str__(self) -> str:
        return self.reference


class DisputeEvent(models.Model):
    """One thing that happened with a case: a stage, an answer, a file, a word. Never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        MOVED = "moved", "Moved"
        CHANGED = "changed", "Changed"
        COMMENT = "comment", "Comment"
        ASKED = "asked", "Asked a colleague"
        ANSWERED = "answered", "Answered"
        FILE = "file", "File added"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"

    case = models.ForeignKey(DisputeCase, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    stage = models.CharField(max_length=14, blank=True)  # the stage it led to
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)  # a colleague or payer without an account here
    on = models.DateField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="dispute_event_by_case")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"


class DisputeFile(models.Model):
    """A file kept with a case."""

    case = models.ForeignKey(DisputeCase, on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "attachment"], name="dispute_file_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.attachment_id} of {self.case_id}"


class DisputeQuestion(models.Model):
    """A question to a colleague without an account: a link with a token of which only the digest is kept."""

    case = models.ForeignKey(DisputeCase, on_delete=models.PROTECT, related_name="questions")
    token_digest = models.CharField(max_length=64, unique=True)
    to_name = models.CharField(max_length=120)
    to_email = models.EmailField()
    text = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-asked_at"], name="dispute_question_by_case")]

    def __str__(self) -> str:
        return f"question to {self.to_name}"
