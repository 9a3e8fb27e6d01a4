"""How documents and money are written in JSON, and what may be sent. Must not save anything."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from collections_app.api.fields import (
    AmountField,
    CurrencyField,
    DayField,
    MoneySerializer,
    PercentField,
    PositiveAmountField,
    StrictSerializer,
    TextField,
)
from collections_app.lib.errors import Refusal
from collections_app.lib.money import Money
from customers.models import Customer, LegalEntity
from invoices.models import Invoice, Payment


class Scoped(MoneySerializer):
    """Names a customer and, if it is another one than theirs, the legal entity; both must be visible to the caller.

    The view puts the querysets `customers` and `entities` into the context."""

    customer = serializers.SlugRelatedField(slug_field="number", queryset=Customer.objects.none())
    entity = serializers.SlugRelatedField(
        slug_field="code", queryset=LegalEntity.objects.none(), required=False, help_text="The customer's unless given."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("customer", "entity"):
            rows = self.context.get(name)
            if rows is not None:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values, with the customer's entity where none was sent."""
        attrs.setdefault("entity", attrs["customer"].entity)
        return super().validate(attrs)


class AllocationOut(MoneySerializer):
    """Part of a payment, credit note or adjustment put against an invoice. A reversal is negative and names what it
    reverses."""

    id = serializers.IntegerField()
    invoice = serializers.IntegerField(source="invoice_id", allow_null=True)
    payment = serializers.IntegerField(source="payment_id", allow_null=True)
    credit_note = serializers.IntegerField(source="credit_note_id", allow_null=True)
    adjustment = serializers.IntegerField(
        source="adjustment_id", allow_null=True, help_text="A write-off, discount or other adjustment."
    )
    instalment = serializers.IntegerField(
        source="instalment_id", allow_null=True, help_text="The instalment it was put against by name."
    )
    amount = AmountField()
    effective_on = serializers.DateField()
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class LineOut(serializers.Serializer[Any]):
    """One line of an invoice, as it was issued."""

    text = serializers.CharField(default="", allow_blank=True)
    quantity = serializers.CharField(default="", allow_blank=True)
    amount = serializers.CharField(default="", allow_blank=True)


class InstalmentOut(MoneySerializer):
    """One part of an invoice with a due date of its own."""

    currency = CurrencyField(source="invoice.currency")
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    due_on = serializers.DateField()
    amount = AmountField()


class InvoiceOut(MoneySerializer):
    """An issued invoice with what is open of it as of the asked-for day. `days_late` is 0 or less until it is late."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Invoice.Kind.choices)
    number = serializers.CharField()
    po_number = serializers.CharField(allow_blank=True)
    customer = serializers.CharField(source="customer.number")
    entity = serializers.CharField(source="entity.code")
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    due_on_assumed = serializers.BooleanField()
    total = AmountField()
    tax_total = AmountField()
    discount_percent = PercentField(help_text="Off the total when paid by `discount_until`, inclusive; 0 for none.")
    discount_until = serializers.DateField(allow_null=True)
    claims_for = serializers.IntegerField(
        source="claims_for_id", allow_null=True, help_text="The id of the invoice that a fee or interest claims for."
    )
    open_amount = AmountField()
    as_of = serializers.DateField()
    days_late = serializers.SerializerMethodField()
    text = serializers.CharField(allow_blank=True)

    def get_days_late(self, row: Invoice) -> int:
        """Calendar days from the due date to the asked-for day; negative before it."""
        days: int = (row.as_of - row.due_on).days  # type: ignore[attr-defined]
        return days


class InvoiceDetailOut(InvoiceOut):
    """The same with its instalments, lines and allocations. With instalments `due_on` is the last one's."""

    accrued_from = serializers.DateField(allow_null=True, help_text="Of interest: the first day it was counted for.")
    accrued_until = serializers.DateField(allow_null=True, help_text="Of interest: the last day, inclusive.")
    instalments = InstalmentOut(many=True)
    lines = LineOut(many=True)
    allocations = AllocationOut(many=True)


class LineIn(StrictSerializer):
    """One line of an invoice to be issued. The amount may be negative (a discount)."""

    text = TextField(max_length=200)
    quantity = TextField(max_length=20, required=False)
    amount = AmountField()


class InstalmentIn(StrictSerializer):
    """One part of an invoice to be issued."""

    due_on = DayField()
    amount = AmountField()


# Fees and interest are claimed for an invoice, by services that check the days; they are not sent as documents.
_ISSUED_KINDS = [choice for choice in Invoice.Kind.choices if choice[0] not in ("fee", "interest")]


