"""What a run came to: letters, money per currency, what was skipped and why. A few statements, whatever its size."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Min, QuerySet, Sum

from customers.models import DeliveryState
from dunning.models import Notice, Run
from dunning.queries.policies import channels
from dunning.rules.sentences import LABELS


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Counts and sums of one run. `money` per currency: what is proposed, under way or sent, not what was dropped."""

    letters: int
    by_state: dict[str, int]
    proposed_by_channel: list[tuple[str, int]]
    money: list[tuple[str, Decimal]]
    skipped: list[tuple[str, int]]
    skipped_total: int
    first_due_at: datetime | None

    @property
    def proposed(self) -> int:
        """How many wait for a person."""
        return self.by_state.get(DeliveryState.PROPOSED, 0)


def summary_of(run: Run) -> RunSummary:
    """The run's summary as it stands now."""
    alive = Notice.objects.filter(run=run).exclude(state__in=[DeliveryState.CANCELLED, DeliveryState.FAILED])
    states = dict(Notice.objects.filter(run=run).values_list("state").annotate(n=Count("pk")).order_by())
    money = list(alive.values_list("currency").annotate(total=Sum("amount")).order_by("currency"))
    proposed = alive.filter(state=DeliveryState.PROPOSED)
    labels = {code: channel.label for code, channel in channels().items()}
    by_channel = proposed.values_list("channel").annotate(n=Count("pk")).order_by("channel")
    skipped = [(LABELS.get(code, code), number) for code, number in Counter(run.skipped).most_common()]
    return RunSummary(
        letters=sum(states.values()),
        by_state=states,
        proposed_by_channel=[(labels.get(code, code), number) for code, number in by_channel],
        money=money,
        skipped=skipped,
        skipped_total=sum(run.skipped.values()),
        first_due_at=proposed.aggregate(first=Min("due_at"))["first"],
    )


def chunk_totals(run: Run) -> tuple[int, dict[str, int]]:
    """Notices written so far, and accounts passed over by reason code, added up over the chunks that are done."""
    skipped: Counter[str] = Counter()
    proposed = 0
    for written, passed_over in run.chunks.filter(done_at__isnull=False).values_list("proposed", "skipped"):
        proposed += written
        skipped.update(passed_over)
    return proposed, dict(skipped)


def notices_of(run: Run, state: str = "") -> QuerySet[Notice]:
    """The run's notices with customer and contact, narrowed to one state if asked for."""
    rows = Notice.objects.filter(run=run).select_related("customer", "contact")
    return rows.filter(state=state) if state in DeliveryState.values else rows
