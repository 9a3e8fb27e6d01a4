"""People at a customer, and whether mail still reaches them."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now

from customers.models.customer import Customer


def digits_of(column: str) -> models.Func:
    """The digits of a telephone number in that column, as an expression the search's indexes know."""
    return models.Func(
        models.F(column), models.Value("[^0-9]"), models.Value(""), models.Value("g"), function="regexp_replace",
        output_field=models.TextField(),
    )  # fmt: skip


class Contact(models.Model):
    """A person or mailbox we write to or call."""

    class Part(models.TextChoices):
        PAYABLES = "payables", "Accounts payable"
        BUYER = "buyer", "Buyer"
        CFO = "cfo", "Finance lead"
        ESCALATION = "escalation", "Escalation"

    class Health(models.TextChoices):
        OK = "ok", "Reachable"
        BOUNCED = "bounced", "Mail bounced"
        COMPLAINED = "complained", "Complained"
        LEFT = "left", "Left the company"
        WRONG = "wrong", "Wrong person"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=150)
    part = models.CharField(max_length=12, choices=Part.choices, default=Part.PAYABLES)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    mobile = models.CharField(max_length=40, blank=True, default="", db_default="")  # for text messages
    preferred_channel = models.CharField(max_length=20, blank=True, default="", db_default="")  # an adapter's code
    language = models.CharField(max_length=10, blank=True)  # empty: the customer's (R18)
    health = models.CharField(max_length=12, choices=Health.choices, default=Health.OK)
    is_primary = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(is_primary=True), name="contact_one_primary"
            ),
            models.CheckConstraint(
                condition=models.Q(health__in=["ok", "bounced", "complained", "left", "wrong"]),
                name="contact_health_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["email"], name="contact_by_email"),
            # For the search: any part of an address, and of a telephone number whatever stands between its digits.
            GinIndex(fields=["email"], name="contact_email_search", opclasses=["gin_trgm_ops"]),
            GinIndex(OpClass(digits_of("phone"), "gin_trgm_ops"), name="contact_phone_search"),
            GinIndex(OpClass(digits_of("mobile"), "gin_trgm_ops"), name="contact_mobile_search"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.email else self.name