class InvoiceIn(Scoped):
    """An invoice or debit note to be issued. Without `due_on` the customer's payment terms decide, also on the discount
    for early payment unless one is sent (`discount_percent` 0 for none). `instalments` add up to the total, in the
    order of their days; leave out `due_on` with them."""

    number = TextField(max_length=60)
    kind = serializers.ChoiceField(choices=_ISSUED_KINDS, required=False)
    po_number = TextField(max_length=60, allow_blank=True, required=False)
    issued_on = DayField()
    due_on = DayField(required=False)
    total = PositiveAmountField()
    tax_total = AmountField(required=False)
    discount_percent = PercentField(required=False)
    discount_until = DayField(required=False)
    instalments = serializers.ListField(child=InstalmentIn(), required=False, max_length=120)
    text = TextField(max_length=200, allow_blank=True, required=False)
    lines = serializers.ListField(child=LineIn(), required=False, max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values. Raises ValidationError for a tax that the total cannot hold."""
        percent, until = attrs.pop("discount_percent", None), attrs.pop("discount_until", None)
        attrs = super().validate(attrs)
        attrs["lines"] = [_kept_line(line, attrs["currency"]) for line in attrs.get("lines", [])]
        if not 0 <= attrs.get("tax_total", Decimal(0)) <= attrs["total"]:
            raise serializers.ValidationError(
                {"tax_total": ["The tax lies between 0 and the total, which includes it."]}
            )
        if percent is not None or until is not None:
            attrs["discount"] = (percent or Decimal(0), until)
        attrs["instalments"] = [(part["due_on"], part["amount"]) for part in attrs.get("instalments", [])]
        return attrs


def _kept_line(line: dict[str, Any], currency: str) -> dict[str, str]:
    """The line as it is stored in the invoice: texts only, the amount in whole smallest units."""
    try:
        amount = Money(line["amount"], currency).amount
    except Refusal as refusal:
        raise serializers.ValidationError({"lines": [refusal.sentence]}) from None
    return {**line, "amount": f"{amount:f}"}


class CreditNoteOut(MoneySerializer):
    """A credit note; `open_amount` is what is left of it, positive."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    customer = serializers.CharField(source="customer.number")
    entity = serializers.CharField(source="entity.code")
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True, help_text="The invoice's id.")
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    total = AmountField()
    tax_total = AmountField()
    open_amount = AmountField()
    text = serializers.CharField(allow_blank=True)


class CreditNoteIn(Scoped):
    """A credit note to be issued. With `corrects` it is put against that invoice as far as that is open."""

    number = TextField(max_length=60)
    issued_on = DayField()
    due_on = DayField(required=False, help_text="The day it is aged by; the issue date unless given.")
    total = PositiveAmountField()
    tax_total = AmountField(required=False)
    corrects = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1, help_text="An invoice's id.")
    text = TextField(max_length=200, allow_blank=True, required=False)


class ShareIn(StrictSerializer):
    """An invoice by its id, and how much goes to it; without an amount as much as both sides allow."""

    invoice = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    amount = AmountField(required=False, allow_null=True)


class AllocationIn(StrictSerializer):
    """Shares of a payment to be put against invoices."""

    allocations = serializers.ListField(child=ShareIn(), min_length=1, max_length=500)


class ReversalIn(StrictSerializer):
    """Why an allocation is undone, and from which day; today unless given."""

    reason = TextField(max_length=140)
    effective_on = DayField(required=False)


class PaymentOut(MoneySerializer):
    """A payment received; `unapplied` is what no invoice took yet."""

    id = serializers.IntegerField()
    customer = serializers.CharField(source="customer.number")
    entity = serializers.CharField(source="entity.code")
    amount = AmountField()
    unapplied = AmountField(source="open_amount")
    received_on = serializers.DateField()
    method = serializers.ChoiceField(choices=Payment.Method.values)
    reference = serializers.CharField(allow_blank=True)
    recorded_at = serializers.DateTimeField()


class PaymentDetailOut(PaymentOut):
    """The same with its allocations, reversals included."""

    allocations = AllocationOut(many=True)


class PaymentIn(Scoped):
    """Money that arrived. `allocate` "oldest" pays the oldest due invoices first; "none" leaves it unapplied; or name
    the invoices in `allocations`."""

    amount = PositiveAmountField()
    received_on = DayField(help_text="The value date.")
    method = serializers.ChoiceField(choices=Payment.Method.values, required=False)
    reference = TextField(max_length=140, allow_blank=True, required=False)
    allocate = serializers.ChoiceField(choices=["oldest", "none"], required=False)
    allocations = serializers.ListField(child=ShareIn(), required=False, max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values. Raises ValidationError when both ways to allocate are used."""
        if attrs.get("allocate") == "oldest" and attrs.get("allocations"):
            raise serializers.ValidationError(
                {"allocate": ["Either name the invoices or ask for the oldest, not both."]}
            )
        return super().validate(attrs)


class BalanceOut(MoneySerializer):
    """What is open per currency; `balance` is open − credits − unapplied."""

    open = AmountField()
    overdue = AmountField()
    credits = AmountField()
    unapplied = AmountField()
    balance = AmountField()


class BalancesOut(serializers.Serializer[Any]):
    """A customer's balances as of a day."""

    customer = serializers.CharField()
    as_of = serializers.DateField()
    balances = BalanceOut(many=True)
