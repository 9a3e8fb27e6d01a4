"""The form that adds a policy: for which legal entity and customers, and what it starts from."""

from typing import Any

from django import forms

from collections_app.accounts.models import User
from customers.access import visible_entities
from customers.models import LegalEntity, Segment
from dunning.access import visible_policies
from dunning.models import Policy


class _PolicyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Policy) -> str:
        return f"{obj.name}, {obj.entity.name}"


class NewPolicyForm(forms.Form):
    """A policy to be. Only what its user may see can be chosen."""

    entity = forms.ModelChoiceField(LegalEntity.objects.none(), label="Legal entity", empty_label=None)
    name = forms.CharField(max_length=100)
    based_on = _PolicyChoice(
        Policy.objects.none(), required=False, empty_label="The standard steps", label="Starts with the steps of"
    )
    segment = forms.ModelChoiceField(
        Segment.objects.none(), required=False, empty_label="All customers", label="Only for customers of this segment"
    )
    strategy = forms.CharField(max_length=40, required=False, label="Only for customers with this strategy")
    rank = forms.IntegerField(
        min_value=0, max_value=9999, initial=100, label="Rank among the policies",
        help_text="A customer comes under the policy with the lowest rank that fits.",
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policies = visible_policies(user).select_related("entity").order_by("entity__code", "rank", "pk")
        self._offer("entity", visible_entities(user).order_by("code"))
        self._offer("based_on", policies)
        self._offer("segment", Segment.objects.filter(is_active=True))

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows
