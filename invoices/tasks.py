"""What beat sets going in this app. A task finds what is due in the database and calls a service; it decides nothing."""

from celery import shared_task

from invoices.queries.aging_days import due_snapshots
from invoices.services.take_aging_snapshot import take_aging_snapshot


@shared_task(name="invoices.tasks.take_due_aging_snapshots")
def take_due_aging_snapshots() -> int:
    """How many rows were stored. Two beats at once store each day once; a day missed is stored by the next beat."""
    return sum(take_aging_snapshot(entity=entity, as_of=day) for entity, day in due_snapshots())
