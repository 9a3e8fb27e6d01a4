"""The form of a mail by hand: whom, about what, in which words. It checks the choices; `send_message` decides."""

import hashlib
import uuid
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from collections_app.lib.money import format_amount_with_code
from collections_app.web.writing import date_text
from customers.models import Contact
from dunning.models import NoticeTemplate
from dunning.queries.mail_desk import Desk
from dunning.rules.own_message import Claim
from dunning.rules.wording import WORDS
from dunning.services.write_message import Draft

ANSWER = "answer"  # whoever wrote, where that is no contact
_INVOICES, _STATEMENT, _OWN = "invoices", "statement", "own"
_ANEW = {"hx-trigger": "change", "hx-target": "#mail-shown", "hx-vals": '{"look": "words"}'}
_LIVE = {"hx-trigger": "input changed delay:400ms", "hx-target": "#mail-shown", "hx-vals": '{"look": "preview"}'}


class WordsField(forms.CharField):
    """Words that are asked for and may be missing for now: the preview says so, line by line."""

    def validate(self, value: Any) -> None:
        """Nothing; what is missing is named beside the preview."""


class MailForm(forms.Form):
    """One mail to one customer. `untouched` is the digest of the words as we filled them: what nobody changed may be
    filled anew; `seen` are the findings that stood on the screen."""

    to = forms.ChoiceField(label=_("To"))
    template = forms.ChoiceField(label=_("Words"))
    language = forms.ChoiceField(label=_("Language"))
    subject = WordsField(label=_("Subject"), max_length=200, strip=False)
    body = WordsField(
        label=_("Text"), max_length=20_000, strip=False,
        help_text=_("What stands in {{braces}} is made when it leaves; below you see it as it goes out."),
        widget=forms.Textarea(attrs={"rows": 12, "data-focus": True, "spellcheck": "true"}),
    )  # fmt: skip
    claims = forms.MultipleChoiceField(label=_("About"), required=False, widget=forms.CheckboxSelectMultiple())
    attach = forms.MultipleChoiceField(
        label=_("Attach"), required=False, widget=forms.CheckboxSelectMultiple(),
        choices=[(_INVOICES, _("These invoices as PDF")), (_STATEMENT, _("The statement of account"))],
    )  # fmt: skip
    copies = forms.MultipleChoiceField(label=_("Copies"), required=False, widget=forms.CheckboxSelectMultiple())
    settle = forms.BooleanField(label=_("File their message as done"), required=False)
    anyway = forms.BooleanField(label=_("I know this. Send it all the same."), required=False)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput())
    untouched = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())
    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput())

    def __init__(self, *args: Any, desk: Desk, address: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.desk, self.address = desk, address
        self._choose("to", self._people())
        self._choose("copies", [(str(row.pk), _person(row)) for row in desk.contacts if desk.is_reachable(row)])
        self._choose("claims", [(one.key, claim_words(one)) for one in desk.claims])
        self._choose("template", [(_OWN, _("Words of my own")), *_templates(desk)])
        names = dict(settings.LANGUAGES)
        self._choose("language", [(code, names.get(code, code)) for code in WORDS])
        for name in ("to", "template", "language", "claims", "attach", "copies"):
            self.fields[name].widget.attrs |= {"hx-post": address, **_ANEW}
        for name in ("subject", "body"):
            self.fields[name].widget.attrs |= {"hx-post": address, **_LIVE}
        if len(self.fields["copies"].choices) < 2:  # type: ignore[attr-defined]  # nobody beside the recipient
            del self.fields["copies"]
        if desk.answers is None or desk.answers.state == "done":
            del self.fields["settle"]

    def draft(self) -> Draft:
        """The mail as it is on the screen. Only after is_valid()."""
        data, contacts = self.cleaned_data, {str(row.pk): row for row in self.desk.contacts}
        labels = {one.key: one.label for one in self.desk.claims}
        return Draft(
            contacts.get(data["to"]), data["language"], " ".join(data["subject"].split("\n")).strip(),
            data["body"].replace("\r\n", "\n"), tuple(data["claims"]), {key: labels[key] for key in data["claims"]},
            copies=[contacts[key] for key in data.get("copies", ())],
            attaches_invoices=_INVOICES in data["attach"], attaches_statement=_STATEMENT in data["attach"],
            template=self._template(data["template"]), answers=self.desk.answers,
            token=data["token"] or uuid.uuid4(),
        )  # fmt: skip

    def anew(self) -> "MailForm":
        """The same form as one of its own: sent now, it is another mail than what it made before."""
        data = cast(QueryDict, self.data).copy()
        data["token"] = str(uuid.uuid4())
        return MailForm(data, desk=self.desk, address=self.address)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody changed the words since we filled them. Only after is_valid()."""
        data = self.cleaned_data
        return words_digest(data["subject"], data["body"]) == str(data["untouched"])

    @property
    def accepted(self) -> frozenset[str]:
        """The findings that stood on the screen and were said yes to. Only after is_valid()."""
        data = self.cleaned_data
        return frozenset(data["seen"].split(",")) if data["anyway"] else frozenset()

    def _template(self, chosen: str) -> NoticeTemplate | None:
        return next((row for row in self.desk.templates if str(row.pk) == chosen), None)

    def _people(self) -> list[tuple[str, Any]]:
        people: list[tuple[str, Any]] = [(str(row.pk), _person(row)) for row in self.desk.contacts]
        answered = self.desk.answers
        if answered is not None and self.desk.recipient() is None and answered.from_address:
            people.insert(0, (ANSWER, f"{answered.from_name} <{answered.from_address}>".strip()))
        return people or [("", _("Nobody: add a contact with an address first"))]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


def initial_of(draft: Draft) -> dict[str, Any]:
    """The draft as the form shows it first."""
    attach = [
        name for name, yes in ((_INVOICES, draft.attaches_invoices), (_STATEMENT, draft.attaches_statement)) if yes
    ]
    return {
        "to": str(draft.to.pk) if draft.to else ANSWER if draft.answers else "", "language": draft.language,
        "template": str(draft.template.pk) if draft.template else _OWN, "subject": draft.subject, "body": draft.body,
        "claims": list(draft.claims), "attach": attach, "copies": [str(row.pk) for row in draft.copies],
        "settle": draft.answers is not None, "token": draft.token,
        "untouched": words_digest(draft.subject, draft.body),
    }  # fmt: skip


def words_digest(subject: str, body: str) -> str:
    """A mark of these words, the same whatever line ends a browser sends."""
    words = "\n".join([" ".join(subject.split()), *body.replace("\r\n", "\n").strip().splitlines()])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def claim_words(claim: Claim) -> str:
    """One claim in a choice: number, what would be asked, how late, and why less than all is asked."""
    parts = [claim.label, format_amount_with_code(claim.asked, claim.currency), date_text(claim.due_on)]
    marks = ((claim.disputed, _("disputed")), (claim.promised, _("promised")), (claim.on_plan, _("on a plan")),
             (claim.in_flight, _("on its way")))  # fmt: skip
    return " · ".join([*parts, *(str(words) for amount, words in marks if amount)])


def _person(row: Contact) -> str:
    health = f" · {row.get_health_display()}" if row.health != Contact.Health.OK else ""
    return f"{row.name} <{row.email}>{health}"


def _templates(desk: Desk) -> list[tuple[str, str]]:
    return [
        (str(row.pk), f"{row.get_stage_display()}{f' · {row.key}' if row.key else ''} · {row.language}")
        for row in desk.templates
    ]  # fmt: skip
