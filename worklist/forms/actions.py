"""The forms behind the single keys: call, note, promise, dispute, snooze, assign, hold. They check; services decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from collections_app.accounts.roles import CAPABILITIES, Capability
from collections_app.lib.errors import BadInput, Refusal
from collections_app.lib.money import format_amount_with_code
from collections_app.web.writing import date_text
from customers.models import Contact, Customer, Hold
from worklist.forms.fields import AmountField, DigitChoice, day_field, decimal_mark
from worklist.models import Activity
from worklist.queries.account import OpenItem
from worklist.rules.plan_text import read_plan
from worklist.rules.promise_text import read_promise

OTHER = "other"


@dataclass(frozen=True, slots=True)
class About:
    """Whom the form is about, on which business day, and what is open there."""

    customer: Customer
    on: date
    items: Sequence[OpenItem]
    promise_until: date | None = None


class ActionForm(forms.Form):
    """A form about one customer."""

    def __init__(self, *args: Any, about: About, **more: Any) -> None:
        super().__init__(*args, **more)
        self.about = about
        self.prepare()

    def prepare(self) -> None:
        """Nothing; subclasses fill choices here."""

    def refused(self, refusal: Refusal) -> None:
        """Nothing; the refusal's sentences stand at their fields, or above the form."""
        known = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, text in known.items():
            self.add_error(name, text)
        if not known:
            self.add_error(None, refusal.sentence)


class CallForm(ActionForm):
    outcome = forms.ChoiceField(
        label="How did it go?", widget=DigitChoice(), choices=[row for row in Activity.Outcome.choices if row[0]]
    )
    text = forms.CharField(label="Note", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))
    follow_up_on = day_field(label="Follow up on")


class PickDayForm(ActionForm):
    """A day chosen by one digit, or typed."""

    def days(self) -> list[tuple[str, date]]:
        """Words and day of each quick choice."""
        raise NotImplementedError

    def fill(self, name: str) -> None:
        """Nothing; the radio field gets the quick days and "another day"."""
        field = cast(forms.ChoiceField, self.fields[name])
        days = {day: words for words, day in reversed(self.days())}  # one choice per day, the first words win
        quick = [(day.isoformat(), f"{days[day]} · {date_text(day, on=self.about.on)}") for day in sorted(days)]
        field.choices = [*quick, (OTHER, "Another day")]
        field.initial = quick[0][0]

    def picked(self, name: str, other: str) -> date | None:
        """The chosen day; None with an error at the right field when "another day" was left empty."""
        choice = self.cleaned_data.get(name)
        if choice and choice != OTHER:
            return date.fromisoformat(choice)
        day: date | None = self.cleaned_data.get(other)
        if day is None and other not in self.errors and name not in self.errors:
            self.add_error(other, "Choose the day.")
        return day


