"""Dispute cases as the list and the board show them: with amount and invoices, by set. Scoping is the caller's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When, Window
from django.db.models.functions import RowNumber

from collections_app.accounts.models import User
from invoices.models import Dispute, DisputeCase
from invoices.rules.disputes import urgency

SHOWN = ("open", "late", "mine", "closed", "all")
BOARD = ("new", "investigating", "colleague", "customer", "approval")
CARDS = 25
_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=19, decimal_places=4)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see: one of SHOWN, a reason or "" for any, and words to find."""

    shown: str = "open"
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One stage on the board: all its cases counted and summed per currency, and the most urgent of them."""

    stage: str
    label: str
    count: int
    totals: Sequence[tuple[str, Decimal]]
    cards: Sequence[Any]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)


def asked_for(query: Mapping[str, str]) -> Asked:
    """The wish in these parameters; anything unknown is the usual."""
    shown, reason = query.get("show", ""), query.get("reason", "")
    words = query.get("q", "").replace("\x00", "").strip()[:80]
    return Asked(
        shown if shown in SHOWN else "open", reason if reason in Dispute.Reason.values else "", words
    )  # fmt: skip


def chosen(cases: QuerySet[DisputeCase], asked: Asked, *, user: User, on: date) -> QuerySet[DisputeCase]:
    """Those of the cases that are asked for. `on` says what is late."""
    closed = Q(stage=DisputeCase.Stage.CLOSED)
    conditions = {
        "open": ~closed,
        "late": ~closed & Q(answer_by__lt=on),
        "mine": ~closed & Q(owner=user),
        "closed": closed,
        "all": Q(),
    }
    found = cases.filter(conditions[asked.shown])
    if asked.reason:
        found = found.filter(reason=asked.reason)
    if asked.words:
        about = Dispute.objects.filter(case=OuterRef("pk"), invoice__number__istartswith=asked.words)
        found = found.filter(
            Q(reference__icontains=asked.words) | Q(customer__name__icontains=asked.words)
            | Q(customer__number__istartswith=asked.words) | Exists(about)
        )  # fmt: skip
    return found


def with_amounts(cases: QuerySet[DisputeCase]) -> QuerySet[DisputeCase]:
    """The cases with `amount` (what is in dispute; of a closed one what was) and `numbers`, the invoices."""
    mine = Dispute.objects.filter(case=OuterRef("pk"))
    later = Dispute.objects.filter(case=OuterRef("case"), invoice=OuterRef("invoice"), pk__gt=OuterRef("pk"))
    latest = mine.filter(~Exists(later))
    amount = Case(
        When(stage=DisputeCase.Stage.CLOSED, then=_summed(latest)),
        default=_summed(mine.filter(state=Dispute.State.OPEN)),
        output_field=_MONEY,
    )
    return cases.annotate(amount=amount, numbers=ArraySubquery(latest.order_by("pk").values("invoice__number")))


def board(cases: QuerySet[DisputeCase], *, on: date) -> list[Column]:
    """The columns of the open cases, in two statements however many there are."""
    sums = (
        cases.filter(disputes__state=Dispute.State.OPEN).order_by().values("stage", "currency")
        .annotate(cases=Count("pk", distinct=True), amount=Sum("disputes__amount")).order_by("stage", "-amount")
    )  # fmt: skip
    totals: dict[str, list[tuple[str, Decimal]]] = {stage: [] for stage in BOARD}
    counts = dict.fromkeys(BOARD, 0)
    for row in sums:
        totals[row["stage"]].append((row["currency"], row["amount"]))
        counts[row["stage"]] += row["cases"]
    cards: dict[str, list[Any]] = {stage: [] for stage in BOARD}
    for card in _first_of_each(cases):
        card.urgency = urgency(card.answer_by, on)  # type: ignore[attr-defined]
        cards[card.stage].append(card)
    return [
        Column(stage, str(DisputeCase.Stage(stage).label), counts[stage], totals[stage], cards[stage])
        for stage in BOARD
    ]


def _first_of_each(cases: QuerySet[DisputeCase]) -> QuerySet[DisputeCase]:
    place = Window(RowNumber(), partition_by=F("stage"), order_by=["answer_by", "pk"])
    first = cases.exclude(stage=DisputeCase.Stage.CLOSED).annotate(place=place).filter(place__lte=CARDS)
    ids = first.values("pk")
    rows = DisputeCase.objects.filter(pk__in=Subquery(ids)).select_related("customer", "owner")
    return with_amounts(rows).order_by("answer_by", "pk")


def _summed(rows: QuerySet[Dispute]) -> Subquery:
    total = rows.order_by().values("case").annotate(total=Sum("amount")).values("total")
    return Subquery(total, output_field=_MONEY)
