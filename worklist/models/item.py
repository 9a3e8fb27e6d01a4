"""One customer on the list: the precomputed score with its named parts. Recomputed from facts; never a source."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from customers.models import Customer, LegalEntity
from worklist.models.strategy import StrategyVersion

# What stands on the list: what has a score, and what somebody put on top of it. Queries say it in the same words as the
# indexes, or these are of no use.
LISTED = Q(score__gt=0) | Q(pinned=True)


class WorklistItem(models.Model):
    """The rank of one customer as of `scored_on`. Amounts in `currency`, the currency of the customer's entity; where
    documents are in other currencies, the rate and its date are named in the part's sentence."""

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.PROTECT, related_name="worklist_item")
    # Copied at scoring, so that the list filters on one table: where the customer belongs, and the stage of dunning.
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    collector = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Whose list it is on today: the collector, or who stands in while that person is away.
    analyst = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    stage = models.CharField(max_length=10, blank=True)
    strategy_version = models.ForeignKey(StrategyVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    size_class = models.CharField(max_length=1, blank=True, db_default="")  # A, B or C by the strategy's thresholds
    minutes = models.PositiveSmallIntegerField(default=0, db_default=0)  # what the next step is expected to take
    for_today = models.BooleanField(default=True)  # False when there is nothing to do but to wait
    scored_on = models.DateField()
    scored_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    score = models.DecimalField(max_digits=19, decimal_places=4)
    rank = models.DecimalField(max_digits=19, decimal_places=4, default=0)  # the score in euros, to order by
    parts = models.JSONField(default=list)  # [{"name", "amount", "why"}], amounts as strings; they add up to the score
    why = models.CharField(max_length=300)
    next_step = models.CharField(max_length=30)
    next_step_text = models.CharField(max_length=120)
    overdue = models.DecimalField(max_digits=19, decimal_places=4)
    open_total = models.DecimalField(max_digits=19, decimal_places=4)
    disputed = models.DecimalField(max_digits=19, decimal_places=4)
    promised = models.DecimalField(max_digits=19, decimal_places=4)
    oldest_days = models.IntegerField()
    overdue_documents = models.IntegerField()
    last_contact_on = models.DateField(null=True, blank=True)
    last_contact_kind = models.CharField(max_length=30, blank=True)
    badges = models.JSONField(default=list)  # state codes to show, in order
    snoozed_until = models.DateField(null=True, blank=True)  # hidden before this day
    snooze_reason = models.CharField(max_length=200, blank=True)
    snoozed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    pinned = models.BooleanField(default=False, db_default=False)  # on top of the list until the end of that day:
    pinned_until = models.DateField(null=True, blank=True)
    pin_reason = models.CharField(max_length=200, blank=True, db_default="")
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    escalated = models.BooleanField(default=False, db_default=False)  # an escalation is open
    done_on = models.DateField(null=True, blank=True)  # worked on that day
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["-pinned", "-rank", "customer"], name="item_listed_by_place", condition=LISTED),
            models.Index(
                fields=["analyst", "entity"],
                include=["currency", "overdue", "for_today", "snoozed_until", "done_on", "score", "minutes"],
                name="item_listed_by_analyst",
                condition=LISTED,
            ),
            # What was done on a day, also where acting brought the score to zero.
            models.Index(
                fields=["done_on", "analyst"],
                include=["entity", "currency", "overdue", "minutes"],
                name="item_done_by_analyst",
                condition=Q(done_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.score} {self.currency}"
