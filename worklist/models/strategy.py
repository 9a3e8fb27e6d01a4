"""Strategies of the worklist: what a manager may change about the order, in versions (F17).

A rule is data of the shape that `worklist.rules.strategy` checks. A version that was ever active is not changed
any more; a change makes a new one, which is a draft until somebody activates it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import LegalEntity, Segment


class Strategy(models.Model):
    """For whom an order holds. Of the active ones that fit a customer, the one with the lowest `rank` counts."""

    name = models.CharField(max_length=100, unique=True)
    entity = models.ForeignKey(LegalEntity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["rank", "name"]
        verbose_name_plural = "strategies"

    def __str__(self) -> str:
        return self.name


class StrategyVersion(models.Model):
    """One state of a strategy's rule. `findings` are the results of its preview and back-test, as shown."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Replaced"

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rule = models.JSONField(default=dict)
    note = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    findings = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="strategy_version_numbered"),
            models.UniqueConstraint(
                fields=["strategy"], condition=Q(state="active"), name="strategy_one_active_version"
            ),
        ]
        triggers = append_only(
            update_when=pgtrigger.Q(old__state__in=["active", "retired"]),
            delete_when=pgtrigger.Q(old__state__in=["active", "retired"]),
            but=("state", "findings"),
        )

    def __str__(self) -> str:
        return f"{self.strategy} {self.number}"
