"""The forms of the import pages: the file, how it is written, and which column is which."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.money import is_currency
from customers.import_sources.base import Options
from customers.import_sources.delimited import ENCODINGS
from customers.models import LegalEntity
from customers.rules.import_fields import FIELDS, missing_fields

_DELIMITERS = [("", _("Detect")), (",", _("Comma")), (";", _("Semicolon")), ("\t", _("Tab")), ("|", _("Bar"))]
_ORDERS = [("", _("Choose")), ("ymd", "2026-11-03"), ("dmy", "03.11.2026"), ("mdy", "11/03/2026")]
_MARKS = [("", _("Choose")), (".", "1,234.50"), (",", "1.234,50")]


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(label=_("File"), help_text=_("CSV, TSV, XLSX or XLS, up to 100 MB. Nothing is written yet."))


class FormatForm(forms.Form):
    """Where the rows go, and how the file is written. Empty choices are detected."""

    entity = forms.ModelChoiceField(
        LegalEntity.objects.none(), label=_("Legal entity"), required=False, empty_label=_("As named in each row")
    )
    source = forms.ChoiceField(label=_("Kind of file"))
    encoding = forms.ChoiceField(
        label=_("Encoding"), required=False, choices=[("", _("Detect")), *((name, name) for name in ENCODINGS)]
    )
    delimiter = forms.ChoiceField(label=_("Delimiter"), required=False, choices=_DELIMITERS)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        entities: Any,
        sources: Sequence[tuple[str, str]],
        sheets: Sequence[str],
        **given: Any,
    ) -> None:
        super().__init__(data, **given)
        entity, source, sheet = self.fields["entity"], self.fields["source"], self.fields["sheet"]
        if isinstance(entity, forms.ModelChoiceField):
            entity.queryset = entities
        if isinstance(source, forms.ChoiceField):
            source.choices = list(sources)
        if isinstance(sheet, forms.ChoiceField):
            sheet.choices = [("", _("The first one with rows")), *((name, name) for name in sheets)]
        for name in ("encoding", "delimiter") if sheets else ("sheet",):
            del self.fields[name]

    def options(self, before: Options) -> Options:
        """The options as chosen; what depended on another reading is forgotten."""
        chosen = {name: self.cleaned_data.get(name, "") for name in ("source", "encoding", "delimiter", "sheet")}
        if any(getattr(before, name) != value for name, value in chosen.items()):
            before = Options(terms_days=before.terms_days, currency=before.currency)
        return replace(before, **chosen)


class ColumnsForm(forms.Form):
    """Which column fills which field, and how dates and amounts are written."""

    date_order = forms.ChoiceField(label=_("Dates are written like"), required=False, choices=_ORDERS)
    decimal_mark = forms.ChoiceField(label=_("Amounts are written like"), required=False, choices=_MARKS)
    currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3, help_text=_("Of rows that do not name one.")
    )
    new_customers = forms.BooleanField(label=_("Create customers that are not known yet"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        headers: Sequence[str],
        samples: Mapping[str, Sequence[str]],
        mapped: bool,
        **given: Any,
    ) -> None:
        super().__init__(data, **given)
        if not mapped:
            del self.fields["currency"], self.fields["decimal_mark"]
            return
        for field in FIELDS:
            chosen = (self.initial.get(f"map_{field.name}") if data is None else data.get(f"map_{field.name}")) or ""
            shown = ", ".join(sample for sample in samples.get(chosen, ())[:3] if sample)
            self.fields[f"map_{field.name}"] = forms.ChoiceField(
                label=field.label,
                required=field.required,
                choices=[("", "–"), *((header, header) for header in headers)],
                help_text=shown and _("For example: %(values)s") % {"values": shown},
            )
        self.order_fields([f"map_{field.name}" for field in FIELDS])

    def clean_currency(self) -> str:
        """The code in capitals."""
        code = str(self.cleaned_data["currency"]).upper()
        if code and not is_currency(code):
            raise forms.ValidationError(_("Write a currency code such as EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        """Refuses a column that is used twice, and a mapping without any date."""
        cleaned = super().clean() or self.cleaned_data
        mapping = self.mapping()
        for name, header in mapping.items():
            if list(mapping.values()).count(header) > 1:
                self.add_error(f"map_{name}", _("This column is chosen more than once."))
        if mapping and "Issue date or Due date" in missing_fields(mapping):
            self.add_error("map_due_on", _("Choose a column for the issue date or the due date."))
        return cleaned

    def mapping(self) -> dict[str, str]:
        """Field name -> header, without the empty ones."""
        named = {field.name: self.cleaned_data.get(f"map_{field.name}") for field in FIELDS}
        return {name: header for name, header in named.items() if header}

    def options(self, before: Options) -> Options:
        """The options with what was chosen."""
        data = self.cleaned_data
        return replace(
            before,
            mapping=self.mapping(),
            date_order=data.get("date_order") or None,
            decimal_mark=data.get("decimal_mark") or None,
            currency=data.get("currency") or "",
        )
