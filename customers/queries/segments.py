"""Which segment a customer is in, as one expression for any list of customers. Reads only."""

from django.db.models import OuterRef, QuerySet, Subquery

from customers.models import Customer, SegmentMember


def with_first_segment(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The customers, each with `first_segment`: of the active segments it is in today the first by rank, or None."""
    return customers.annotate(first_segment=_first_segment())


def in_first_segment(customers: QuerySet[Customer], segment_id: int | None) -> QuerySet[Customer]:
    """Those of the customers whose first segment is this one, or that are in none for None."""
    return customers.annotate(first_segment=_first_segment()).filter(first_segment=segment_id)


def in_segment(customers: QuerySet[Customer], code: str) -> QuerySet[Customer]:
    """Those of the customers that are in the segment of that code today, whatever its rank."""
    inside = SegmentMember.objects.filter(segment__code=code, until=None).values("customer")
    return customers.filter(pk__in=inside)


def _first_segment() -> Subquery:
    rows = SegmentMember.objects.filter(customer=OuterRef("pk"), until=None, segment__is_active=True)
    return Subquery(rows.order_by("segment__rank", "segment__code").values("segment")[:1])
