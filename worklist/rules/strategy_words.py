"""A strategy in words, for people: its figures line by line, and what differs between two of them. Pure; never read
back."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from worklist.rules.strategy import CLASSES, EFFECTS, MINUTES, POINTS, Setting, Strategy

NONE = "never"


class Line(NamedTuple):
    """One figure: the group it stands in, what it is, its value in words, and what that is a part of."""

    group: str
    label: str
    value: str
    of: str = ""


class Difference(NamedTuple):
    """One figure that differs: where it stands, and its value before and after."""

    label: str
    before: str
    after: str


def strategy_lines(strategy: Strategy) -> list[Line]:
    """Every figure of the strategy, group by group, in the order of the form."""
    return [
        *_table("What counts", POINTS, strategy.points, "%"),
        *_table("What a contact moves", EFFECTS, strategy.effects, "%"),
        Line("Size of the account", "Class A from", _amount(strategy.class_a), "open"),
        Line("Size of the account", "Class B from", _amount(strategy.class_b), "open"),
        *(
            Line("Size of the account", f"Money of class {name}", f"{strategy.class_percent[name]} %", "counts")
            for name in CLASSES
        ),
        *(
            Line("Amount bands", f"From {_amount(band.least)} overdue", f"{band.percent} %", "counts")
            for band in sorted(strategy.bands)
        ),
        *(
            Line("Without a reaction", f"After {_days(step.days)}", f"{step.percent} %", "of what is overdue on top")
            for step in sorted(strategy.escalating)
        ),
        Line("Without a reaction", "To the manager after", _after(strategy.escalate_after)),
        *_times(strategy),
        *_table("Minutes of each step", MINUTES, strategy.minutes, "min"),
        Line("Minutes of each step", "A minute costs", _amount(strategy.minute_cost)),
    ]


def grouped(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """The lines by their group, in order."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return list(groups.items())


def differences(before: Strategy, after: Strategy) -> list[Difference]:
    """What another strategy changes, in the order of the form; a line that is only in one has "–" in the other."""
    old = {(line.group, line.label): line for line in strategy_lines(before)}
    new = {(line.group, line.label): line for line in strategy_lines(after)}
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        if was is None or now is None or was.value != now.value:
            label = f"{key[0]}: {key[1]}"
            found.append(Difference(label, was.value if was else "–", now.value if now else "–"))
    return found


def _table(group: str, settings: Iterable[Setting], figures: Mapping[str, int], unit: str) -> list[Line]:
    return [
        Line(group, setting.label, f"{figures[setting.name]} {unit}", "" if unit == "min" else setting.of)
        for setting in settings
    ]


def _times(strategy: Strategy) -> list[Line]:
    return [
        Line("Time", "Overdue items are called about after", _days(strategy.call_after_days)),
        Line("Time", "A contact lowers an account for", _days(strategy.rest_days)),
        Line("Time", "A broken promise lifts an account for", _days(strategy.broken_days)),
        Line("Time", "A deadline counts from", f"{_days(strategy.soon_days)} before"),
    ]


def _amount(amount: Decimal) -> str:
    """'50,000' or '0.50': no currency, because it is that of each customer's legal entity."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _after(days: int | None) -> str:
    return NONE if days is None else _days(days)
