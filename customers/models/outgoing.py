"""The gate that every outgoing message passes: the kill switch, the test mode, the allow-list (O17), how old data
may be before reminders wait, and the record of who was contacted when. Deciding is `customers.rules`' and
the services'."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models.contact import Contact
from customers.models.customer import Customer

# What is over the budget is not kept, and whoever asked for it sees that it is missing. One lock for all: of two
# workers that write to the same person the second sees what the first has reserved.
# What was written to a customer that was merged into this one since was written to the same account.
_WITHIN_BUDGET = """
    account := ARRAY(SELECT id FROM customers_customer WHERE id = NEW.customer_id OR merged_into_id = NEW.customer_id);
    PERFORM pg_advisory_xact_lock(hashtext('customers_contacttouch'));
    IF EXISTS (
        SELECT 1 FROM customers_contacttouch t
        WHERE t.customer_id = ANY(account) AND t.released_at IS NULL AND t."on" = NEW."on"
        AND t.source <> NEW.source AND (t.address = NEW.address OR t.contact_id = NEW.contact_id))
    OR (
        SELECT count(DISTINCT t.source) FROM customers_contacttouch t
        WHERE t.customer_id = ANY(account) AND t.released_at IS NULL AND t."on" > NEW."on" - 7
        AND t."on" <= NEW."on" AND t.source <> NEW.source
        AND (t.address = NEW.address OR t.contact_id = NEW.contact_id)
    ) >= COALESCE((SELECT contacts_per_week FROM customers_outgoingrules WHERE id = 1), 7) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
"""


class OutgoingRules(models.Model):
    """One row: what may leave the house. Without a row everything may."""

    stopped_at = models.DateTimeField(null=True, blank=True)  # the kill switch: since then nothing leaves
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    stopped_why = models.CharField(max_length=200, blank=True, default="")
    test_address = models.EmailField(blank=True, default="")  # test mode: every mail goes there instead
    # Addresses ("ann@example.com") and domains ("example.com") that may be written to; empty: all.
    allowed = ArrayField(models.CharField(max_length=254), default=list, db_default=[], blank=True)
    bank_days = models.PositiveSmallIntegerField(null=True, blank=True)  # bank data older than that holds reminders
    invoice_days = models.PositiveSmallIntegerField(null=True, blank=True)  # the same for invoices from imports
    contacts_per_week = models.PositiveSmallIntegerField(default=7)  # per contact, over all channels (F28, L8)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="outgoing_rules_one_row")]

    def __str__(self) -> str:
        return "stopped" if self.stopped_at else "running"


class ContactTouch(models.Model):
    """One contact with one address of a customer on a day of the customer's calendar, by hand or by itself.

    `address` is what was used, in lower case: a mailbox, a telephone number, or "customer:17" for letters and the
    portal. For each customer the database allows one automatic touch per address, per person and day, over all channels
    and beside those by hand (D41), and so many in seven days as the rules say; one that came to nothing is released.
    Customers that share a mailbox, such as a shared service centre, have a budget each: nobody starves."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="touches")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(max_length=254)
    on = models.DateField()
    channel = models.CharField(max_length=20)
    automatic = models.BooleanField()
    source = models.CharField(max_length=60)  # "run:3:17", "activity:4": what it came from, once
    released_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "contact touches"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "address", "on"],
                condition=Q(automatic=True, released_at__isnull=True),
                name="touch_one_automatic_per_day",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(released_at__isnull=True), name="touch_once_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["address", "on"], name="touch_by_address"),
            models.Index(fields=["customer", "-on"], name="touch_by_customer"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_budget",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__automatic=True),
                declare=[("account", "BIGINT[]")],
                func=_WITHIN_BUDGET,
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.address} on {self.on}"
