"""Finds who belongs to each segment, from facts of the day, and writes who came and who left. By set."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from django.db import connection, transaction
from psycopg2.extras import execute_values

from collections_app.lib.errors import BadInput
from customers.changes import announce
from customers.models import Segment, SegmentMember
from customers.rules.segments import Rule, read_rule
from invoices.queries.segment_facts import SegmentFactsReader, customer_chunks
from invoices.queries.segment_members import members_by_rule

log = structlog.get_logger("collections.segments")

_PAGE = 5000
Pair = tuple[int, int]  # segment, customer


@dataclass(frozen=True, slots=True)
class JudgedSegments:
    """How many customers came into a segment, and how many left one."""

    entered: int = 0
    left: int = 0


def judge_segments(*, on: date, segment_ids: Collection[int] | None = None) -> JudgedSegments:
    """Who came and who left on the day `on`: of all segments, or of these.

    A segment that is switched off has no members from then on; one whose stored rule is none is passed over, keeps its
    members, and says so on its page. Works through customers in chunks, each in its own
    transaction; running twice at once or again changes nothing."""
    wanted = Segment.objects.all() if segment_ids is None else Segment.objects.filter(pk__in=segment_ids)
    read = {row.pk: _rules(row) for row in wanted.order_by("pk")}
    ids = [pk for pk, found in read.items() if found is not None]
    if not ids:
        return JudgedSegments()
    rules = [(pk, rule) for pk, found in read.items() for rule in found or ()]
    reader = SegmentFactsReader(on)
    entered = left = 0
    for chunk in customer_chunks():
        came, went = _judge_chunk(reader, ids, rules, chunk, on)
        entered, left = entered + came, left + went
    left += _close_merged(ids, on)
    Segment.objects.filter(pk__in=ids).update(judged_on=on)
    return JudgedSegments(entered, left)


def _rules(segment: Segment) -> list[Rule] | None:
    """The segment's rule; empty when it is switched off, None when what is stored is no rule."""
    if not segment.is_active:
        return []
    try:
        return [read_rule(segment.rule)]
    except BadInput:
        log.warning("segment_without_rule", segment=segment.code)
        return None


@transaction.atomic
def _judge_chunk(
    reader: SegmentFactsReader, ids: list[int], rules: Sequence[tuple[int, Rule]], chunk: list[int], on: date
) -> tuple[int, int]:
    fit = members_by_rule(reader, rules, chunk)
    rows = SegmentMember.objects.filter(segment__in=ids, customer__in=chunk, until=None)
    now = set(rows.values_list("segment_id", "customer_id"))
    came, went = fit - now, now - fit
    _enter(came, on)
    _leave(went, on)
    announce({customer for _, customer in came | went})
    return len(came), len(went)


def _enter(pairs: Collection[Pair], on: date) -> None:
    if not pairs:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "INSERT INTO customers_segmentmember (segment_id, customer_id, since) VALUES %s"
            " ON CONFLICT (segment_id, customer_id) WHERE until IS NULL DO NOTHING",
            [(segment, customer, on) for segment, customer in sorted(pairs)],
            template="(%s, %s, %s::date)",
            page_size=_PAGE,
        )


def _leave(pairs: Iterable[Pair], on: date) -> None:
    """Closes memberships; one that began the same day is taken out, for it lasted no day."""
    rows = sorted(pairs)
    if not rows:
        return
    named = "FROM (VALUES %s) AS v (segment_id, customer_id, on_day) WHERE m.segment_id = v.segment_id"
    same = "AND m.customer_id = v.customer_id AND m.until IS NULL"
    values = [(segment, customer, on) for segment, customer in rows]
    with connection.cursor() as cursor:
        for sql in (
            f"UPDATE customers_segmentmember m SET until = v.on_day {named} {same} AND m.since < v.on_day",  # noqa: S608
            f"DELETE FROM customers_segmentmember m USING {named.removeprefix('FROM ')} {same}",  # noqa: S608
        ):
            execute_values(cursor.cursor, sql, values, template="(%s, %s, %s::date)", page_size=_PAGE)


def _close_merged(ids: Collection[int], on: date) -> int:
    """Customers that were merged into another account belong to nothing of their own."""
    rows = SegmentMember.objects.filter(segment__in=ids, until=None, customer__merged_into__isnull=False)
    pairs = set(rows.values_list("segment_id", "customer_id"))
    _leave(pairs, on)
    return len(pairs)
