"""Who belongs to segments: by the rule, today and so far; and who would come and go with another rule. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet

from customers.models import Customer, Segment, SegmentMember
from customers.rules.segments import Rule, belongs
from invoices.queries.segment_facts import SegmentFactsReader, customer_chunks

SHOWN = 20
DAYS = 60  # of movements shown
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Moved:
    """The open balance of those who would come in and of those who would leave, in one currency."""

    currency: str
    entering: Decimal = ZERO
    leaving: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class MovedDay:
    """How many customers came into a segment on a day, and how many left it."""

    on: date
    came: int
    left: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would come into a segment and who would leave it; some of each among those the reader may see."""

    entering: int
    leaving: int
    staying: int
    money: Sequence[Moved]
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
    """What the rule would change on the day; None is a segment that is switched off. Names and money are those of
    `visible`."""
    now = set(SegmentMember.objects.filter(segment=segment_id, until=None).values_list("customer_id", flat=True))
    mine = set(visible.values_list("pk", flat=True))
    fit: set[int] = set()
    came: dict[str, Decimal] = {}
    went: dict[str, Decimal] = {}
    reader = SegmentFactsReader(on)
    for chunk in customer_chunks():
        for facts in reader.read(chunk):
            inside = rule is not None and belongs(rule, facts)
            if inside:
                fit.add(facts.customer_id)
            if inside != (facts.customer_id in now) and facts.customer_id in mine:
                sums = came if inside else went
                sums[facts.base] = sums.get(facts.base, ZERO) + (facts.open_balance or ZERO)
    money = [Moved(code, came.get(code, ZERO), went.get(code, ZERO)) for code in sorted(came.keys() | went.keys())]
    return Preview(
        len(fit - now), len(now - fit), len(now & fit), money, _some(visible, fit - now), _some(visible, now - fit)
    )


def moves_by_day(segment: Segment, visible: QuerySet[Customer]) -> list[MovedDay]:
    """The latest days on which some of these customers came or left, newest first; two statements."""
    rows = SegmentMember.objects.filter(segment=segment, customer__in=visible)
    came = dict(rows.values_list("since").annotate(Count("pk")).order_by("-since")[:DAYS])
    left = dict(rows.exclude(until=None).values_list("until").annotate(Count("pk")).order_by("-until")[:DAYS])
    days = sorted(came.keys() | left.keys(), reverse=True)[:DAYS]
    return [MovedDay(day, came.get(day, 0), left.get(day, 0)) for day in days]


def segments_of(customer: Customer) -> QuerySet[SegmentMember]:
    """The segments the customer is or was in, those of today first, then the latest."""
    rows = SegmentMember.objects.filter(customer=customer).select_related("segment")
    return rows.order_by(F("until").desc(nulls_first=True), "segment__rank", "-since", "-pk")


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
