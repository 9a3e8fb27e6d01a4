"""What is impossible about a policy, told before it is saved: a step that could never come is worse than none. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from dunning.rules.facts import BROKEN_PROMISE, CALL_TASK, DUE_DATE, END_OF_MONTH, PREVIOUS_NOTICE

STAGES = ("preventive", "early", "late", "final")
LONGEST_MONTH = 30  # days from a due date to the end of its month, at most


class DraftStep(NamedTuple):
    """A step as somebody wants it; `offset_days` from the anchor, `words` the key of its own template or ""."""

    name: str
    offset_days: int
    channel: str
    stage: str
    anchor: str = DUE_DATE
    business_days: bool = False
    days_to_pay: int = 7
    words: str = ""
    fee: str = "none"
    fee_amount: Decimal | None = None

    @property
    def before_due(self) -> bool:
        """Whether it comes up to the due date."""
        return self.anchor == DUE_DATE and self.offset_days <= 0


class Means(NamedTuple):
    """What a policy has to work with. `channels`: the enabled ones; `written`: those of them that need words; `words`:
    (key, stage, channel) of the templates there are."""

    channels: Collection[str]
    written: Collection[str]
    words: Collection[tuple[str, str, str]]


def problems_of(steps: Sequence[DraftStep], *, min_days_between: int, means: Means) -> list[str]:
    """Sentences about what has to change; empty when the policy can work."""
    if not steps:
        return ["Add at least one step."]
    ladder = [step for step in steps if not step.before_due and step.anchor != BROKEN_PROMISE]
    found = [*_each(steps, means), *_twice(steps)]
    if ladder:
        found += _first(ladder[0])
        found += _order(steps, ladder, min_days_between)
    else:
        found.append("Add a step after the due date, or nobody who is late is ever reminded.")
    return found


def shadow_problem(name: str, rank: int, before: Sequence[tuple[str, int]]) -> str | None:
    """A sentence where policies for everybody come before this one, so that it would never get a customer.

    `before`: name and rank of those policies of the same legal entity that are on, fit everybody this one fits, and
    come first."""
    if not before:
        return None
    other, its_rank = before[0]
    return (
        f"“{name}” (rank {rank}) would never get a customer: “{other}” (rank {its_rank}) comes first and takes all. "
        "Give this one a lower rank."
    )


def _each(steps: Sequence[DraftStep], means: Means) -> Iterator[str]:
    for step in steps:
        if step.offset_days < 0 and step.anchor != DUE_DATE:
            yield f"“{step.name}”: days before are counted from the due date only. Give 0 days or more."
        if step.anchor == PREVIOUS_NOTICE and step.offset_days == 0:
            yield f"“{step.name}” would come on the day of the notice before it. Give it at least one day."
        if step.before_due != (step.stage == "preventive"):
            yield f"“{step.name}”: the stage “preventive” is for steps up to the due date, and for those only."
        if step.channel not in means.channels:
            yield f"“{step.name}”: the channel “{step.channel}” is not available here. Choose another one."
        elif step.channel in means.written and not _has_words(step, means):
            yield f"“{step.name}”: there are no words for its stage on this channel. Write a template first."
        yield from _fee(step)


def _has_words(step: DraftStep, means: Means) -> bool:
    return any((key, step.stage, step.channel) in means.words for key in {"", step.words})


def _fee(step: DraftStep) -> Iterator[str]:
    if step.fee == "none":
        return
    if step.before_due:
        yield f"“{step.name}” comes before anything is late, so it cannot carry a fee."
    if step.channel == CALL_TASK:
        yield f"“{step.name}” is a call; nobody gets a fee in writing from it. Take the fee to a written step."
    if step.fee == "fixed" and (step.fee_amount is None or step.fee_amount <= 0):
        yield f"“{step.name}”: a fixed fee needs an amount."


def _twice(steps: Sequence[DraftStep]) -> Iterator[str]:
    for name, count in Counter(step.name.strip().lower() for step in steps).items():
        if count > 1:
            shown = next(step.name for step in steps if step.name.strip().lower() == name)
            yield f"{count} steps are called “{shown}”. Give each its own name."
    for (_, days), count in Counter((step.anchor, step.offset_days) for step in steps).items():
        if count > 1:
            yield f"{count} steps come on the same day ({days}). Leave one, or move the other."


def _first(step: DraftStep) -> Iterator[str]:
    """The trap of a first level that waits for a level before it: nobody would ever get a letter."""
    if step.anchor == PREVIOUS_NOTICE:
        yield (
            f"“{step.name}” is the first step after the due date, and it waits for a notice before it. Nobody would "
            "ever be reminded. Count it from the due date."
        )


def _order(steps: Sequence[DraftStep], ladder: Sequence[DraftStep], min_days_between: int) -> Iterator[str]:
    before_due = [step for step in steps if step.before_due]
    for before, after in [*pairwise(before_due), *pairwise(ladder)]:
        if after.anchor == PREVIOUS_NOTICE:
            gap = after.offset_days
        else:
            gap = _latest(after) - _earliest(before)
            if gap <= 0:
                yield f"“{after.name}” has to come later than “{before.name}”."
                continue
        if not before.before_due and 0 < gap < min_days_between and before.anchor != END_OF_MONTH:
            yield (
                f"“{after.name}” comes {gap} day{'' if gap == 1 else 's'} after “{before.name}”, but contacts are at "
                f"least {min_days_between} days apart. It could never come on its day."
            )
    for before, after in pairwise(ladder):
        if STAGES.index(after.stage) < STAGES.index(before.stage):
            yield f"“{after.name}” is {after.stage} and follows “{before.name}”, which is {before.stage}. Tones go up."
    for place, step in enumerate(steps):
        if step.before_due and any(not earlier.before_due for earlier in steps[:place]):
            yield f"“{step.name}” comes up to the due date, so put it before the steps that follow the due date."


def _earliest(step: DraftStep) -> int:
    return step.offset_days


def _latest(step: DraftStep) -> int:
    days = step.offset_days + 2 * (step.offset_days // 5 + 1) if step.business_days else step.offset_days
    return days + LONGEST_MONTH if step.anchor == END_OF_MONTH else days
