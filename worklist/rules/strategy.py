"""What a manager may set about the order of the worklist: a strategy as checked data (F17). Pure; reads and writes no
row, and knows nothing of who the strategy is for.

Every figure is a percentage, a number of days, minutes or an amount in the currency of the customer's legal entity. A
rule that leaves something out means the usual figure, so that old versions keep reading when something is added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, TypeVar

from collections_app.lib.errors import BadInput, quoted

MOST_PERCENT = 1000
MOST_DAYS = 365
MOST_ROWS = 10
MOST_AMOUNT = Decimal(10) ** 12
CLASSES = ("A", "B", "C")


class Setting(NamedTuple):
    """One figure somebody may change: key in the data, words, what it is a part of, usual and highest value."""

    name: str
    label: str
    of: str
    usual: int
    most: int = 1000


# What each part of a score counts for, in percent of the money that the part is about.
POINTS: tuple[Setting, ...] = (
    Setting("upcoming", "Not due yet", "of what is not due yet and likely to be late", 100),
    Setting("disputed", "In dispute", "of the disputed money is left out", 100, 100),
    Setting("promised", "Promised", "of the promised money is left out", 100, 100),
    Setting("broken_promise", "Broken promise", "of what is still open of the promise", 100),
    Setting("call_due", "Dunning asks for a call", "of what is overdue", 25),
    Setting("follow_up", "Follow-up noted for today", "of what is open", 10),
    Setting("unknown_mail", "Nobody knows whether a mail arrived", "of what is overdue", 5),
    Setting("credit_limit", "Credit limit exceeded or nearly", "of what is overdue", 10),
    Setting("dispute_deadline", "A dispute has to be answered soon", "of what is disputed", 25),
    Setting("insurer_deadline", "The insurer has to be told soon", "of what is insured and overdue", 25),
    Setting("recent_contact", "Rest after a contact", "of the usual rest", 100),
)
# How much of the money that would come late a contact of today moves, in percent, until the customer has shown more.
EFFECTS: tuple[Setting, ...] = (
    Setting("call", "A call", "of what would come late", 40, 100),
    Setting("mail", "A mail", "of what would come late", 40, 100),
)
# The minutes that each next step is expected to take.
MINUTES: tuple[Setting, ...] = (
    Setting("call", "Call", "minutes", 8, 240),
    Setting("send_statement", "Send a statement", "minutes", 3, 240),
    Setting("follow_up", "Follow up", "minutes", 5, 240),
    Setting("answer_dispute", "Answer a dispute", "minutes", 10, 240),
    Setting("match_cash", "Match cash", "minutes", 3, 240),
    Setting("find_contact", "Find a contact", "minutes", 10, 240),
    Setting("check_mail", "Check a mail", "minutes", 3, 240),
)
_CLASS_PERCENT = tuple(Setting(name, f"Class {name}", "of the usual weight", 100) for name in CLASSES)


class Band(NamedTuple):
    """From this overdue amount on, the money counts this many percent: of several the one with the highest amount."""

    least: Decimal
    percent: int


class Escalating(NamedTuple):
    """From this many days without a reaction on, so many percent of what is overdue come on top."""

    days: int
    percent: int


def _usual(settings: tuple[Setting, ...]) -> dict[str, int]:
    return {setting.name: setting.usual for setting in settings}


@dataclass(frozen=True, slots=True)
class Strategy:
    """What counts how much. `USUAL` is what counts where nobody has said anything.

    `class_a` and `class_b` are the open amounts from which a customer is of class A or B, everybody else is C;
    `class_percent` is what the money of each class counts. `minute_cost` is what a minute of work costs. A contact
    lowers a customer for `rest_days`, its own day included; a broken promise lifts one for `broken_days`; what is
    overdue for `call_after_days` is called about rather than written to. `soon_days` is how near a deadline (of a
    dispute, of an insurer) has to be to count. `escalate_after` days without a reaction put an account on the
    manager's list; None: never by itself."""

    points: Mapping[str, int] = field(default_factory=lambda: _usual(POINTS))
    effects: Mapping[str, int] = field(default_factory=lambda: _usual(EFFECTS))
    minutes: Mapping[str, int] = field(default_factory=lambda: _usual(MINUTES))
    class_a: Decimal = Decimal(50_000)
    class_b: Decimal = Decimal(5_000)
    class_percent: Mapping[str, int] = field(default_factory=lambda: _usual(_CLASS_PERCENT))
    bands: tuple[Band, ...] = ()
    escalating: tuple[Escalating, ...] = (Escalating(5, 2), Escalating(10, 5), Escalating(15, 10))
    minute_cost: Decimal = Decimal("0.50")
    call_after_days: int = 21
    rest_days: int = 4
    broken_days: int = 30
    soon_days: int = 5
    escalate_after: int | None = None

    def size_class(self, open_total: Decimal) -> str:
        """A, B or C by the open amount, in the currency of the thresholds."""
        return "A" if open_total >= self.class_a else "B" if open_total >= self.class_b else "C"

    def band_percent(self, overdue: Decimal) -> int:
        """What the money of somebody who owes this much counts, in percent; 100 below the first band."""
        fitting = [band for band in self.bands if overdue >= band.least]
        return max(fitting).percent if fitting else 100

    def escalated(self, days: int | None) -> Escalating | None:
        """The highest escalating step that so many days without a reaction have reached; None: none of them."""
        reached = [] if days is None else [step for step in self.escalating if days >= step.days]
        return max(reached) if reached else None


USUAL = Strategy()
_Row = TypeVar("_Row", Band, Escalating)


