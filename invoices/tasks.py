"""What beat starts in this app. A task finds what is due in the database and calls a service; it decides nothing."""

from celery import shared_task

from customers.queries.zones import business_days
from invoices.queries.aging_days import due_snapshots
from invoices.services.judge_promises import judge_promises
from invoices.services.settle_disputes import settle_disputes
from invoices.services.take_aging_snapshot import take_aging_snapshot


@shared_task(name="invoices.tasks.take_due_aging_snapshots")
def take_due_aging_snapshots() -> int:
    """How many rows were stored. Two beats at once store each day once; a day missed is stored by the next beat."""
    return sum(take_aging_snapshot(entity=entity, as_of=day) for entity, day in due_snapshots())


@shared_task(name="invoices.tasks.judge_due_promises")
def judge_due_promises() -> int:
    """How many promises were judged; disputes whose invoice is settled are closed on the way. Each zone has its day."""
    days = business_days()
    judged = sum(judge_promises(on=day, time_zone=zone).total for zone, day in days.items())
    if days:
        settle_disputes(on=min(days.values()))
    return judged
