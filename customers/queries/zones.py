"""Which time zones customers live in, each with its business day. A day ends at different instants for them."""

from datetime import date

from customers.models import Customer, LegalEntity
from customers.queries.clock import business_day_in


def business_days() -> dict[str, date]:
    """Per time zone of any entity or customer the business day there."""
    zones = set(LegalEntity.objects.values_list("time_zone", flat=True).distinct())
    zones |= set(Customer.objects.exclude(time_zone="").order_by().values_list("time_zone", flat=True).distinct())
    return {zone: business_day_in(zone) for zone in sorted(zones)}
