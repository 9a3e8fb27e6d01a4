"""What the banks say: accounts, files, statements and lines. What a line says never changes, what we did about it
does."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import no_truncate
from customers.models import LegalEntity


class BankAccount(models.Model):
    """An account of a legal entity. `identification` is its IBAN without blanks, or its number as the bank writes it.

    With `post_certain`, matches of `certain_from` points or more post by themselves; all others wait for a person."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="bank_accounts")
    identification = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=100, blank=True, db_default="")
    post_certain = models.BooleanField(default=True)
    certain_from = models.PositiveSmallIntegerField(default=90)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identification", "currency"], name="bank_account_once"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="bank_account_currency_code"),
            models.CheckConstraint(
                condition=Q(certain_from__gte=50, certain_from__lte=100), name="bank_account_certain_is_strong"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.identification


class BankFile(models.Model):
    """One uploaded file, kept as it came. `problems` lists the places that could not be read: position and sentence.

    A file that leaves a question open waits with what it `asked`: fields with a sentence each, and unknown accounts.
    `answers` is what a person said."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waits to be read"
        ASKING = "asking", "Asks a question"
        READ = "read", "Read"
        REFUSED = "refused", "Refused"

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    size = models.PositiveIntegerField()
    content = models.FileField(upload_to="bank/%Y/%m/", blank=True)
    format = models.CharField(max_length=60, blank=True, db_default="")
    state = models.CharField(max_length=8, choices=State.choices)
    refusal = models.CharField(max_length=500, blank=True, db_default="")
    problems = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    asked = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    answers = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    lines_added = models.PositiveIntegerField(default=0)
    lines_known = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["digest"], name="bank_file_by_digest"),
            models.Index(fields=["state"], condition=Q(state="queued"), name="bank_file_queued"),
        ]

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """One statement of a file. Balances are signed; None where the file states none. `difference` is closing less
    opening less its entries: anything but 0 or None means that entries are missing."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="statements")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    number = models.CharField(max_length=64, blank=True, db_default="")
    opening = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    closing = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    difference = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-closed_on"], name="bank_statement_by_account")]

    def __str__(self) -> str:
        return self.number or str(self.pk)


_FACTS = (
    "account", "statement", "position", "booked_on", "value_on", "amount", "currency", "counterparty_name",
    "counterparty_account", "reference", "text", "end_to_end_id", "bank_reference", "is_reversal", "fingerprint",
    "occurrence",
)  # fmt: skip


class BankLine(models.Model):
    """One movement. `amount` is signed, never 0: positive came in. The same movement in another file has the same
    `fingerprint`; two genuine payments that look alike differ in `occurrence`, counted per file from 1 (D71)."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        POSTED = "posted", "Posted"
        PARKED = "parked", "Parked"
        IGNORED = "ignored", "Not receivables"

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="lines")
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    position = models.CharField(max_length=80)
    booked_on = models.DateField()
    value_on = models.DateField()
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    currency = models.CharField(max_length=3)
    counterparty_name = models.CharField(max_length=200, blank=True, db_default="")
    counterparty_account = models.CharField(max_length=64, blank=True, db_default="")
    reference = models.CharField(max_length=140, blank=True, db_default="")
    text = models.TextField(blank=True, db_default="")
    end_to_end_id = models.CharField(max_length=140, blank=True, db_default="")
    bank_reference = models.CharField(max_length=140, blank=True, db_default="")
    is_reversal = models.BooleanField(default=False, db_default=False)
    fingerprint = models.CharField(max_length=64)
    occurrence = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_default=State.WAITING.value)
    note = models.CharField(max_length=200, blank=True, db_default="")  # why it was parked or is no receivable
    matched_at = models.DateTimeField(null=True, blank=True)  # when suggestions were last made; empty: they are due
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "fingerprint", "occurrence"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="bank_line_not_zero"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "posted", "parked", "ignored"]), name="bank_line_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "state", "-booked_on"], name="bank_line_inbox"),
            models.Index(fields=["matched_at"], condition=Q(state="waiting"), name="bank_line_to_match"),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_stay", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*_FACTS)),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.booked_on}"
