"""Which strategies, portfolios, playbooks and shared lists ask for a segment. Reads only."""

from collections.abc import Collection, Iterable
from urllib.parse import parse_qs

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from customers.models import Segment
from customers.queries.segment_uses import SegmentUse
from worklist.models import Playbook, Portfolio, SavedView, Strategy


def worklist_uses_of(segment_ids: Collection[int]) -> Iterable[SegmentUse]:
    """What of the worklist is for these segments; five statements. Lists that one person saved for themselves are not
    told: they are nobody else's business."""
    for strategy in Strategy.objects.filter(segment__in=segment_ids).order_by("rank", "name"):
        url = _url("strategy", strategy.pk)
        yield SegmentUse(
            strategy.segment_id or 0, _("Strategy"), strategy.name, url, strategy.entity_id, strategy.is_active
        )
    for portfolio in Portfolio.objects.filter(segment__in=segment_ids).order_by("rank", "name"):
        yield SegmentUse(
            portfolio.segment_id or 0, _("Portfolio"), portfolio.name, _url("team"), portfolio.entity_id,
            portfolio.is_active,
        )  # fmt: skip
    for playbook in Playbook.objects.filter(segment__in=segment_ids).order_by("rank", "title"):
        url = _url("playbooks")
        yield SegmentUse(playbook.segment_id or 0, _("Playbook"), playbook.title, url, None, playbook.is_active)
    yield from _lists(segment_ids)


def _lists(segment_ids: Collection[int]) -> Iterable[SegmentUse]:
    """The shared lists whose address names one of the segments."""
    codes = dict(Segment.objects.filter(pk__in=segment_ids).values_list("code", "pk"))
    for view in SavedView.objects.filter(team__isnull=False, query__contains="segment=").order_by("name", "pk"):
        for code in parse_qs(view.query).get("segment", ()):
            if code in codes:
                url = f"{_url(view.shown_on)}?{view.query}"
                yield SegmentUse(codes[code], _("Shared list"), view.name, url, in_force=False)


def _url(name: str, *args: int) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
