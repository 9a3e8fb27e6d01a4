"""The words of a template. Every problem names its line (D65)."""

from typing import Any

from django import forms
from django.conf import settings

from dunning.models import NoticeTemplate
from dunning.queries.policies import channels
from dunning.rules.templates import ANYWHERE, BLOCKS, INLINE, Place, Problem, problems_of
from dunning.rules.tone import TONES

# While typing, the preview follows; it also follows without script, by its button.
_LIVE = {"hx-trigger": "input changed delay:400ms", "hx-target": "#template-preview", "hx-vals": '{"preview": "1"}'}


class TemplateForm(forms.Form):
    """Subject and body with allow-listed placeholders. `anyway` accepts what only sounds wrong."""

    subject = forms.CharField(max_length=200, strip=False)
    body = forms.CharField(
        label="Text", max_length=20_000, widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"})
    )

    warnings: tuple[Problem, ...] = ()

    def __init__(self, *args: Any, place: Place = ANYWHERE, address: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        for field in self.fields.values():
            field.widget.attrs |= {"lang": place.language, **({"hx-post": address, **_LIVE} if address else {})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = cleaned.get("subject", ""), cleaned.get("body", "")
        found = problems_of(*words, self.place) if not self.errors else []
        for problem in found:
            if not problem.is_warning:
                name = f"Line {problem.line}: " if problem.line else ""
                self.add_error("body" if problem.line else "subject", name + problem.sentence)
        self.warnings = tuple(problem for problem in found if problem.is_warning)
        return cleaned

    def with_inserted(self, name: str) -> "TemplateForm":
        """The form with that placeholder at the end of its text: what the menu does where no script runs."""
        words = {"subject": self.data.get("subject", ""), "body": self.data.get("body", "")}
        if name in INLINE:
            words["body"] = f"{words['body'].rstrip()} {{{{{name}}}}}"
        elif name in BLOCKS:
            words["body"] = f"{words['body'].rstrip()}\n\n{{{{{name}}}}}\n"
        return TemplateForm(initial=words, place=self.place)


class NewWordsForm(forms.Form):
    """Which words to add: a key of one's own, or a language that is missing."""

    key = forms.CharField(
        max_length=40,
        required=False,
        label="Key",
        help_text="Empty: for every step of the stage. Else steps ask for it.",
    )
    stage = forms.ChoiceField(choices=NoticeTemplate.Stage.choices)
    channel = forms.ChoiceField()
    language = forms.ChoiceField(choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, one.label) for code, one in channels().items() if one.written]


class AddressModesForm(forms.Form):
    """The languages in which customers are addressed informally."""

    informal = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Informal in")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        field = self.fields["informal"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (code, f"{names.get(code, code)}: “{tone.familiar_name}” instead of “{tone.polite_name}”")
            for code, tone in TONES.items()
            if tone.familiar is not None
        ]
