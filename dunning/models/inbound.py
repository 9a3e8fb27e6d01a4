"""What customers write to us: messages as they came, their files, and what the reading rules found in them.

A finding is only a proposal. A person confirms it, and the services below then do it; nothing here is ever acted on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Contact, Customer
from dunning.models.notice import Notice
from invoices.models import Dispute, DocumentMail


class InboundMessage(models.Model):
    """One mail as it was received. `account` names the door it came through; a second delivery there is the same one.

    `said` is what the writer newly wrote, without quoted mails and signatures: findings are places in it."""

    class Kind(models.TextChoices):
        PERSON = "person", "Written by a person"
        AUTO_REPLY = "auto_reply", "Automatic reply"
        BOUNCE = "bounce", "Could not be delivered"
        COMPLAINT = "complaint", "Marked as spam"
        UNREADABLE = "unreadable", "Could not be read"

    class ThreadedBy(models.TextChoices):
        REFERENCE = "reference", "Answers a message of ours"
        TOKEN = "token", "Sent to the address of a message of ours"
        SENDER = "sender", "Sent by a known contact"
        PERSON = "person", "Assigned by a person"
        NOBODY = "", "Not assigned"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"

    account = models.CharField(max_length=120)
    message_id = models.CharField(max_length=250)  # theirs, without angle brackets; "" when the mail has none
    content_digest = models.CharField(max_length=64)  # the same id with other words is another message
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_default="waiting")
    threaded_by = models.CharField(max_length=10, choices=ThreadedBy.choices, blank=True, default="", db_default="")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="inbound_messages"
    )
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    document_mail = models.ForeignKey(DocumentMail, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    own_message = models.ForeignKey(
        "dunning.OwnMessage", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    from_name = models.CharField(max_length=150, blank=True)
    from_address = models.CharField(max_length=254, blank=True)
    to_address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)  # all of it, HTML turned to text
    said = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)  # of `said`, as the rules took it
    note = models.CharField(max_length=250, blank=True)  # what was found out about it by itself: who bounced, and why
    raw = models.BinaryField()  # as received, headers first; cut where `raw_size` is larger
    raw_size = models.PositiveIntegerField()
    sent_at = models.DateTimeField(null=True, blank=True)  # as the mail claims
    received_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "message_id", "content_digest"], name="inbound_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True) | Q(state="done", settled_at__isnull=False),
                name="inbound_done_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], condition=Q(state="waiting"), name="inbound_waiting"),
            models.Index(fields=["customer", "-received_at"], name="inbound_by_customer"),
            models.Index(fields=["-received_at", "-id"], name="inbound_newest"),
        ]
        triggers = append_only(
            # What was written stays as it came; only what we made of it may change.
            but=[
                "state", "threaded_by", "customer", "contact", "notice", "document_mail", "own_message", "note",
                "language", "settled_at", "settled_by",
            ]
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject or 'Message'} from {self.from_address or 'nobody'}"


class InboundFile(models.Model):
    """A file that came with a message. Always listed; kept only when it is small enough."""

    message = models.ForeignKey(InboundMessage, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.FileField(upload_to="inbound/%Y/%m/", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="inbound_file_once")]

    def __str__(self) -> str:
        return self.name


class MessageProposal(models.Model):
    """One thing the rules read in a message, with the sentence it rests on, until a person confirms or dismisses it."""

    class Kind(models.TextChoices):
        PROMISE = "promise", "Promises to pay"
        DISPUTE = "dispute", "Disputes an invoice"
        ALREADY_PAID = "already_paid", "Says it is paid"
        OUT_OF_OFFICE = "out_of_office", "Is out of office"
        LEFT = "left", "Has left the company"
        WRONG_CONTACT = "wrong_contact", "Is the wrong contact"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CONFIRMED = "confirmed", "Confirmed"
        DISMISSED = "dismissed", "Dismissed"

    message = models.ForeignKey(InboundMessage, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_default="open")
    starts_at = models.PositiveIntegerField()  # of the sentence, in the message's `said`
    ends_at = models.PositiveIntegerField()
    day = models.DateField(null=True, blank=True)  # promised by, paid on, or away until (inclusive)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=20, blank=True)  # of a dispute
    reference = models.CharField(max_length=60, blank=True)  # of a payment
    name = models.CharField(max_length=150, blank=True)  # the person to write to instead
    email = models.CharField(max_length=254, blank=True)
    result = models.CharField(max_length=60, blank=True)  # "invoices.promise:17": what confirming made
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True, currency="") | Q(amount__gt=0) & ~Q(currency=""),
                name="proposal_amount_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | ~Q(state="open") & Q(decided_at__isnull=False),
                name="proposal_decided_has_a_moment",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="proposal_quotes_something"),
        ]
        indexes = [models.Index(fields=["message"], condition=Q(state="open"), name="proposal_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.state})"

    @property
    def reason_words(self) -> str:
        """The reason of a dispute as it is shown; "" for other kinds."""
        return str(Dispute.Reason(self.reason).label) if self.reason in Dispute.Reason.values else ""

    @property
    def sentence(self) -> str:
        """The words it rests on, as they were written."""
        return self.message.said[self.starts_at : self.ends_at]


class Mailbox(models.Model):
    """How far one mailbox was read. A server that numbers its mails anew says so by another `validity`."""

    account = models.CharField(max_length=120, unique=True)
    validity = models.CharField(max_length=40, blank=True, default="")
    last_uid = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True)  # a worker looks into it until then, at most
    problem = models.CharField(max_length=250, blank=True, default="")  # why the last look failed; "" when it did not

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.account
