"""Which customers' scores are out of date. Reads only."""

from datetime import date, datetime

from django.db.models import Q

from customers.models import Customer, LegalEntity
from customers.queries.clock import business_day


def due_customers(*, before: datetime) -> dict[date, list[int]]:
    """Per business day the customers to score: never scored, scored for another day, or scored before that instant."""
    due: dict[date, list[int]] = {}
    for entity in LegalEntity.objects.all():
        day = business_day(entity)
        stale = Q(worklist_item=None) | ~Q(worklist_item__scored_on=day) | Q(worklist_item__scored_at__lt=before)
        found = Customer.objects.filter(stale, entity=entity).order_by("pk").values_list("pk", flat=True)
        due.setdefault(day, []).extend(found)
    return {day: ids for day, ids in due.items() if ids}


def days_of(customer_ids: frozenset[int]) -> dict[date, list[int]]:
    """Per business day of their entities these customers."""
    days: dict[date, list[int]] = {}
    customers = Customer.objects.filter(pk__in=customer_ids).select_related("entity").only("pk", "entity")
    known: dict[int, date] = {}
    for customer in customers:
        day = known.setdefault(customer.entity_id, business_day(customer.entity))
        days.setdefault(day, []).append(customer.pk)
    return days
