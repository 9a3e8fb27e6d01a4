"""The words of a template. Every problem names its line (D65)."""

from typing import Any

from django import forms

from dunning.rules.templates import Problem, problems_of


class TemplateForm(forms.Form):
    """Subject and body with allow-listed placeholders."""

    subject = forms.CharField(max_length=200)
    body = forms.CharField(
        label="Text", max_length=20_000, widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"})
    )

    warnings: tuple[Problem, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found = problems_of(cleaned.get("subject", ""), cleaned.get("body", "")) if not self.errors else []
        for problem in found:
            if not problem.is_warning:
                name = f"Line {problem.line}: " if problem.line else ""
                self.add_error("body" if problem.line else "subject", name + problem.sentence)
        self.warnings = tuple(problem for problem in found if problem.is_warning)
        return cleaned
