"""The forms of what can be done for many customers at once: one form each, which makes the plan that is previewed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from collections_app.lib.errors import Refusal
from collections_app.web.writing import date_text
from worklist.forms.fields import DigitChoice, day_field
from worklist.queries.bulk import assignees, entities_of
from worklist.rules.bulk import Do, Plan

OTHER, PROMISE = "other", "promise"


class BulkForm(forms.Form):
    """What is done, on which day, by whom."""

    do = Do.WORKED

    def __init__(self, *args: Any, on: date, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.on = on
        self.user = user
        self.prepare()

    def prepare(self) -> None:
        """Nothing; subclasses fill choices here."""

    def plan(self) -> Plan:
        """What the checked form wants."""
        return Plan(self.do, self.on)

    def refused(self, refusal: Refusal) -> None:
        """Nothing; the refusal's sentences stand at their fields, or above the form."""
        known = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, text in known.items():
            self.add_error(name, text)
        if not known:
            self.add_error(None, refusal.sentence)


class DayForm(BulkForm):
    """A day by one digit, or typed, with a reason that stays visible."""

    when = forms.ChoiceField(label=_("Until"), widget=DigitChoice())
    until = day_field(label="Another day")
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, help_text=_("Stays visible on the list.")
    )

    def days(self) -> list[tuple[str, Any, date]]:
        """Code, words and day of each quick choice."""
        raise NotImplementedError

    def prepare(self) -> None:
        field = cast(forms.ChoiceField, self.fields["when"])
        quick: dict[date, tuple[str, str]] = {}
        for code, words, day in self.days():
            quick.setdefault(day, (code, f"{words} · {date_text(day, on=self.on)}"))
        field.choices = [*(quick[day] for day in sorted(quick)), *self.more(), (OTHER, _("Another day"))]
        field.initial = next(iter(field.choices))[0]

    def more(self) -> list[tuple[str, Any]]:
        """Choices that are no day of their own."""
        return []

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("when") == OTHER and data.get("until") is None and "until" not in self.errors:
            self.add_error("until", _("Choose the day."))
        return data

    def plan(self) -> Plan:
        chosen, known = self.cleaned_data["when"], {code: day for code, _words, day in self.days()}
        return Plan(self.do, self.on, until=known.get(chosen, self.cleaned_data.get("until")))


class SnoozeManyForm(DayForm):
    do = Do.SNOOZE

    def days(self) -> list[tuple[str, Any, date]]:
        monday = self.on + timedelta(days=7 - self.on.weekday())
        return [("tomorrow", _("Tomorrow"), self.on + timedelta(days=1)), ("monday", _("Next Monday"), monday)]

    def more(self) -> list[tuple[str, Any]]:
        return [(PROMISE, _("After the promise of each"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("until") and data.get("when") == OTHER and not 0 < (data["until"] - self.on).days <= 366:
            self.add_error("until", _("Choose a day after today, at most a year away."))
        return data

    def plan(self) -> Plan:
        if self.cleaned_data["when"] == PROMISE:
            return Plan(self.do, self.on)
        return super().plan()


class PinManyForm(DayForm):
    do = Do.PIN

    def days(self) -> list[tuple[str, Any, date]]:
        friday = self.on + timedelta(days=(4 - self.on.weekday()) % 7)
        return [("today", _("Today"), self.on), ("friday", _("Friday"), friday),
                ("week", _("In a week"), self.on + timedelta(days=7))]  # fmt: skip


class AssignManyForm(BulkForm):
    do = Do.ASSIGN
    collector = forms.ModelChoiceField(
        User.objects.none(), label=_("Collector"), required=False, empty_label=_("Nobody"),
        widget=forms.Select(attrs={"data-focus": True}),
    )  # fmt: skip

    def prepare(self) -> None:
        cast("forms.ModelChoiceField[User]", self.fields["collector"]).queryset = assignees(self.user)

    def plan(self) -> Plan:
        to: User | None = self.cleaned_data["collector"]
        if to is None:
            return Plan(self.do, self.on)
        return Plan(self.do, self.on, to=to.pk, may_work=entities_of(to))


class NoteManyForm(BulkForm):
    do = Do.NOTE
    text = forms.CharField(
        label=_("Note"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3, "data-focus": True}),
        error_messages={"required": _("Write the note first.")},
    )  # fmt: skip


class WorkManyForm(BulkForm):
    """Nothing to fill in."""

    do = Do.WORKED


FORMS: Mapping[Do, type[BulkForm]] = {
    form.do: form for form in (SnoozeManyForm, AssignManyForm, NoteManyForm, PinManyForm, WorkManyForm)
}
