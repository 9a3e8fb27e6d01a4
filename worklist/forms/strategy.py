"""The form of a strategy: for whom it is, and every figure of its rule as a field named like its key in the data, so
that what the rule refuses stands at the field it is about."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput, Refusal
from customers.access import visible_entities
from customers.models import Segment
from worklist.forms.fields import AmountField
from worklist.models import Strategy
from worklist.queries.strategies import sees_everybody
from worklist.rules.strategy import CLASSES, EFFECTS, MINUTES, POINTS, Setting, read_strategy
from worklist.rules.strategy import as_data as rule_data

LINES = 5  # of amount bands and of escalating steps
_DAYS = (
    ("call_after_days", _("Overdue items are called about after, days")),
    ("rest_days", _("A contact lowers an account for, days")),
    ("broken_days", _("A broken promise lifts an account for, days")),
    ("soon_days", _("A deadline counts this many days before")),
    ("escalate_after", _("To the manager after, days")),
)
_TABLES = (("points", POINTS), ("effects", EFFECTS), ("minutes", MINUTES))


class Figure(NamedTuple):
    """One field of a table with the words that stand behind it."""

    field: forms.BoundField
    words: str


class StrategyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A strategy and its rule. `rule` in the cleaned data is the checked rule as plain values."""

    class Meta:
        model = Strategy
        fields = ["name", "entity", "segment", "rank"]
        labels = {"entity": _("Legal entity"), "segment": _("Segment"), "rank": _("Rank")}
        help_texts = {"rank": _("Of several that fit an account, the one with the lowest rank counts.")}

    note = forms.CharField(
        label=_("What changes, and why"), required=False, max_length=250, help_text=_("Stays with the version.")
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, instance: Strategy, rule: Mapping[str, Any], person: User
    ) -> None:
        super().__init__(data, instance=instance)
        self.fields["entity"].queryset = visible_entities(person).order_by("code")  # type: ignore[attr-defined]
        self.fields["entity"].empty_label = _("Every entity")  # type: ignore[attr-defined]
        self.fields["entity"].required = not sees_everybody(person)
        used = Q(is_active=True) | Q(pk=instance.segment_id)
        self.fields["segment"].queryset = Segment.objects.filter(used).order_by("rank", "code")  # type: ignore[attr-defined]
        self.fields["segment"].empty_label = _("Every customer")  # type: ignore[attr-defined]
        self._add_figures(rule)

    @property
    def head_fields(self) -> list[forms.BoundField]:
        """For whom the strategy is."""
        return [self[name] for name in ("name", "entity", "segment", "rank")]

    @property
    def points(self) -> list[Figure]:
        """What each part of a score counts."""
        return self._figures("points", POINTS)

    @property
    def effects(self) -> list[Figure]:
        """How much a contact moves."""
        return self._figures("effects", EFFECTS)

    @property
    def minutes(self) -> list[Figure]:
        """How long each step takes."""
        return self._figures("minutes", MINUTES)

    @property
    def class_fields(self) -> list[forms.BoundField]:
        """The thresholds and weights of the size classes."""
        return [self[name] for name in ("class_a", "class_b", *(f"class_percent.{name}" for name in CLASSES))]

    @property
    def day_fields(self) -> list[forms.BoundField]:
        """What is counted in days."""
        return [self[name] for name, _label in _DAYS[:-1]]

    @property
    def escalate_field(self) -> forms.BoundField:
        """When a manager is told."""
        return self["escalate_after"]

    @property
    def cost_field(self) -> forms.BoundField:
        """What a minute costs."""
        return self["minute_cost"]

    @property
    def band_lines(self) -> list[list[forms.BoundField]]:
        """The amount bands, one line each."""
        return [[self[f"bands.{n}.least"], self[f"bands.{n}.percent"]] for n in range(LINES)]

    @property
    def escalating_lines(self) -> list[list[forms.BoundField]]:
        """The escalating steps, one line each."""
        return [[self[f"escalating.{n}.days"], self[f"escalating.{n}.percent"]] for n in range(LINES)]

    def clean(self) -> dict[str, Any]:
        """The data with `rule`; what the rule refuses is told at its field."""
        data = super().clean() or self.cleaned_data
        raw, lines = self._raw()
        try:
            data["rule"] = rule_data(read_strategy(raw))
        except BadInput as refusal:
            for key, sentence in refusal.fields.items() or {"": refusal.sentence}.items():
                self._tell(_placed(key, lines), sentence)
        return data

    def take(self, refusal: Refusal) -> None:
        """Nothing; the form now shows the refusal, at the fields it names or above all of them."""
        for key, sentence in refusal.fields.items() or {"": refusal.sentence}.items():
            self._tell(key, sentence)

    def _tell(self, key: str, sentence: str) -> None:
        name = key if key in self.fields else f"{key}.0.percent" if f"{key}.0.percent" in self.fields else None
        if name is None or name not in self.errors:
            self.add_error(name, sentence)

    def _raw(self) -> tuple[dict[str, Any], dict[str, list[int]]]:
        """The rule as typed, without empty lines; and which lines of the form its lines are."""
        data = self.cleaned_data
        raw: dict[str, Any] = {name: data[name] for name in ("class_a", "class_b", "minute_cost") if name in data}
        raw |= {name: data.get(name, "") for name, _label in _DAYS}
        for name, settings in _TABLES:
            raw[name] = {setting.name: data.get(f"{name}.{setting.name}", "") for setting in settings}
        raw["class_percent"] = {name: data.get(f"class_percent.{name}", "") for name in CLASSES}
        lines: dict[str, list[int]] = {}
        for name, first in (("bands", "least"), ("escalating", "days")):
            rows = {n: {key: data.get(f"{name}.{n}.{key}") for key in (first, "percent")} for n in range(LINES)}
            lines[name] = [n for n, row in rows.items() if any(value not in (None, "") for value in row.values())]
            raw[name] = [rows[n] for n in lines[name]]
        return raw, lines

    def _add_figures(self, rule: Mapping[str, Any]) -> None:
        for name, settings in _TABLES:
            for setting in settings:
                self._add_number(f"{name}.{setting.name}", setting.label, rule[name][setting.name])
        for name in ("class_a", "class_b"):
            self._add_amount(
                name, _("Class A from, open") if name == "class_a" else _("Class B from, open"), rule[name]
            )
        self._add_amount("minute_cost", _("A minute of work costs"), rule["minute_cost"])
        for name in CLASSES:
            label = _("Money of class %(name)s, %%") % {"name": name}
            self._add_number(f"class_percent.{name}", label, rule["class_percent"][name])
        for name, words in _DAYS:
            self._add_number(name, words, rule[name], required=name != "escalate_after")
        for n in range(LINES):
            band = rule["bands"][n] if n < len(rule["bands"]) else {}
            self._add_amount(
                f"bands.{n}.least", _("From, line %(n)d") % {"n": n + 1}, band.get("least"), required=False
            )
            self._add_number(f"bands.{n}.percent", _("Percent, line %(n)d") % {"n": n + 1}, band.get("percent"),
                             required=False)  # fmt: skip
            step = rule["escalating"][n] if n < len(rule["escalating"]) else {}
            self._add_number(f"escalating.{n}.days", _("Days, line %(n)d") % {"n": n + 1}, step.get("days"),
                             required=False)  # fmt: skip
            self._add_number(f"escalating.{n}.percent", _("Percent, line %(n)d") % {"n": n + 1}, step.get("percent"),
                             required=False)  # fmt: skip

    def _add_number(self, name: str, label: Any, value: Any, *, required: bool = True) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num-input"})
        self.fields[name] = forms.CharField(label=label, initial=value, required=required, max_length=10, widget=widget)

    def _add_amount(self, name: str, label: Any, value: Any, *, required: bool = True) -> None:
        self.fields[name] = AmountField(label=label, initial=value, required=required)

    def _figures(self, name: str, settings: Iterable[Setting]) -> list[Figure]:
        return [Figure(self[f"{name}.{setting.name}"], setting.of) for setting in settings]


def _placed(key: str, lines: Mapping[str, list[int]]) -> str:
    """The name of the field for a key of the rule: lines are counted without the empty ones there."""
    parts = key.split(".")
    if len(parts) == 3 and parts[0] in lines and int(parts[1]) < len(lines[parts[0]]):
        return f"{parts[0]}.{lines[parts[0]][int(parts[1])]}.{parts[2]}"
    return key
