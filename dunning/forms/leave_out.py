"""Why some letters of a run are left out."""

from django import forms

from collections_app.lib.errors import BadInput


class LeaveOutForm(forms.Form):
    """The reason, which is kept with each letter."""

    reason = forms.CharField(
        max_length=500, error_messages={"required": "Say why these are left out. The reason is kept with each of them."}
    )

    def checked(self) -> str:
        """The reason. Raises BadInput with a sentence where there is none, or none that can be kept."""
        if not self.is_valid():
            raise BadInput(" ".join(str(told) for told in self.errors["reason"]), code="no_reason")
        return str(self.cleaned_data["reason"])
