"""A choice of invoices with an amount beside each, as people dispute parts of them: ticked means disputed, no amount
means all that is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from collections_app.lib.errors import Refusal
from collections_app.lib.money import parse_amount
from worklist.forms.fields import decimal_mark


@dataclass(frozen=True, slots=True)
class Row:
    """One invoice to choose: its id, the words beside the box, and the currency of its amount."""

    id: int
    words: str
    currency: str


class SharesWidget(forms.CheckboxSelectMultiple):
    """The boxes, each with a field `amount_<id>`. An amount typed beside an empty box ticks it."""

    template_name = "worklist/_shares.html"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.rows: Sequence[Row] = ()
        self.amounts: dict[str, str] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """The ticked ids, and those with an amount; what was typed stays in `amounts`."""
        typed = {str(row.id): str(data.get(f"amount_{row.id}") or "").strip()[:40] for row in self.rows}
        self.amounts = {pk: text for pk, text in typed.items() if text}
        ticked = list(super().value_from_datadict(data, files, name) or ())
        return [*ticked, *(pk for pk in self.amounts if pk not in ticked)]

    def create_option(self, *args: Any, **more: Any) -> dict[str, Any]:
        """One box, with what its amount field shows."""
        option = super().create_option(*args, **more)
        row = next((row for row in self.rows if str(row.id) == str(option["value"])), None)
        option["amount"] = self.amounts.get(str(option["value"]), "")
        option["currency"] = row.currency if row else ""
        if option["index"] == "0":
            option["attrs"]["data-focus"] = True
        return option


class SharesField(forms.MultipleChoiceField):
    """The chosen (id, amount) pairs, amount None for all that is open; in the order shown."""

    widget = SharesWidget

    def show(self, rows: Sequence[Row]) -> None:
        """Nothing; these invoices can be chosen from now on. The only one is ticked already."""
        self._boxes.rows = rows
        self.choices = [(str(row.id), row.words) for row in rows]
        if len(rows) == 1:
            self.initial = [str(rows[0].id)]

    def clean(self, value: Any) -> list[tuple[int, Decimal | None]]:
        """The pairs. A ValidationError names the invoice whose amount cannot be read."""
        chosen = set(super().clean(value))
        return [(row.id, self._amount(row)) for row in self._boxes.rows if str(row.id) in chosen]

    @property
    def _boxes(self) -> SharesWidget:
        return cast(SharesWidget, self.widget)

    def _amount(self, row: Row) -> Decimal | None:
        text = self._boxes.amounts.get(str(row.id), "")
        if not text:
            return None
        try:
            return parse_amount(text, decimal_mark=decimal_mark(), currency=row.currency)
        except Refusal as refusal:
            raise ValidationError(f"{row.words.split(' · ')[0]}: {refusal.sentence}", code=refusal.code) from None


def shares_field() -> SharesField:
    """The field with its words."""
    return SharesField(
        label=_("Invoices"), error_messages={"required": _("Tick at least one invoice.")},
        help_text=_("Tick what is disputed. Without an amount it is all that is open."),
    )  # fmt: skip
