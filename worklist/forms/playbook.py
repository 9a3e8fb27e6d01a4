"""The form of a playbook with its steps. It checks what was typed; saving is the service's."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from customers.models import Segment
from worklist.models import Playbook
from worklist.services.save_playbook import MOST_STEPS, WrittenStep

BLANK_STEPS = 3
# What an analyst can do by key; a step without one is ticked by hand.
ACTIONS = (
    ("", _("Ticked by hand")),
    ("call", _("Log a call")),
    ("mail", _("Write an e-mail")),
    ("promise", _("Record a promise")),
    ("dispute", _("Open a dispute")),
    ("note", _("Write a note")),
    ("snooze", _("Snooze")),
    ("pin", _("Pin")),
    ("assign", _("Assign")),
    ("hold", _("Place on hold")),
    ("escalate", _("Ask the manager")),
)


class StepForm(forms.Form):
    """One step; without words it is none."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput())
    position = forms.IntegerField(
        label=_("Place"), min_value=1, max_value=99, widget=forms.NumberInput(attrs={"class": "input tiny"})
    )
    text = forms.CharField(label=_("What to do"), required=False, max_length=250)
    action = forms.ChoiceField(label=_("Done when"), choices=ACTIONS, required=False)
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=0, max_value=240, widget=forms.NumberInput(attrs={"class": "input tiny"})
    )


class PlaybookForm(forms.ModelForm[Playbook]):
    """The playbook itself, and `steps`: the steps there are, with a few blank ones below."""

    class Meta:
        model = Playbook
        fields = (
            "title", "stage", "occasion", "segment", "rank", "is_active", "goal", "tone", "script", "do", "dont",
        )  # fmt: skip
        labels = {
            "title": _("Title"), "stage": _("Stage"), "occasion": _("Occasion"), "segment": _("Segment"),
            "rank": _("Rank"), "is_active": _("In use"), "goal": _("Goal"), "tone": _("Tone"),
            "script": _("Call script"), "do": _("Do"), "dont": _("Do not"),
        }  # fmt: skip
        help_texts = {
            "rank": _("Of those that fit, the lowest counts."),
            "do": _("One piece of advice per line."),
            "dont": _("One piece of advice per line."),
        }
        widgets = {
            "script": forms.Textarea(attrs={"rows": 8}),
            "do": forms.Textarea(attrs={"rows": 4}),
            "dont": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["segment"] = forms.ModelChoiceField(
            Segment.objects.filter(is_active=True), label=_("Segment"), required=False, empty_label=_("Any customer")
        )
        self.fields["stage"].choices = Playbook.Stage.choices  # type: ignore[attr-defined]
        self.fields["occasion"].choices = Playbook.Occasion.choices  # type: ignore[attr-defined]
        self.steps = forms.formset_factory(
            StepForm, extra=0, max_num=MOST_STEPS + BLANK_STEPS, absolute_max=MOST_STEPS + BLANK_STEPS
        )(self.data if self.is_bound else None, prefix="step", initial=None if self.is_bound else self._known())

    def _known(self) -> list[dict[str, Any]]:
        rows = list(self.instance.steps.all()) if self.instance.pk else []
        known = [
            {"id": row.pk, "position": place, "text": row.text, "action": row.action, "minutes": row.minutes}
            for place, row in enumerate(rows, start=1)
        ]
        return known + [{"position": len(rows) + blank, "minutes": 2} for blank in range(1, BLANK_STEPS + 1)]

    def is_valid(self) -> bool:
        """Whether playbook and steps can be read."""
        well = super().is_valid()
        if not self.steps.is_valid():
            self.add_error(None, _("A step cannot be read. Look at the words below it."))
            return False
        return well

    def written(self) -> list[WrittenStep]:
        """The steps in the order of their places, those without words left out."""
        rows = [row for row in self.steps.cleaned_data if row.get("text", "").strip()]
        return [
            WrittenStep(row["text"].strip(), row["action"], row["minutes"], row["id"])
            for row in sorted(rows, key=lambda row: row["position"])
        ]

    def named(self) -> Playbook:
        """The playbook as typed, not saved; a new one gets a code from its title."""
        playbook = self.save(commit=False)
        if not playbook.code:
            stem = slugify(playbook.title)[:34] or "playbook"
            taken = set(Playbook.objects.filter(code__startswith=stem).values_list("code", flat=True))
            playbook.code = next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if code not in taken)
        return playbook
