"""Which policies are for a segment. Reads only."""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.queries.segment_uses import SegmentUse
from dunning.models import Policy


def policies_of_segments(segment_ids: Collection[int]) -> Iterable[SegmentUse]:
    """The policies for these segments; one statement."""
    rows = (
        Policy.objects.filter(segment__in=segment_ids).select_related("entity").order_by("entity__code", "rank", "pk")
    )
    for row in rows:
        url = reverse("dunning_policy", args=[row.pk])
        name = f"{row.name}, {row.entity.name}"
        yield SegmentUse(row.segment_id or 0, _("Dunning policy"), name, url, row.entity_id, row.is_active)
