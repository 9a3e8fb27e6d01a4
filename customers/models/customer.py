"""The customer: who owes us. Balances, overdue days and reliability are computed from the ledger, never stored here."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from customers.models.entity import LegalEntity
from customers.models.terms import PaymentTerms

# Whose account a document belongs to decides what may be paid with what: a merge is a row, never a column alone.
_AS_MERGED = """
    PERFORM 1 FROM customers_customermerge m WHERE m.absorbed_id = NEW.id AND m.survivor_id = NEW.merged_into_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'customer %: no merge puts it into the account of %', NEW.id, NEW.merged_into_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'customer_as_merged';
    END IF;
    RETURN NEW;
"""


class Customer(models.Model):
    """A debtor's account. `entity` is the legal entity that looks after it; documents name their own seller."""

    class Kind(models.TextChoices):
        BUSINESS = "business", "Business"
        CONSUMER = "consumer", "Consumer"
        PUBLIC = "public", "Public body"

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="customers")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BUSINESS)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10, blank=True)  # empty: the entity's
    country = models.CharField(max_length=2, blank=True)
    holiday_region = models.CharField(max_length=10, blank=True)  # empty: the country's, else the entity's
    time_zone = models.CharField(max_length=64, blank=True)  # empty: the entity's
    address = models.TextField(blank=True)
    vat_id = models.CharField(max_length=30, blank=True)
    terms = models.ForeignKey(PaymentTerms, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    credit_limit = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)  # in `currency`
    risk_class = models.CharField(max_length=20, blank=True)
    # Credit insurance: what is covered, in `currency`, and how many days after its due date an unpaid item has to be
    # reported to the insurer. Empty: not insured.
    insurer = models.CharField(max_length=100, blank=True, default="", db_default="")
    insured_amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    insurer_days = models.PositiveSmallIntegerField(null=True, blank=True)
    autopay = models.BooleanField(default=False)
    strategy = models.CharField(max_length=40, blank=True, default="", db_default="")  # prefers policies that carry it
    is_related_party = models.BooleanField(default=False)  # never dunned on any path (R21)
    collector = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="portfolio"
    )
    # The account this one was merged into, or none; always the last of a chain. CustomerMerge says since when.
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(credit_limit__isnull=True) | models.Q(credit_limit__gte=0),
                name="customer_credit_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(insured_amount__isnull=True) | models.Q(insured_amount__gte=0),
                name="customer_insured_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="customer_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="customer_not_merged_into_itself",
            ),
        ]
        indexes = [
            GinIndex(fields=["name"], name="customer_name_search", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["entity", "number"], name="customer_by_entity"),
            models.Index(fields=["collector"], name="customer_by_collector"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="as_merged",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__merged_into__df=pgtrigger.F("new__merged_into")),
                func=_AS_MERGED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"
