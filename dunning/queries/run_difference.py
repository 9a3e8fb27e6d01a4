"""What is different about a run: how its proposals and skipped accounts compare with the last run of the same policy.
Counts what was proposed, whatever became of it afterwards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from dunning.models import Notice, Run
from dunning.rules.sentences import LABELS

_MOST = 5  # reasons that changed most


@dataclass(frozen=True, slots=True)
class Change:
    """One figure now and in the run before."""

    name: str
    now: int
    before: int

    @property
    def more(self) -> int:
        """How many more, negative for fewer."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class MoneyChange:
    """What is asked for in a currency, now and in the run before."""

    currency: str
    now: Decimal
    before: Decimal

    @property
    def more(self) -> Decimal:
        """How much more, negative for less."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class RunDifference:
    """This run beside the one of `before_on`; steps in order of their place, reasons by how much they changed."""

    before_id: int
    before_on: date
    letters: Change
    money: tuple[MoneyChange, ...]
    steps: tuple[Change, ...]
    skipped: tuple[Change, ...]


def difference_to_last(run: Run) -> RunDifference | None:
    """The difference to the policy's last finished run before this one, dry ones aside; None for the first."""
    runs = Run.objects.filter(policy=run.policy_id, is_dry=False, state=Run.State.PREPARED)
    before = runs.filter(as_of__lte=run.as_of).exclude(pk=run.pk).order_by("-as_of", "-id").first()
    if before is None:
        return None
    (money, steps), (old_money, old_steps) = _proposed(run), _proposed(before)
    names = sorted(steps.keys() | old_steps.keys())
    currencies = sorted(money.keys() | old_money.keys())
    nothing = Decimal(0)
    return RunDifference(
        before.pk,
        before.as_of,
        Change("Notices", sum(steps.values()), sum(old_steps.values())),
        tuple(MoneyChange(code, money.get(code, nothing), old_money.get(code, nothing)) for code in currencies),
        tuple(Change(name[1], steps.get(name, 0), old_steps.get(name, 0)) for name in names),
        _reasons(run.skipped, before.skipped),
    )


def _proposed(run: Run) -> tuple[dict[str, Decimal], dict[tuple[int, str], int]]:
    rows = Notice.objects.filter(run=run).values_list("currency", "step_position", "step_name")
    money: dict[str, Decimal] = {}
    steps: Counter[tuple[int, str]] = Counter()
    for currency, position, name, amount, number in rows.annotate(s=Sum("amount"), n=Count("pk")).order_by():
        money[currency] = money.get(currency, Decimal(0)) + amount
        steps[position, name] += number
    return money, dict(steps)


def _reasons(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[Change, ...]:
    changes = (Change(LABELS.get(code, code), now.get(code, 0), before.get(code, 0)) for code in now.keys() | before)
    moved = [change for change in changes if change.more]
    return tuple(sorted(moved, key=lambda change: (-abs(change.more), change.name))[:_MOST])
