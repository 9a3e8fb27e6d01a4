"""What is left of a payment or credit note, put against the open items of its account: one amount beside each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.lib.money import Money
from invoices.forms.typed_amount import TypedAmountField, decimal_mark, read_amount
from invoices.queries.open_claims import OpenClaim
from invoices.rules import fills
from invoices.rules.allocation import OpenDocument

Typed = list[tuple[OpenClaim, Decimal]]
Fill = Callable[[Decimal, Sequence[OpenDocument], date], Mapping[int, Decimal]]

# How the amounts may be proposed; the person still posts them.
FILLS: dict[str, Fill] = {
    "exact": lambda left, items, today: fills.exact_match(left, items),
    "oldest": lambda left, items, today: fills.oldest(left, items),
    "due": fills.due_by,
}


class AllocationForm(forms.Form):
    """One amount field per open claim. Without data the fields hold what `fill` proposes of `left`, if anything."""

    def __init__(
        self, data: Any = None, *, claims: Sequence[OpenClaim], left: Decimal, currency: str, fill: str, today: date
    ) -> None:
        self.claims, self.left, self.currency, self.today = claims, left, currency, today
        self.proposed = {} if data is not None else self._proposed(fill)
        super().__init__(data, initial={f"share_{key}": text for key, text in self.proposed.items()})
        for claim in claims:
            label = _("Amount for %(number)s") % {"number": claim.number}
            field = TypedAmountField(label=label, required=False)
            field.widget.attrs |= {"data-open": self._minor(claim.open), "data-written": self._written(claim.open)}
            self.fields[f"share_{claim.key}"] = field

    @property
    def rows(self) -> list[tuple[OpenClaim, forms.BoundField]]:
        """Each open claim with its field, for the table."""
        return [(claim, self[f"share_{claim.key}"]) for claim in self.claims]

    @property
    def left_minor(self) -> int:
        """What is left in the currency's smallest units, for the page's running rest."""
        return self._minor(self.left)

    @property
    def digits(self) -> int:
        """The decimal places of the currency."""
        return -int(Money(Decimal(0), self.currency).amount.as_tuple().exponent)

    def clean(self) -> dict[str, Any]:
        """The values with `typed`: the claims with the amounts beside them. Errors go to their fields."""
        values = super().clean() or {}
        typed: Typed = []
        for claim in self.claims:
            amount = read_amount(self, f"share_{claim.key}", self.currency)
            if amount is not None:
                typed.append((claim, amount))
        if not typed and not self.errors:
            self.add_error(None, _("Enter an amount beside at least one invoice."))
        for claim, amount in typed:
            if amount > claim.open:
                self.add_error(f"share_{claim.key}", _("More than is open."))
        if not self.errors and sum((amount for _claim, amount in typed), Decimal(0)) > self.left:
            self.add_error(None, _("The amounts are more than is left of the money. Lower one of them."))
        values["typed"] = typed
        return values

    def _proposed(self, fill: str) -> dict[str, str]:
        if fill not in FILLS:
            return {}
        items = [
            OpenDocument(place, claim.due_on, claim.issued_on, claim.open) for place, claim in enumerate(self.claims)
        ]
        found = FILLS[fill](self.left, items, self.today)
        return {self.claims[place].key: self._written(amount) for place, amount in found.items()}

    def _written(self, amount: Decimal) -> str:
        """The amount as it is typed here: no marks but the decimal one."""
        return f"{Money(amount, self.currency).amount:f}".replace(".", decimal_mark())

    def _minor(self, amount: Decimal) -> int:
        return int(Money(amount, self.currency).amount.scaleb(self.digits))
