"""How a pay session moves and what a payer may choose. Pure: no clock, no database.

Provider events arrive twice, late and out of order, so a session only ever moves up this ladder: whatever the order,
the end is the same (D5). Money that arrived outweighs every other news."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import format_amount
from invoices.rules.allocation import OpenDocument, oldest_first

_LADDER = ("created", "expired", "processing", "failed", "succeeded")

# Below one unit of the currency the provider's fee would exceed the payment.
SMALLEST_PART = Decimal(1)


def later_state(current: str, news: str) -> str:
    """The state of a session in `current` once `news` is known: the higher of both on the ladder."""
    return max(current, news, key=_LADDER.index)


def is_final(state: str) -> bool:
    """Whether nothing but money can still change it."""
    return state in {"failed", "succeeded"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One ticked document: what the page showed as payable when it was ticked, and what is payable now."""

    document: OpenDocument
    number: str
    seen: Decimal


def chosen_parts(
    choices: Sequence[Choice], *, amount: Decimal | None, currency: str, locale: str = "en"
) -> list[tuple[int, Decimal]]:
    """What to pay of each document, (id, amount), all above zero and at most what is open of it.

    `amount` None pays everything ticked; a smaller amount goes to the oldest due first. Raises Conflict
    ('amounts_changed') when something was paid since the page was shown, so that nobody pays an amount they did not see
    (W2); BadInput for nothing ticked and for amounts that are too small or more than what was ticked."""
    if not choices:
        raise BadInput("Tick at least one invoice to pay.", code="nothing_chosen", fields={"item": "Tick one or more."})
    if any(choice.document.open_amount != choice.seen for choice in choices):
        raise Conflict(
            "The amounts have changed since you opened this page. Check them and pay again.", code="amounts_changed"
        )
    whole = sum((choice.document.open_amount for choice in choices), Decimal(0))
    if amount is None:
        amount = whole
    smallest = min(SMALLEST_PART, whole)
    if amount < smallest:
        raise BadInput(
            f"The smallest amount that can be paid here is {format_amount(smallest, currency, locale)}.",
            code="amount_too_small",
            fields={"amount": "Too small."},
        )
    if amount > whole:
        raise BadInput(
            f"You ticked {format_amount(whole, currency, locale)}. Enter that amount or less.",
            code="amount_too_large",
            fields={"amount": "More than you ticked."},
        )
    shares, _ = oldest_first(amount, [choice.document for choice in choices])
    return [(share.id, share.amount) for share in shares]
