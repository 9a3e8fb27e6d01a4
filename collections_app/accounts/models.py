"""The custom user and the team. Passwords, second factors and sessions are allauth's and Django's business."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from collections_app.accounts.roles import CAPABILITIES, ROLE_CHOICES, Capability, Role


class Team(models.Model):
    """People who work the same accounts. A legal entity belongs to one team; strangers to it see nothing of it."""

    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in, with one role, some teams, and how the pages should look."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "Follow the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", "Comfortable"
        COMPACT = "compact", "Compact"

    role = models.CharField(max_length=20, choices=ROLE_CHOICES, default=Role.VIEWER.value)
    teams = models.ManyToManyField(Team, related_name="members", blank=True)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density.choices, default=Density.COMFORTABLE)
    shortcuts_on = models.BooleanField(default=True)
    keys = models.JSONField(
        default=dict, blank=True, db_default={}
    )  # action code -> key, where it is not the usual one
    columns = models.JSONField(default=dict, blank=True, db_default={})  # list name -> columns shown, in order
    muted = models.JSONField(default=list, blank=True, db_default=[])  # kinds of notifications not wanted
    tour_done_at = models.DateTimeField(null=True, blank=True)
    tour_seen = models.JSONField(default=list, blank=True, db_default=[])  # codes of the stops that were visited

    class Meta:
        verbose_name = "user"
        verbose_name_plural = "users"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="user_role_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def may(self, capability: Capability) -> bool:
        """Whether this person has the capability. Superusers have all; a switched-off user has none."""
        if not self.is_active:
            return False
        return self.is_superuser or capability in CAPABILITIES[Role(self.role)]
