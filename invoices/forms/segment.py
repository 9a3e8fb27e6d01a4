"""The form of a segment: its name, and its rule as lines of conditions. Lines are added without a script."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.errors import BadInput, Refusal
from customers.models import Segment
from customers.rules.segments import FIELDS, MOST_CONDITIONS, OPERATORS, Kind, as_data, groups_of, read_rule

_JOINS = [("all", _("and")), ("any", _("or"))]
_FIELDS = [
    ("", _("Choose")),
    *((field.name, f"{field.label} ({field.unit})" if field.unit else field.label) for field in FIELDS.values()),
]
_OPERATORS = [*OPERATORS.items()]
_NO_VALUE = ("known", "unknown")


class SegmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A segment with `count` lines; a line without a field is left out, and so is one ticked as removed.

    A line joined by "or" belongs to the line above it; "and" begins a new condition."""

    class Meta:
        model = Segment
        fields = ["name", "code", "rank", "is_active"]
        labels = {"rank": _("Rank"), "is_active": _("In use")}
        help_texts = {
            "code": _("Small letters, digits and hyphens. Policies and reports name it by this."),
            "rank": _("A customer in several segments counts in the one with the lowest rank."),
            "is_active": _("A segment that is not in use has no members."),
        }

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Segment) -> None:
        super().__init__(data, instance=instance)
        lines = [row for group in groups_of(instance.rule) for row in _lines(group)]
        self.count = _count(data) if data is not None else max(len(lines) + 1, 2)
        for place in range(self.count):
            self._add_line(place, lines[place] if data is None and place < len(lines) else {})

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields that are not part of a line."""
        return [self[name] for name in self._meta.fields or ()]

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """The fields of each line: how it is joined, what, how compared, with what, and whether it is removed."""
        return [
            [self[f"{name}-{place}"] for name in ("join", "field", "op", "value", "drop")]
            for place in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        """The data with `rule`; each line that cannot be is told at its value."""
        groups: list[list[dict[str, Any]]] = []
        for place in range(self.count):
            condition = self._condition(place)
            if condition is None:
                continue
            if groups and self.cleaned_data.get(f"join-{place}") == "any":
                groups[-1].append(condition)
            else:
                groups.append([condition])
        self.cleaned_data["rule"] = as_data(groups)
        if not groups and not self.errors:
            self.add_error("field-0", _("A rule without a condition would gather everybody. Add one."))
        return self.cleaned_data

    def take(self, refusal: Refusal) -> None:
        """Nothing; the form now shows the refusal, at the fields it names or above all of them."""
        known = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, text in known.items():
            self.add_error(name, text)
        if not known:
            self.add_error(None, refusal.sentence)

    def _condition(self, place: int) -> dict[str, Any] | None:
        given = {name: self.cleaned_data.get(f"{name}-{place}", "") for name in ("field", "op", "value", "drop")}
        if not given["field"] or given["drop"]:
            return None
        value: Any = given["value"]
        if FIELDS[given["field"]].kind in (Kind.WORD, Kind.WORDS):
            value = [word.strip() for word in value.split(",") if word.strip()]
        condition = {"field": given["field"], "op": given["op"], "value": value}
        if given["op"] in _NO_VALUE:
            del condition["value"]
        try:
            read_rule({"all": [condition]})
        except BadInput as refusal:
            self.add_error(f"value-{place}", refusal.sentence)
        return condition

    def _add_line(self, place: int, line: Mapping[str, Any]) -> None:
        nth = place + 1
        made: dict[str, forms.Field] = {
            "join": forms.ChoiceField(label=_("Joined, line %(n)d") % {"n": nth}, choices=_JOINS, required=False),
            "field": forms.ChoiceField(label=_("Asks for, line %(n)d") % {"n": nth}, choices=_FIELDS, required=False),
            "op": forms.ChoiceField(label=_("Compared, line %(n)d") % {"n": nth}, choices=_OPERATORS, required=False),
            "value": forms.CharField(label=_("With, line %(n)d") % {"n": nth}, required=False, max_length=2000),
            "drop": forms.BooleanField(label=_("Remove line %(n)d") % {"n": nth}, required=False),
        }  # fmt: skip
        for name, field in made.items():
            field.initial = line.get(name)
            self.fields[f"{name}-{place}"] = field


def _lines(group: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The conditions of one group as lines; all but the first are joined by "or"."""
    return [
        {"join": "any" if place else "all", "field": row.get("field"), "op": row.get("op"), "value": _text(row)}
        for place, row in enumerate(group)
    ]


def _text(row: Mapping[str, Any]) -> str:
    value = row.get("value")
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _count(data: Mapping[str, Any]) -> int:
    """How many lines the form had, and one more when asked for."""
    told = str(data.get("lines", ""))
    count = int(told) if told.isascii() and told.isdigit() and len(told) < 4 else 1
    return min(max(count, 1) + ("more" in data), MOST_CONDITIONS)
