"""The forms of documents issued by hand: invoices and debit notes with lines and instalments, and credit notes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.currencies import is_currency
from customers.models import Customer, LegalEntity
from invoices.filters import DayField
from invoices.forms.typed_amount import TypedAmountField, decimal_mark, read_amount, read_signed, written_amount
from invoices.models import Invoice

LINES, PARTS, MOST_ROWS = 3, 2, 60
MORE_LINES, MORE_PARTS = "more_lines", "more_parts"  # the buttons that add rows, without scripts
_KINDS = [choice for choice in Invoice.Kind.choices if choice[0] not in ("fee", "interest")]

Row = list[forms.BoundField]


class DocumentForm(forms.Form):
    """What every document by hand says. Amounts are read once the currency is known."""

    number = forms.CharField(label=_("Number"), max_length=60)
    issued_on = DayField(label=_("Date"))
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, such as EUR."))
    total = TypedAmountField(label=_("Total"), help_text=_("Tax included."))
    tax_total = TypedAmountField(label=_("Of which tax"), required=False)
    text = forms.CharField(label=_("Text"), max_length=200, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        customer: Customer,
        entities: Iterable[LegalEntity],
        today: date,
        initial: dict[str, Any] | None = None,
    ) -> None:
        start = {"currency": customer.currency, "issued_on": today, "entity": customer.entity.code}
        super().__init__(data, initial={**start, **(initial or {})})
        self.customer, self.today = customer, today
        self.entities = {row.code: row for row in [customer.entity, *entities]}
        if len(self.entities) > 1:
            choices = [(code, row.name) for code, row in sorted(self.entities.items())]
            self.fields["entity"] = forms.ChoiceField(label=_("Issued by"), choices=choices)
            self.order_fields(["entity"])

    def clean_currency(self) -> str:
        """The code in capitals."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise forms.ValidationError(_("This is not a currency code. Use three letters, such as EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        """The values with `entity`, and `total` and `tax_total` as Decimals."""
        values = super().clean() or {}
        currency = values.get("currency", "")
        values["total"] = read_amount(self, "total", currency)
        values["tax_total"] = read_signed(self, "tax_total", currency) or Decimal(0)
        values["entity"] = self.entities.get(values.get("entity", ""), self.customer.entity)
        return values


class CreditNoteForm(DocumentForm):
    """A credit note. With `corrects` it counters that invoice: currency and legal entity are the invoice's, and the tax
    follows in proportion."""

    def __init__(
        self, *args: Any, corrects: Invoice | None = None, left: Decimal | None = None, **options: Any
    ) -> None:
        start = {"total": written_amount(left, corrects.currency)} if corrects and left else {}
        super().__init__(*args, initial=start, **options)
        if corrects is not None:
            self.entities = {corrects.entity.code: corrects.entity}
            for name in ("entity", "currency", "tax_total"):
                self.fields.pop(name, None)
        self.corrects = corrects

    def clean(self) -> dict[str, Any]:
        """The values; those that the corrected invoice decides are taken from it."""
        if self.corrects is not None:
            self.cleaned_data["currency"] = self.corrects.currency
        return super().clean()


class InvoiceForm(DocumentForm):
    """An invoice, debit note or down payment request, with rows of lines and instalments that may stay empty."""

    kind = forms.ChoiceField(label=_("Document"), choices=_KINDS)
    due_on = DayField(label=_("Due"), required=False, help_text=_("Left empty, the customer's payment terms decide."))
    po_number = forms.CharField(label=_("Order number"), max_length=60, required=False)
    discount_percent = forms.CharField(
        label=_("Early-payment discount in %"), max_length=8, required=False,
        help_text=_("Left empty, the customer's payment terms decide; 0 gives none."),
    )  # fmt: skip
    discount_until = DayField(label=_("Discount until"), required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.order_fields(
            ["entity", "kind", "number", "issued_on", "due_on", "currency", "total", "tax_total", "po_number", "text"]
        )
        self.line_count, self.part_count = (
            _rows(data, name, most) for name, most in (("line", LINES), ("part", PARTS))
        )
        for place in range(1, self.line_count + 1):
            label = {"place": place}
            self.fields[f"line_text_{place}"] = _text(_("Text of line %(place)s") % label, 200)
            self.fields[f"line_quantity_{place}"] = _text(_("Quantity of line %(place)s") % label, 20)
            self.fields[f"line_amount_{place}"] = TypedAmountField(
                label=_("Amount of line %(place)s") % label, required=False
            )
        for place in range(1, self.part_count + 1):
            label = {"place": place}
            self.fields[f"part_due_{place}"] = DayField(
                label=_("Due date of instalment %(place)s") % label, required=False
            )
            self.fields[f"part_amount_{place}"] = TypedAmountField(
                label=_("Amount of instalment %(place)s") % label, required=False
            )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields outside the two tables."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith(("line_", "part_"))]

    @property
    def line_rows(self) -> list[Row]:
        """Text, quantity and amount of each line."""
        names = ("text", "quantity", "amount")
        return [[self[f"line_{name}_{place}"] for name in names] for place in range(1, self.line_count + 1)]

    @property
    def part_rows(self) -> list[Row]:
        """Due date and amount of each instalment."""
        return [[self[f"part_{name}_{place}"] for name in ("due", "amount")] for place in range(1, self.part_count + 1)]

    def clean(self) -> dict[str, Any]:
        """The values with `lines`, `instalments` and `discount` as the service takes them."""
        values = super().clean()
        currency = values.get("currency", "")
        values["lines"] = [line for place in range(1, self.line_count + 1) if (line := self._line(place, currency))]
        values["instalments"] = [
            part for place in range(1, self.part_count + 1) if (part := self._part(place, currency))
        ]
        values["discount"] = self._discount()
        return values

    def _line(self, place: int, currency: str) -> dict[str, str] | None:
        text = self.cleaned_data.get(f"line_text_{place}", "")
        amount = read_signed(self, f"line_amount_{place}", currency)
        if amount is None and not text:
            return None
        if amount is None or not text:
            self.add_error(f"line_text_{place}", _("A line needs a text and an amount."))
            return None
        quantity = self.cleaned_data.get(f"line_quantity_{place}", "")
        return {"text": text, "quantity": quantity, "amount": f"{amount:f}"}

    def _part(self, place: int, currency: str) -> tuple[date, Decimal] | None:
        due_on = self.cleaned_data.get(f"part_due_{place}")
        typed = self.cleaned_data.get(f"part_amount_{place}", "")
        amount = read_amount(self, f"part_amount_{place}", currency)
        if due_on is None and not typed:
            return None
        if due_on is None or not typed:
            self.add_error(f"part_due_{place}", _("An instalment needs a due date and an amount."))
        return (due_on, amount) if due_on and amount else None

    def _discount(self) -> tuple[Decimal, date | None] | None:
        typed, until = self.cleaned_data.get("discount_percent", "").strip(), self.cleaned_data.get("discount_until")
        if not typed and until is None:
            return None
        try:
            return Decimal(typed.replace(decimal_mark(), ".") or "0"), until
        except ArithmeticError:
            self.add_error("discount_percent", _("Enter a percentage, such as 2 or 2.5."))
            return None


def _text(label: Any, longest: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False)


def _rows(data: Any, name: str, least: int) -> int:
    """How many rows to show: as many as were sent, one more when that was asked for."""
    if data is None:
        return least
    sent = sum(1 for key in data if key.startswith(f"{name}_amount_"))
    return max(least, min(MOST_ROWS, sent + (3 if f"more_{name}s" in data else 0)))
