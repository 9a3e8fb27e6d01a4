"""Who belongs to segments: by the rule, today and so far; and who would come and go with another rule. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from customers.models import Customer, Segment, SegmentMember
from customers.rules.segments import Rule, belongs
from invoices.queries.segment_facts import SegmentFactsReader, customer_chunks

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would come into a segment and who would leave it; some of each among those the reader may see."""

    entering: int
    leaving: int
    staying: int
    some_entering: Sequence[Customer]
    some_leaving: Sequence[Customer]


def members_by_rule(
    reader: SegmentFactsReader, rules: Sequence[tuple[int, Rule]], chunk: Sequence[int]
) -> set[tuple[int, int]]:
    """The (segment, customer) pairs of these customers that fit."""
    if not rules:
        return set()
    return {(pk, facts.customer_id) for facts in reader.read(chunk) for pk, rule in rules if belongs(rule, facts)}


def preview(rule: Rule | None, *, segment_id: int | None, on: date, visible: QuerySet[Customer]) -> Preview:
    """What the rule would change on the day; None is a segment that is switched off. Names come from `visible`."""
    now = set(SegmentMember.objects.filter(segment=segment_id, until=None).values_list("customer_id", flat=True))
    fit: set[int] = set()
    if rule is not None:
        reader = SegmentFactsReader(on)
        for chunk in customer_chunks():
            fit |= {customer for _, customer in members_by_rule(reader, [(0, rule)], chunk)}
    return Preview(len(fit - now), len(now - fit), len(now & fit), _some(visible, fit - now), _some(visible, now - fit))


def segments_due(on: date) -> list[int]:
    """The segments not judged yet on the day, or saved since."""
    rows = Segment.objects.filter(Q(judged_on=None) | Q(judged_on__lt=on)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def segments_with_counts(visible: QuerySet[Customer]) -> QuerySet[Segment]:
    """All segments in their order, each with `members`: how many of these customers it has today."""
    inside = Q(members__until=None, members__customer__in=visible)
    return Segment.objects.annotate(member_count=Count("members", filter=inside)).order_by("rank", "code")


def _some(visible: QuerySet[Customer], ids: Collection[int]) -> list[Customer]:
    return list(visible.filter(pk__in=list(ids)[:2000]).order_by("name")[:SHOWN])
