"""Whether a provider answers: one row per way to reach people, shared by all workers. `customers.rules` decides."""

from django.db import models


class ProviderCircuit(models.Model):
    """A circuit breaker. `open_until` set: nothing is handed to the provider; then one message tries it."""

    provider = models.CharField(max_length=40, primary_key=True)  # a channel's code
    failures = models.PositiveIntegerField(default=0, db_default=0)  # in a row
    opened = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often in a row, for longer and longer
    away_since = models.DateTimeField(null=True, blank=True)  # the first failure of the row
    open_until = models.DateTimeField(null=True, blank=True)
    trying_until = models.DateTimeField(null=True, blank=True)  # a worker tries with one message
    last_problem = models.CharField(max_length=300, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.provider}: {'open' if self.open_until else 'closed'}"
