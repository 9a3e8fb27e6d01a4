"""What a lead types about the team: absences, minutes of a week, portfolios, and the answer to an escalation."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from collections_app.lib.errors import Refusal
from customers.access import visible_entities
from customers.models import LegalEntity, Segment
from worklist.forms.fields import AmountField, day_field
from worklist.models import Portfolio
from worklist.queries.team import WEEKDAYS
from worklist.services.set_capacity import MOST

DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class RefusableForm(forms.Form):
    """A form that shows a service's refusal at its fields, or above."""

    def refused(self, refusal: Refusal) -> None:
        """Nothing; the refusal's sentences stand at their fields, or above the form."""
        known = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, text in known.items():
            self.add_error(name, text)
        if not known:
            self.add_error(None, refusal.sentence)


class AbsenceForm(RefusableForm):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Who is away"), empty_label=_("Choose a person"))
    starts_on = day_field(label=str(_("First day away")), required=True)
    ends_on = day_field(label=str(_("Last day away")), required=True)
    substitute = forms.ModelChoiceField(
        User.objects.none(), label=_("Who stands in"), required=False, empty_label=_("Nobody"),
        help_text=_("Works the list meanwhile. The accounts stay with their collector."),
    )  # fmt: skip

    def __init__(self, *args: Any, mates: QuerySet[User], on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("user", "substitute"):
            cast("forms.ModelChoiceField[User]", self.fields[name]).queryset = mates
        self.fields["starts_on"].initial = on


class CapacityForm(RefusableForm):
    """Seven numbers of minutes, one per weekday."""

    def __init__(self, *args: Any, week: tuple[int, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label, minutes in zip(WEEKDAYS, DAYS, week, strict=True):
            widget = forms.NumberInput(attrs={"min": 0, "max": MOST, "step": 5})
            self.fields[name] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST, initial=minutes, widget=widget
            )

    def week(self) -> list[int]:
        """The minutes in the order of the week."""
        return [self.cleaned_data[name] for name in WEEKDAYS]


class PortfolioForm(RefusableForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    entity = forms.ModelChoiceField(
        LegalEntity.objects.none(), label=_("Legal entity"), required=False, empty_label=_("Every entity")
    )
    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=_("Segment"), required=False, empty_label=_("Any customer")
    )
    least_overdue = AmountField(label=_("Overdue at least"), required=False, help_text=_("Empty: from nothing on."))
    most_overdue = AmountField(label=_("and less than"), required=False, help_text=_("Empty: without an upper end."))
    analysts = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Worked by"), required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    rank = forms.IntegerField(
        label=_("Rank"), min_value=1, max_value=9999, initial=100,
        help_text=_("An account belongs to the first portfolio that fits, lowest rank first."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, portfolio: Portfolio, actor: User, mates: QuerySet[User], **more: Any) -> None:
        self.portfolio = portfolio
        super().__init__(*args, **{**more, "initial": _initial(portfolio)})
        choices: Mapping[str, QuerySet[Any]] = {
            "entity": visible_entities(actor).order_by("name"),
            "segment": Segment.objects.filter(is_active=True),
            "analysts": mates,
        }
        for name, rows in choices.items():
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def filled(self) -> Portfolio:
        """The portfolio as typed, not saved."""
        for name in ("name", "entity", "segment", "least_overdue", "most_overdue", "rank", "is_active"):
            setattr(self.portfolio, name, self.cleaned_data[name])
        return self.portfolio


class AnswerForm(RefusableForm):
    answer = forms.CharField(
        label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what was decided, so that the analyst can go on.")},
    )  # fmt: skip


def _initial(portfolio: Portfolio) -> dict[str, Any]:
    if portfolio._state.adding:
        return {}
    amounts = {name: getattr(portfolio, name) for name in ("least_overdue", "most_overdue")}
    return {
        **{name: _plain(amount) for name, amount in amounts.items()},
        **{name: getattr(portfolio, name) for name in ("name", "entity", "segment", "rank", "is_active")},
        "analysts": [person.pk for person in portfolio.analysts.all()],
    }


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"