class PromiseForm(PickDayForm):
    said = forms.CharField(
        label="In their words", required=False, max_length=120,
        help_text=_("Such as “fri 500”, “all by 15.12.” or “in 3 Raten”"),
        widget=forms.TextInput(attrs={"data-focus": True, "autocomplete": "off"}),
    )  # fmt: skip
    when = forms.ChoiceField(label="Or choose the day", widget=DigitChoice(focused=False), required=False)
    promised_on = day_field(label="Another day")
    amount = AmountField(label="Amount", required=False, help_text="Empty: all that is open of the chosen invoices.")
    invoices = forms.MultipleChoiceField(
        label="Invoices",
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text="None chosen: the oldest first.",
    )
    note = forms.CharField(label="Note", required=False, max_length=250)

    def days(self) -> list[tuple[str, date]]:
        on = self.about.on
        friday = on + timedelta(days=(4 - on.weekday() - 1) % 7 + 1)
        return [("Tomorrow", on + timedelta(days=1)), ("Friday", friday), ("In a week", on + timedelta(days=7))]

    def prepare(self) -> None:
        self.fill("when")
        cast(AmountField, self.fields["amount"]).currency = self.currency
        cast(forms.MultipleChoiceField, self.fields["invoices"]).choices = [
            (str(row.id), item_words(row)) for row in self.about.items
        ]

    @property
    def currency(self) -> str:
        """The currency with the most open; a promise is in one."""
        totals: dict[str, Decimal] = {}
        for row in self.about.items:
            totals[row.currency] = totals.get(row.currency, Decimal(0)) + row.open
        return max(totals, key=lambda code: totals[code], default=self.about.customer.currency)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("said"):
            try:
                self._understand(data)
            except Refusal as refusal:
                self.refused(refusal)
                return data
        else:
            data["day"], data["sum"] = self.picked("when", "promised_on"), data.get("amount")
        return data

    def _understand(self, data: dict[str, Any]) -> None:
        """Nothing; what was said is read: the parts of a plan, or one day and amount."""
        on, currency, mark = self.about.on, self._meant_currency(), decimal_mark()
        plan = read_plan(data["said"], today=on, currency=currency, decimal_mark=mark)
        if plan is None:
            spoken = read_promise(data["said"], today=on, currency=currency, decimal_mark=mark)
            data["day"], data["sum"] = spoken.on, data.get("amount") or spoken.amount
            return
        opened = data.get("amount") or sum((row.open for row in self._rows()), Decimal(0))
        data["parts"] = plan.parts(opened, today=on, currency=currency)
        data["sum"] = sum((part.amount for part in data["parts"]), Decimal(0))

    def _meant_currency(self) -> str:
        """The currency of the chosen invoices, or the promise's own where none is chosen. Raises BadInput for two."""
        found = {row.currency for row in self._rows()}
        if len(found) > 1:
            sentence = str(_("A promise is in one currency. Choose invoices of one currency."))
            raise BadInput(sentence, code="two_currencies", fields={"invoices": sentence})
        return found.pop() if found else self.currency

    def _rows(self) -> list[OpenItem]:
        """The chosen invoices, or all in the promise's currency, oldest first."""
        wanted = set(self.cleaned_data.get("invoices") or ())
        if wanted:
            return [row for row in self.about.items if str(row.id) in wanted]
        return [row for row in self.about.items if row.currency == self.currency]

    def shares(self) -> list[tuple[int, Decimal | None]]:
        """(invoice id, amount) pairs: the chosen invoices, or all, oldest first until the amount is used up."""
        rows = self._rows()
        left: Decimal | None = self.cleaned_data.get("sum")
        if left is None:
            return [(row.id, None) for row in rows]
        shares: list[tuple[int, Decimal | None]] = []
        for row in rows:
            if left <= 0 and shares:
                break
            part = left if row is rows[-1] else min(left, row.open)
            shares.append((row.id, part))
            left -= part
        return shares


class SnoozeForm(PickDayForm):
    when = forms.ChoiceField(label="Until", widget=DigitChoice())
    until = day_field(label="Another day")
    reason = forms.CharField(label="Reason", required=False, max_length=200, help_text="Stays visible on the list.")

    def days(self) -> list[tuple[str, date]]:
        on = self.about.on
        days = [("Tomorrow", on + timedelta(days=1)), ("Next Monday", on + timedelta(days=7 - on.weekday()))]
        if self.about.promise_until and self.about.promise_until >= on:
            days.append(("After the promise", self.about.promise_until + timedelta(days=1)))
        return days

    def prepare(self) -> None:
        self.fill("when")

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["day"] = self.picked("when", "until")
        return self.cleaned_data


class AssignForm(ActionForm):
    collector = forms.ModelChoiceField(
        User.objects.none(), label="Collector", required=False, empty_label="Nobody",
        widget=forms.Select(attrs={"data-focus": True}),
    )  # fmt: skip

    def prepare(self) -> None:
        roles = [role for role, rights in CAPABILITIES.items() if Capability.WORK_ACCOUNTS in rights]
        field = cast("forms.ModelChoiceField[User]", self.fields["collector"])
        field.queryset = (
            User.objects.filter(teams=self.about.customer.entity.team_id, is_active=True, role__in=roles)
            .distinct().order_by("first_name", "username")
        )  # fmt: skip
        field.initial = self.about.customer.collector_id


class HoldForm(ActionForm):
    reason = forms.ChoiceField(label="Reason", choices=Hold.Reason.choices, widget=DigitChoice())
    ends_on = day_field(label="Last day of the hold", required=True)
    starts_on = day_field(label="First day", help_text="Empty: today.")
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label="Who", required=False, empty_label="Nobody there is contacted"
    )
    then = forms.ChoiceField(label="Afterwards", required=False, choices=Hold.Then.choices)
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        field = cast("forms.ModelChoiceField[Contact]", self.fields["contact"])
        field.queryset = Contact.objects.filter(customer=self.about.customer).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        data["starts_on"] = data.get("starts_on") or self.about.on
        data["then"] = data.get("then") or Hold.Then.CONTINUE
        return data


def item_words(row: OpenItem) -> str:
    """One invoice in a choice: number, open amount, days late."""
    late = f"{row.late} days late" if row.late else f"due {date_text(row.due_on)}"
    return f"{row.number} · {format_amount_with_code(row.open, row.currency)} · {late}"
