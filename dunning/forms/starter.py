"""Which starter pack goes to which legal entity."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from customers.models import LegalEntity
from dunning.rules.starters import STARTERS


class StarterForm(forms.Form):
    """A kind of business and a legal entity of the person's own."""

    kind = forms.ChoiceField(choices=[(kind, one.name) for kind, one in STARTERS.items()], label="Kind of business")
    entity = forms.ModelChoiceField(queryset=LegalEntity.objects.none(), label="Legal entity", empty_label=None)

    def __init__(self, *args: Any, entities: QuerySet[LegalEntity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["entity"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = entities
