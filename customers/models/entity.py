"""The legal entity that sells and is owed. Its calendar and time zone decide what day it is."""

from django.db import models

from collections_app.accounts.models import Team


class LegalEntity(models.Model):
    """A company of ours: its name on letters, its bank account, its calendar."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="entities")
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    holiday_region = models.CharField(max_length=10)
    time_zone = models.CharField(max_length=64)
    language = models.CharField(max_length=10, default="en")
    address = models.TextField(blank=True)
    vat_id = models.CharField(max_length=30, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    bank_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)  # the sender and reply address of its mails
    phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)

    class Meta:
        verbose_name_plural = "legal entities"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
