"""The forms on the page of a dispute: change, move, comment, ask, add, end, open again; and the colleague's answer.
They check; services decide."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from collections_app.accounts.roles import CAPABILITIES, Capability
from collections_app.lib.errors import Refusal
from collections_app.lib.money import format_amount_with_code
from invoices.forms.files import FilesField
from invoices.forms.typed_amount import written_amount
from invoices.models import Dispute, DisputeCase
from invoices.services.change_case import Values
from worklist.forms.fields import AmountField, DigitChoice, day_field
from worklist.forms.shares import Row, SharesField, shares_field
from worklist.queries.dispute_case import CasePage, addable

_ENDS = [
    ("credited", _("Credit note")), ("adjusted", _("Adjustment, without a credit note")),
    ("rejected", _("Rejected: it is owed")), ("withdrawn", _("Withdrawn, or opened by mistake")),
]  # fmt: skip


def _files() -> FilesField:
    return FilesField(label=_("Files"), required=False, help_text=_("At most five, 10 MB each."))


@dataclass(frozen=True, slots=True)
class AboutCase:
    """Which case, as it stands, on which business day, and who looks at it."""

    page: CasePage
    on: date
    person: User

    @property
    def case(self) -> DisputeCase:
        """The case itself."""
        return self.page.case


class CaseForm(forms.Form):
    """A form about one case."""

    def __init__(self, *args: Any, about: AboutCase, **more: Any) -> None:
        super().__init__(*args, **more)
        self.about = about
        self.prepare()

    def prepare(self) -> None:
        """Nothing; subclasses fill choices and values here."""

    def refused(self, refusal: Refusal) -> None:
        """Nothing; the refusal's sentences stand at their fields, or above the form."""
        known = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, text in known.items():
            self.add_error(name, text)
        if not known:
            self.add_error(None, refusal.sentence)


class ChangeForm(CaseForm):
    """Owner, deadline, reason, root cause, and the amount of each open invoice; `version` is what the editor saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label=_("Nobody"),
        widget=forms.Select(attrs={"data-focus": True}),
    )  # fmt: skip
    answer_by = day_field(label=str(_("Answer by")), required=True)
    reason = forms.ChoiceField(label=_("Reason"), choices=Dispute.Reason.choices)
    root_cause = forms.ChoiceField(label=_("Root cause"), required=False, choices=DisputeCase.RootCause.choices)

    def prepare(self) -> None:
        case = self.about.case
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = owners_of(case)
        self.initial = {"version": case.version, "owner": case.owner_id, "answer_by": case.answer_by,
                        "reason": case.reason, "root_cause": case.root_cause}  # fmt: skip
        for row in self.about.page.lines:
            if row.dispute.state == Dispute.State.OPEN:
                name = f"amount_{row.dispute.invoice_id}"
                label = _("Disputed of %(number)s") % {"number": row.dispute.invoice.number}
                self.fields[name] = AmountField(currency=case.currency, label=label, required=True)
                self.initial[name] = written_amount(row.dispute.amount, case.currency)

    def values(self) -> Values:
        """What is to be stored."""
        data = self.cleaned_data
        amounts: dict[int, Decimal] = {
            int(name.removeprefix("amount_")): value for name, value in data.items() if name.startswith("amount_")
        }
        return Values(data["owner"], data["answer_by"], data["reason"], data["root_cause"], amounts)

    def differences(self) -> list[tuple[str, str, str]]:
        """Field by field (label, what is stored now, what was typed here), where the two are not the same (D87)."""
        found = []
        for bound in self.visible_fields():
            theirs, mine = self._words(bound, self.get_initial_for_field(bound.field, bound.name)), self._typed(bound)
            if theirs != mine:
                found.append((str(bound.label), theirs, mine))
        return found

    def on_top_of(self, version: int) -> None:
        """Nothing; sent again, the form replaces this version: its editor has seen both."""
        sent: Any = self.data
        self.data = sent.copy()
        self.data["version"] = str(version)  # type: ignore[index]

    def _typed(self, bound: forms.BoundField) -> str:
        return self._words(bound, self.data.get(bound.html_name, ""))

    @staticmethod
    def _words(bound: forms.BoundField, value: Any) -> str:
        choices = getattr(bound.field, "choices", None)
        if choices is not None:
            return next((str(words) for code, words in choices if str(code) == str(value or "")), "")
        return str(value)


class MoveForm(CaseForm):
    """To which stage, from the one that was seen, with a word about it."""

    to = forms.ChoiceField(label=_("Move to"), widget=DigitChoice())
    seen = forms.CharField(widget=forms.HiddenInput, max_length=14)
    text = forms.CharField(label=_("Note"), required=False, max_length=500)

    def prepare(self) -> None:
        self.initial["seen"] = self.about.case.stage
        labels = dict(DisputeCase.Stage.choices)
        seen = self.data.get("seen", "") if self.is_bound else ""
        here = self.about.page.moves
        known = [(code, labels[code]) for code in ("investigating", "colleague", "customer")]
        cast(forms.ChoiceField, self.fields["to"]).choices = known if seen and seen != self.about.case.stage else here


class CommentForm(CaseForm):
    """Words and files for the history."""

    text = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": True}),
    )
    attached = _files()


class AskForm(CaseForm):
    """Whom to ask what."""

    to_name = forms.CharField(
        label=_("Who knows"), max_length=120, widget=forms.TextInput(attrs={"data-focus": True, "autocomplete": "off"})
    )
    to_email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    question = forms.CharField(label=_("Question"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class AddForm(CaseForm):
    """Further invoices of the account."""

    invoices = shares_field()

    def prepare(self) -> None:
        rows = addable(self.about.case, on=self.about.on)
        self.found = {row.pk: row for row in rows}
        shown = [
            Row(row.pk, f"{row.number} · {format_amount_with_code(row.open_amount, row.currency)}", row.currency)
            for row in rows
        ]
        cast(SharesField, self.fields["invoices"]).show(shown)

    def refused(self, refusal: Refusal) -> None:
        """Nothing; a sentence about an amount stands at the invoices."""
        if "amount" in refusal.fields:
            self.add_error("invoices", refusal.fields["amount"])
        else:
            super().refused(refusal)


class CloseForm(CaseForm):
    """How the dispute ends, what caused it, and what the customer is told."""

    outcome = forms.ChoiceField(label=_("How does it end?"), widget=DigitChoice(), choices=_ENDS)
    root_cause = forms.ChoiceField(label=_("Root cause"), required=False, choices=DisputeCase.RootCause.choices)
    resolution = forms.CharField(
        label=_("What was decided, and why"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        self.initial["root_cause"] = self.about.case.root_cause


class ReopenForm(CaseForm):
    """Why it is opened again."""

    why = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2, "data-focus": True})
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What a colleague answers by link."""

    text = forms.CharField(
        label=_("Your answer"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write your answer first.")},
    )  # fmt: skip
    attached = _files()


def owners_of(case: DisputeCase) -> Any:
    """The people of the customer's team who work on accounts, by name, and whoever owns it now: somebody who changes
    something else must not take it from them unseen."""
    roles = [role for role, rights in CAPABILITIES.items() if Capability.WORK_ACCOUNTS in rights]
    team = case.customer.entity.team_id
    rows = User.objects.filter(Q(teams=team, is_active=True, role__in=roles) | Q(pk=case.owner_id))
    return rows.distinct().order_by("first_name", "username")
