"""The form of a note: words, files, a day to look again, and whether it stands on top of the account."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import SimpleLazyObject, lazystr
from django.utils.translation import gettext_lazy as _

from customers.models.attachment import MOST_BYTES
from worklist.forms.actions import ActionForm
from worklist.forms.fields import day_field
from worklist.queries.colleagues import colleagues

MOST_FILES = 5
_NAMES_SHOWN = 8


class FilesInput(forms.ClearableFileInput):
    """Chooses several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to five files of at most 10 MB each; none is an empty list."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files; a ValidationError in our words when there are too many, or one is empty or too large."""
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("At most %(n)s files at once.") % {"n": MOST_FILES}, code="too_many")
        files = [super(FilesField, self).clean(one, initial) for one in given]
        for one in files:
            if one.size > MOST_BYTES:
                raise forms.ValidationError(
                    _("%(name)s is larger than 10 MB. Send a smaller one.") % {"name": one.name[:80]}, code="too_large"
                )
        return files


class NoteForm(ActionForm):
    text = forms.CharField(
        label=_("Note"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3, "data-focus": True}),
        error_messages={"required": _("Write the note first.")},
    )  # fmt: skip
    attached = FilesField(label=_("Files"), required=False, widget=FilesInput(attrs={"multiple": True}))
    follow_up_on = day_field(label=_("Follow up on"))
    pinned = forms.BooleanField(label=_("Pin to the top of the account"), required=False)

    def prepare(self) -> None:
        cast(forms.CharField, self.fields["text"]).help_text = lazystr(SimpleLazyObject(self._whom_to_tell))

    def _whom_to_tell(self) -> str:
        """Asked for when the form is shown; saving it shows none."""
        names = [f"@{user.username}" for user in colleagues(self.about.customer)[:_NAMES_SHOWN]]
        return _("Tell a colleague by name: %(names)s") % {"names": ", ".join(names)} if names else ""
