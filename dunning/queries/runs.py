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
from dunning.rules.templates import APOLOGY


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
    dropped = [] if run.is_dry else [DeliveryState.CANCELLED, DeliveryState.FAILED]  # nothing of a dry run is alive
    alive = Notice.objects.filter(run=run).exclude(state__in=dropped)
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """Approved notices that nobody has tried to send yet, and from when the first of them may leave."""

    number: int
    first_due_at: datetime | None


def waiting_in(run: Run) -> Waiting:
    """What of the run could still be taken back."""
    found = still_to_leave(run).aggregate(n=Count("pk"), first=Min("due_at"))
    return Waiting(found["n"], found["first"])


def still_to_leave(run: Run) -> QuerySet[Notice]:
    """Approved notices of the run that nobody has tried to send yet. Apologies are not among them: to take one back, it
    is left out with a reason."""
    rows = Notice.objects.filter(run=run, state=DeliveryState.APPROVED, sending_at=None)
    return rows.exclude(stage=APOLOGY)


def recallable_of(run: Run) -> QuerySet[Notice]:
    """What of the run was sent, or may have been, and was not taken back."""
    sent = Notice.objects.filter(run=run, state__in=[DeliveryState.ACCEPTED, DeliveryState.UNKNOWN], recalled_at=None)
    return sent.exclude(stage=APOLOGY)


def progress_of(run: Run) -> tuple[int, int]:
    """How many of the run's chunks are done, and how many there are."""
    found = run.chunks.aggregate(done=Count("done_at"), all=Count("pk"))
    return found["done"], found["all"]


def notices_of(run: Run, state: str = "") -> QuerySet[Notice]:
    """The run's notices with customer and contact, narrowed to one state if asked for."""
    rows = Notice.objects.filter(run=run).select_related("customer", "contact")
    return rows.filter(state=state) if state in DeliveryState.values else rows