def as_data(strategy: Strategy) -> dict[str, Any]:
    """The strategy as plain values for JSON, amounts as strings; `read_strategy` reads them back to an equal one."""
    return {
        "points": dict(strategy.points),
        "effects": dict(strategy.effects),
        "minutes": dict(strategy.minutes),
        "class_a": str(strategy.class_a),
        "class_b": str(strategy.class_b),
        "class_percent": dict(strategy.class_percent),
        "bands": [{"least": str(band.least), "percent": band.percent} for band in strategy.bands],
        "escalating": [{"days": step.days, "percent": step.percent} for step in strategy.escalating],
        "minute_cost": str(strategy.minute_cost),
        "call_after_days": strategy.call_after_days,
        "rest_days": strategy.rest_days,
        "broken_days": strategy.broken_days,
        "soon_days": strategy.soon_days,
        "escalate_after": strategy.escalate_after,
    }


def read_strategy(data: object) -> Strategy:
    """The strategy these plain values mean; what is left out is as usual.

    Raises BadInput with all problems: `fields` has a sentence per key, such as "points.call_due" or "bands.0.least"."""
    if not isinstance(data, Mapping):
        raise BadInput("A strategy is a set of named figures. Start from one of the starters.", code="strategy_unread")
    read = _Reading(data)
    found = read.strategy()
    if read.problems:
        sentence = next(iter(read.problems.values()))
        raise BadInput(sentence, code="strategy_unread", fields=read.problems)
    return found


class _Reading:
    """Reads one rule and gathers what is wrong with it, key by key."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.problems: dict[str, str] = {}

    def strategy(self) -> Strategy:
        for key in self._data:
            if key not in _KEYS:
                self.problems[str(key)] = f"{quoted(key)} is nothing a strategy knows. Take it out."
        class_a, class_b = self._amount("class_a", USUAL.class_a), self._amount("class_b", USUAL.class_b)
        if not self.problems.keys() & {"class_a", "class_b"} and class_b > class_a:
            self.problems["class_b"] = "Class B has to begin at a lower amount than class A."
        after = self._data.get("escalate_after")
        return Strategy(
            points=self._table("points", POINTS),
            effects=self._table("effects", EFFECTS),
            minutes=self._table("minutes", MINUTES),
            class_a=class_a,
            class_b=class_b,
            class_percent=self._table("class_percent", _CLASS_PERCENT),
            bands=tuple(self._bands()),
            escalating=tuple(self._escalating()),
            minute_cost=self._amount("minute_cost", USUAL.minute_cost),
            call_after_days=self._days("call_after_days", USUAL.call_after_days),
            rest_days=self._days("rest_days", USUAL.rest_days),
            broken_days=self._days("broken_days", USUAL.broken_days),
            soon_days=self._days("soon_days", USUAL.soon_days),
            escalate_after=None if after in (None, "") else self._number("escalate_after", after, 1, MOST_DAYS),
        )

    def _table(self, name: str, settings: tuple[Setting, ...]) -> dict[str, int]:
        given = self._data.get(name, {})
        if not isinstance(given, Mapping):
            self.problems[name] = "Write a figure for each line."
            return _usual(settings)
        known = {setting.name for setting in settings}
        for key in given:
            if key not in known:
                self.problems[f"{name}.{key}"] = f"{quoted(key)} is nothing that counts here. Take it out."
        return {
            setting.name: self._number(
                f"{name}.{setting.name}", given.get(setting.name, setting.usual), 0, setting.most
            )
            for setting in settings
        }

    def _bands(self) -> list[Band]:
        found = []
        for at, row in self._rows("bands"):
            least = self._decimal(f"bands.{at}.least", row.get("least"))
            found.append(Band(least, self._number(f"bands.{at}.percent", row.get("percent"), 0, MOST_PERCENT)))
        return self._in_order("bands", found)

    def _escalating(self) -> list[Escalating]:
        if "escalating" not in self._data:
            return list(USUAL.escalating)
        found = []
        for at, row in self._rows("escalating"):
            days = self._number(f"escalating.{at}.days", row.get("days"), 1, MOST_DAYS)
            percent = self._number(f"escalating.{at}.percent", row.get("percent"), 0, MOST_PERCENT)
            found.append(Escalating(days, percent))
        return self._in_order("escalating", found)

    def _rows(self, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        rows = self._data.get(name, [])
        if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
            self.problems[name] = "Write one figure from which it counts, and one percentage, per line."
        elif len(rows) > MOST_ROWS:
            self.problems[name] = f"At most {MOST_ROWS} lines. Join some of them."
        else:
            yield from enumerate(rows)

    def _in_order(self, name: str, rows: list[_Row]) -> list[_Row]:
        """The rows by their first column, which has to differ from row to row."""
        if len({row[0] for row in rows}) < len(rows):
            self.problems.setdefault(name, "Two lines begin at the same figure. Leave one of them.")
        return sorted(rows)

    def _days(self, name: str, usual: int) -> int:
        return self._number(name, self._data.get(name, usual), 0, MOST_DAYS)

    def _amount(self, name: str, usual: Decimal) -> Decimal:
        return self._decimal(name, self._data.get(name, usual))

    def _number(self, name: str, given: object, least: int, most: int) -> int:
        try:
            found = int(str(given)) if not isinstance(given, bool) else None
        except ValueError:
            found = None
        if found is None or not least <= found <= most:
            self.problems[name] = f"Write a whole number from {least} to {most}."
            return least
        return found

    def _decimal(self, name: str, given: object) -> Decimal:
        try:
            found = Decimal(str(given)) if not isinstance(given, bool) else None
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite() or not 0 <= found <= MOST_AMOUNT or found != round(found, 4):
            self.problems[name] = "Write an amount of 0 or more, such as 5000 or 0.50."
            return Decimal(0)
        return found


_KEYS = frozenset(as_data(USUAL))
