"""The six steps of lateness that every chart, strip, badge and PDF colours alike. It computes no aging."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class AgingStep:
    """`key` as in the JSON of the aging command, `fill` for documents that know no style sheet, and a pattern for
    paper: the path of one 8 × 8 tile drawn over the colour."""

    step: int
    key: str
    label: str | Promise
    fill: str
    pattern: str


AGING_STEPS = (
    AgingStep(0, "not_due", _("Not due"), "#4a8599", ""),
    AgingStep(1, "1-30", _("1–30"), "#ad8409", "M0 8L8 0"),
    AgingStep(2, "31-60", _("31–60"), "#c96d14", "M0 4H8"),
    AgingStep(3, "61-90", _("61–90"), "#c0481b", "M4 0V8"),
    AgingStep(4, "91-120", _("91–120"), "#a32823", "M0 0L8 8M0 8L8 0"),
    AgingStep(5, "120+", _("120+"), "#6b1120", "M0 4H8M4 0V8"),
)

_STEP_OF_KEY = {step.key: step for step in AGING_STEPS}


def aging_step(key: str) -> AgingStep:
    """The step for a bucket key ('not_due', '1-30', …, '120+'). KeyError for anything else."""
    return _STEP_OF_KEY[key]


def step_for_days(days_late: int) -> AgingStep:
    """The step for a number of days late; 0 and less is not due."""
    edges = (0, 30, 60, 90, 120)
    return AGING_STEPS[sum(days_late > edge for edge in edges)]
