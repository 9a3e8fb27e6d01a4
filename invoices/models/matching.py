"""What we think a bank line is, what was posted for it, and what earlier matches and payers' advices taught us."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import no_truncate
from customers.models import Customer
from invoices.models.adjustment import Adjustment
from invoices.models.bank import BankLine
from invoices.models.payment import Payment
from invoices.models.posting_law import POSTING_LAW
from invoices.models.refund import Refund


class MatchSuggestion(models.Model):
    """One possible match of a line, rank 1 first. `shares` lists invoice, instalment or null, and amount; `rest` stays
    unapplied; `short` is what the line lacks, as `short_kind` says. `reasons` are the named points that make up
    `score`, each with its sentence. Suggestions are made anew at will; they post nothing."""

    line = models.ForeignKey(BankLine, on_delete=models.CASCADE, related_name="suggestions")
    rank = models.PositiveSmallIntegerField()
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    is_certain = models.BooleanField(default=False)
    shares = models.JSONField()
    rest = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    short = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    short_kind = models.CharField(max_length=24, blank=True, db_default="")
    reasons = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "rank"], name="match_suggestion_rank_once"),
            models.CheckConstraint(condition=Q(score__lte=100), name="match_suggestion_score_of_hundred"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.score} points"


_FACTS = ("line", "payment", "refund", "score", "reasons", "by_itself", "posted_by", "posted_at")


class BankPosting(models.Model):
    """What was posted for a line, or for a part of it: a payment, or for money that went out the refund or return.

    Undoing a match leaves the row and names who undid it; the money was then taken off the customer again."""

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="postings")
    payment = models.OneToOneField(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="bank_posting"
    )
    refund = models.OneToOneField(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="bank_posting")
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons = models.JSONField(default=list)
    by_itself = models.BooleanField(default=False)
    adjustments = models.ManyToManyField(Adjustment, blank=True, related_name="+")  # posted along, undone along
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    posted_at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, refund__isnull=True) | Q(payment__isnull=True, refund__isnull=False),
                name="bank_posting_of_one_row",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="facts_stay", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*_FACTS)),
            pgtrigger.Protect(
                name="undone_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__undone_at__isnull=False)
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            no_truncate(),
            pgtrigger.Trigger(
                name="posting_law",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                declare=[("offender", "bigint")],
                func=POSTING_LAW,
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.line_id}"


class PayerAlias(models.Model):
    """An account or name that paid for this customer before: `times` confirmed matches, the last on `last_on`."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", "Bank account"
        NAME = "name", "Name"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payer_aliases")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=200)  # an account without blanks, or a name as the matching rules fold it
    times = models.PositiveIntegerField(default=1)
    last_on = models.DateField()

    class Meta:
        verbose_name_plural = "payer aliases"
        constraints = [models.UniqueConstraint(fields=["kind", "value", "customer"], name="payer_alias_once")]

    def __str__(self) -> str:
        return self.value


class RemittanceAdvice(models.Model):
    """What a payer says a payment is for. `problems` lists the places of the file that could not be read."""

    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="remittance_advices"
    )
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    currency = models.CharField(max_length=3, blank=True, db_default="")
    total = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    problems = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class RemittanceItem(models.Model):
    """One document that an advice names: what was paid for it, and what was kept back with the payer's words why."""

    advice = models.ForeignKey(RemittanceAdvice, on_delete=models.CASCADE, related_name="items")
    position = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    deduction = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    text = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["number"], name="remittance_item_by_number")]

    def __str__(self) -> str:
        return self.number
