"""What the lists of documents may be asked for, by address. Names that are not here are ignored (case D78)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from collections_app.lib.errors import Refusal
from collections_app.lib.money import parse_amount
from customers.access import visible_entities
from customers.models import LegalEntity
from invoices.filters import DayField, amounts_in
from invoices.forms.typed_amount import TypedAmountField, decimal_mark
from invoices.models import Adjustment, Invoice, Payment, Refund
from invoices.queries.document_lists import within

_ALL = ("", _("All"))


class DocumentFilter(forms.Form):
    """What every list can be narrowed by. Subclasses name their fields in `first` (always shown), the rest folds away,
    and say where the words, the day and the amount of a document are found."""

    first: tuple[str, ...] = ("q", "status", "entity", "currency")
    day_field, amount_field = "", "amount"
    word_fields: tuple[str, ...] = ()

    q = forms.CharField(label=_("Customer or reference"), required=False, max_length=100)
    entity: forms.Field = forms.ModelChoiceField(
        LegalEntity.objects.none(), to_field_name="code", label=_("Entity"), required=False, empty_label=_("All")
    )
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    customer = forms.CharField(label=_("Customer number"), required=False, max_length=40)
    day_from = DayField(label=_("From"), required=False)
    day_to = DayField(label=_("Until"), required=False)
    amount_from = TypedAmountField(label=_("Amount from"), required=False)
    amount_to = TypedAmountField(label=_("Amount up to"), required=False)
    as_of = DayField(label=_("As of"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["entity"].queryset = visible_entities(user)  # type: ignore[attr-defined]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that are always in sight."""
        return [self[name] for name in self.first]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The other fields."""
        return [self[name] for name in self.fields if name not in self.first]

    @property
    def is_folded_used(self) -> bool:
        """Whether one of the folded fields narrows the list or is wrong, so that it must be seen."""
        return any(bound.errors or self.data.get(bound.name) for bound in self.folded)

    @property
    def is_used(self) -> bool:
        """Whether anything narrows the list."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def is_narrow(self) -> bool:
        """Whether few rows are to be expected: somebody or something was named."""
        return any(self.data.get(name) for name in ("q", "customer", "po_number"))

    def clean_currency(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        """The values with both amounts as Decimal or None."""
        values = super().clean() or {}
        for name in ("amount_from", "amount_to"):
            values[name] = self._amount(name, values.get(name) or "", values.get("currency") or "EUR")
        return values

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that match everything but the status and the as-of day, which are the list's."""
        asked = self.cleaned_data
        if asked["entity"]:
            rows = rows.filter(entity=asked["entity"])
        if asked["currency"]:
            rows = rows.filter(currency=asked["currency"])
        if asked["customer"]:
            number = asked["customer"]
            rows = rows.filter(Q(customer__number=number) | Q(customer__merged_into__number=number))
        if self.day_field and asked["day_from"]:
            rows = rows.filter(**{f"{self.day_field}__gte": asked["day_from"]})
        if self.day_field and asked["day_to"]:
            rows = rows.filter(**{f"{self.day_field}__lte": asked["day_to"]})
        rows = within(rows, self.amount_field, asked["amount_from"], asked["amount_to"])
        return rows.filter(self._words(asked["q"].strip())) if asked["q"].strip() else rows

    def _words(self, words: str) -> Q:
        found = Q(customer__name__icontains=words) | Q(customer__number__iexact=words)
        for name in self.word_fields:
            found |= Q(**{f"{name}__icontains": words})
        return found | Q(**{f"{self.amount_field}__in": amounts}) if (amounts := amounts_in(words)) else found

    def _amount(self, name: str, text: str, currency: str) -> Decimal | None:
        try:
            return parse_amount(text, decimal_mark=decimal_mark(), currency=currency) if text else None
        except Refusal as refusal:
            self.add_error(name, refusal.sentence)
            return None


class InvoiceFilter(DocumentFilter):
    """Invoices: also by kind, order number, issue day and due day."""

    first = ("q", "status", "entity", "currency", "due_from", "due_to")
    day_field, amount_field, word_fields = "issued_on", "total", ("number", "po_number")

    status = forms.ChoiceField(
        label=_("Status"), required=False,
        choices=[_ALL, ("open", _("Open")), ("overdue", _("Overdue")), ("paid", _("Paid")), ("disputed", _("Disputed")),
                 ("promised", _("Promised")), ("on_plan", _("On a plan"))],
    )  # fmt: skip
    due_from = DayField(label=_("Due from"), required=False)
    due_to = DayField(label=_("Due until"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[_ALL, *Invoice.Kind.choices])
    po_number = forms.CharField(label=_("Order number"), required=False, max_length=60)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["q"].label = _("Number, order, customer or amount")
        self.fields["day_from"].label, self.fields["day_to"].label = _("Issued from"), _("Issued until")

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Also by kind and order number."""
        rows = super().narrowed(rows)
        if self.cleaned_data["kind"]:
            rows = rows.filter(kind=self.cleaned_data["kind"])
        if self.cleaned_data["po_number"]:
            rows = rows.filter(po_number__icontains=self.cleaned_data["po_number"])
        return rows


class CreditNoteFilter(DocumentFilter):
    """Credit notes."""

    day_field, amount_field, word_fields = "issued_on", "total", ("number", "text", "corrects__number")

    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[_ALL, ("open", _("Unused")), ("used", _("Used up"))]
    )


class PaymentFilter(DocumentFilter):
    """Payments: also by the way they came."""

    day_field, word_fields = "received_on", ("reference",)

    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[_ALL, ("open", _("Unapplied")), ("used", _("Applied"))]
    )
    method = forms.ChoiceField(label=_("By"), required=False, choices=[_ALL, *Payment.Method.choices])

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Also by method."""
        rows = super().narrowed(rows)
        return rows.filter(method=self.cleaned_data["method"]) if self.cleaned_data["method"] else rows


class AdjustmentFilter(DocumentFilter):
    """Adjustments: also by kind."""

    first = ("q", "status", "kind", "entity", "currency")
    day_field, word_fields = "effective_on", ("reason",)

    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[_ALL, ("open", _("In force")), ("used", _("Undone"))]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[_ALL, *Adjustment.Kind.choices])

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Also by kind."""
        rows = super().narrowed(rows)
        return rows.filter(kind=self.cleaned_data["kind"]) if self.cleaned_data["kind"] else rows


class RefundFilter(AdjustmentFilter):
    """Refunds: the same, with kinds of their own."""

    day_field, word_fields = "paid_on", ("reference",)

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[_ALL, *Refund.Kind.choices])
