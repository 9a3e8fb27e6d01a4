"""The language of segment rules: data of one checked shape, and whether a customer's facts fit it (F3). Pure.

    {"all": [condition, {"any": [condition, condition]}, …]}

A condition is {"field": …, "op": …, "value": …}. Every entry of "all" must hold; of an "any", one of its conditions. As
each operator has its opposite, that is enough for every rule, and a form can show it as a list of lines. A number that
is unknown fits no comparison, neither one nor its opposite; only "is unknown" fits it. A word that is empty is none of
any words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple

from collections_app.lib.errors import BadInput

MOST_CONDITIONS, MOST_VALUES = 40, 100
_DIGITS = 15


class Kind(StrEnum):
    """What sort of value a field has."""

    WORD = "word"  # one of some texts
    WORDS = "words"  # several texts
    COUNT = "count"  # a whole number
    SHARE = "share"  # percent
    AMOUNT = "amount"  # money in the currency of the customer's legal entity


class Field(NamedTuple):
    """A fact that rules may ask for. `unit` stands behind its value."""

    name: str
    label: str
    kind: Kind
    unit: str = ""


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("country", "Country", Kind.WORD),
        Field("kind", "Kind of customer", Kind.WORD),
        Field("tags", "Tags", Kind.WORDS),
        Field("risk_class", "Risk class", Kind.WORD),
        Field("currency", "Currency", Kind.WORD),
        Field("entity", "Legal entity", Kind.WORD),
        Field("strategy", "Strategy", Kind.WORD),
        Field("group", "Group (number of the parent)", Kind.WORD),
        Field("credit_limit", "Credit limit", Kind.AMOUNT),
        Field("limit_used", "Credit limit used", Kind.SHARE, "%"),
        Field("insurer", "Credit insurer", Kind.WORD),
        Field("insured_amount", "Insured amount", Kind.AMOUNT),
        Field("insured_used", "Insured amount used", Kind.SHARE, "%"),
        Field("open_balance", "Open balance", Kind.AMOUNT),
        Field("overdue_balance", "Overdue balance", Kind.AMOUNT),
        Field("oldest_days_late", "Oldest open item, days late", Kind.COUNT, "days"),
        Field("average_days_late", "Average days late, 12 months", Kind.COUNT, "days"),
        Field("late_share", "Share paid late, 12 months", Kind.SHARE, "%"),
        Field("sales", "Sales, 12 months", Kind.AMOUNT),
        Field("months_known", "Months since the first invoice", Kind.COUNT, "months"),
        Field("broken_promises", "Broken promises, 12 months", Kind.COUNT),
    )
}

_WORDED = {"in": "is one of", "not_in": "is none of"}
_NUMBERED = {"ge": "is at least", "le": "is at most", "gt": "is more than", "lt": "is less than"}
_KNOWN = {"known": "is known", "unknown": "is unknown"}
OPERATORS: Mapping[str, str] = {**_WORDED, **_NUMBERED, **_KNOWN}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "ge": lambda fact, value: fact >= value,
    "le": lambda fact, value: fact <= value,
    "gt": lambda fact, value: fact > value,
    "lt": lambda fact, value: fact < value,
}


class SegmentFacts(NamedTuple):
    """What is known of one customer on a day. Amounts in `base`, the currency of the customer's legal entity; None is
    unknown: no credit limit, not insured, no invoice paid in the year, no exchange rate."""

    customer_id: int
    base: str
    country: str = ""
    kind: str = ""
    tags: frozenset[str] = frozenset()
    risk_class: str = ""
    currency: str = ""
    entity: str = ""
    strategy: str = ""
    group: str = ""
    credit_limit: Decimal | None = None
    limit_used: Decimal | None = None
    insurer: str = ""
    insured_amount: Decimal | None = None
    insured_used: Decimal | None = None
    open_balance: Decimal | None = Decimal(0)
    overdue_balance: Decimal | None = Decimal(0)
    oldest_days_late: int = 0
    average_days_late: Decimal | None = None
    late_share: Decimal | None = None
    sales: Decimal | None = Decimal(0)
    months_known: int | None = None
    broken_promises: int = 0


class Condition(NamedTuple):
    """One checked condition. `value` is a frozenset of texts in small letters, a Decimal, or None."""

    field: str
    op: str
    value: Any

    def holds(self, facts: SegmentFacts) -> bool:
        """Whether the facts fit it."""
        fact = getattr(facts, self.field)
        if self.op in _KNOWN:
            return (fact is None or fact == "" or fact == frozenset()) == (self.op == "unknown")
        if fact is None:
            return False
        if self.op in _COMPARE:
            return _COMPARE[self.op](fact, self.value)
        words = fact if isinstance(fact, frozenset) else (fact,)
        found = any(word.casefold() in self.value for word in words)
        return found == (self.op == "in")


Rule = tuple[tuple[Condition, ...], ...]  # all of: any of


def read_rule(data: Any) -> Rule:
    """The rule that the data says, checked. Raises BadInput with a sentence about the first thing that cannot be."""
    if not isinstance(data, Mapping) or set(data) != {"all"} or not isinstance(data["all"], list):
        raise _bad('A rule is {"all": [conditions]}.', "rule_shape")
    groups = [_group(entry) for entry in data["all"]]
    if not groups:
        raise _bad("A rule without a condition would gather everybody. Add one.", "rule_empty")
    if sum(len(group) for group in groups) > MOST_CONDITIONS:
        raise _bad(f"A rule has at most {MOST_CONDITIONS} conditions. Leave some out.", "rule_long")
    return tuple(groups)


def belongs(rule: Rule, facts: SegmentFacts) -> bool:
    """Whether a customer with these facts is in the segment."""
    return all(any(condition.holds(facts) for condition in group) for group in rule)


def operators_of(kind: Kind) -> Sequence[str]:
    """The operators that fit a kind of field."""
    return (*(_WORDED if kind in (Kind.WORD, Kind.WORDS) else _NUMBERED), *_KNOWN)


def sentence(rule: Rule) -> str:
    """The rule in words: "Country is one of AT, DE, and (Risk class is one of high or Overdue balance is more than 5)".

    For people only; it is never read back."""
    parts = []
    for group in rule:
        words = " or ".join(_words(condition) for condition in group)
        parts.append(f"({words})" if len(group) > 1 else words)
    return ", and ".join(parts)


def as_data(groups: Iterable[Iterable[Mapping[str, Any]]]) -> dict[str, Any]:
    """The data of a rule from its groups of conditions; a group of one stands for itself."""
    entries: list[Any] = []
    for group in groups:
        rows = list(group)
        entries.append(rows[0] if len(rows) == 1 else {"any": rows})
    return {"all": entries}


def groups_of(data: Any) -> list[list[Mapping[str, Any]]]:
    """The conditions of a rule's data, group by group, as `as_data` takes them; empty for data of another shape."""
    if not isinstance(data, Mapping) or not isinstance(data.get("all"), list):
        return []
    return [list(entry["any"]) if "any" in entry else [entry] for entry in data["all"] if isinstance(entry, Mapping)]


def _group(entry: Any) -> tuple[Condition, ...]:
    if isinstance(entry, Mapping) and set(entry) == {"any"} and isinstance(entry["any"], list) and entry["any"]:
        return tuple(_condition(row) for row in entry["any"])
    return (_condition(entry),)


def _condition(row: Any) -> Condition:
    if not isinstance(row, Mapping) or not set(row) <= {"field", "op", "value"}:
        raise _bad('A condition is {"field", "op", "value"}.', "rule_shape")
    field = FIELDS.get(str(row.get("field", "")))
    if field is None:
        raise _bad("Choose what the condition asks for.", "rule_field")
    op = str(row.get("op", ""))
    if op not in operators_of(field.kind):
        raise _bad(f"“{field.label}” cannot be compared that way. Choose another comparison.", "rule_operator")
    return Condition(field.name, op, _value(field, op, row.get("value")))


def _value(field: Field, op: str, value: Any) -> Any:
    if op in _KNOWN:
        return None
    if op in _WORDED:
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            raise _bad(f"“{field.label}” is compared with words.", "rule_value")
        words = frozenset(text.strip().casefold() for text in texts if text.strip())
        if not words or len(words) > MOST_VALUES or any(len(word) > 80 for word in words):
            raise _bad(f"Name what “{field.label}” should be, separated by commas.", "rule_value")
        return words
    return _number(field, value)


def _number(field: Field, value: Any) -> Decimal:
    wrong = _bad(f"Enter a plain number for “{field.label}”, such as 30 or 1500.50.", "rule_value")
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise wrong
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise wrong from None
    if not number.is_finite() or number.adjusted() > _DIGITS or number < 0:
        raise wrong
    return number


def _words(condition: Condition) -> str:
    field = FIELDS[condition.field]
    start = f"{field.label} {OPERATORS[condition.op]}"
    if condition.value is None:
        return start
    if isinstance(condition.value, frozenset):
        upper = condition.field in ("country", "currency", "entity", "group")
        return f"{start} {', '.join(sorted(word.upper() if upper else word for word in condition.value))}"
    return f"{start} {condition.value}{f' {field.unit}' if field.unit else ''}"


def _bad(text: str, code: str) -> BadInput:
    return BadInput(text, code=code, fields={"rule": text})
