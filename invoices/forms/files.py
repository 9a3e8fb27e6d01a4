"""A field for several files, read as they came. What may be kept is the service's to decide."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from customers.models.attachment import MOST_BYTES
from invoices.services.comment_case import MOST_FILES, Brought


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. Their number and size are checked before any is read."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[Brought]:
        """The files; empty for none."""
        files = [file for file in data or () if isinstance(file, UploadedFile)]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most five files."))
        if any((file.size or 0) > MOST_BYTES for file in files):
            raise forms.ValidationError(_("A file is larger than 10 MB. Choose a smaller one."))
        if any(not file.size for file in files):
            raise forms.ValidationError(_("A file is empty. Choose another one."))
        return [Brought(file.name or "file", file.read(), file.content_type or "") for file in files]
