"""Which offers of payment plans are for a segment. Reads only."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from customers.queries.segment_uses import SegmentUse
from invoices.models import PlanTemplate


def plan_templates_of(segment_ids: Collection[int]) -> Iterable[SegmentUse]:
    """The plan templates for these segments; one statement."""
    rows = PlanTemplate.objects.filter(segment__in=segment_ids).order_by("rank", "name")
    for row in rows:
        yield SegmentUse(row.segment_id or 0, _("Plan template"), row.name, "", row.entity_id, row.is_active)
