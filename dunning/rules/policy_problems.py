"""What is impossible about a policy, told before it is saved: a step that could never come is worse than none. Pure."""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple


class DraftStep(NamedTuple):
    """A step as somebody wants it."""

    name: str
    offset_days: int
    channel: str
    stage: str


def problems_of(
    steps: Sequence[DraftStep], *, min_days_between: int, written: Collection[str], words: Collection[tuple[str, str]]
) -> list[str]:
    """Sentences about what has to change; empty when the policy can work.

    `written` are the channels that need words, `words` the (stage, channel) pairs for which there is a template."""
    if not steps:
        return ["Add at least one step."]
    found = []
    if all(step.offset_days <= 0 for step in steps):
        found.append("Add a step after the due date, or nobody who is late is ever reminded.")
    for before, after in pairwise(steps):
        if after.offset_days <= before.offset_days:
            found.append(f"“{after.name}” has to come later than “{before.name}”.")
        elif before.offset_days > 0 and after.offset_days - before.offset_days < min_days_between:
            gap = after.offset_days - before.offset_days
            found.append(
                f"“{after.name}” comes {gap} days after “{before.name}”, but contacts are at least "
                f"{min_days_between} days apart. It could never come on its day."
            )
    for step in steps:
        if (step.offset_days <= 0) != (step.stage == "preventive"):
            found.append(f"“{step.name}”: the stage “preventive” is for steps up to the due date, and for those only.")
        if step.channel in written and (step.stage, step.channel) not in words:
            found.append(f"“{step.name}”: there are no words for its stage on this channel. Write a template first.")
    return found
