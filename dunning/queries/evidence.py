"""Everything that is known of the debts of a handover, as entries of an evidence bundle. A fixed number of small
statements; it writes nothing and leaves nothing out that was sent.

Apps above tell what they know through `provide_evidence`: the worklist, for one, its calls and notes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from customers.models import Customer, LegalEntity
from customers.queries.accounts import account_ids
from dunning.models import Handover
from dunning.rules.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose evidence is wanted: the customers that make up the account, the currency, the invoices that are claimed,
    the first day of their history, and the day up to which it is told, inclusive."""

    customer: Customer
    entity: LegalEntity
    customer_ids: tuple[int, ...]
    currency: str
    invoice_ids: tuple[int, ...]
    since: date
    until: date


Provider = Callable[[Scope], Iterable[Evidence]]
_providers: list[Provider] = []


def provide_evidence(provider: Provider) -> None:
    """Nothing; from now on every bundle asks this function. Registering the same function twice counts once."""
    if provider not in _providers:
        _providers.append(provider)


def scope_of(handover: Handover, *, until: date) -> Scope:
    """What the bundle of a handover is about."""
    rows = list(handover.items.values_list("invoice_id", "invoice__issued_on"))
    return Scope(
        handover.customer,
        handover.entity,
        account_ids(handover.customer_id),
        handover.currency,
        tuple(sorted({pk for pk, _ in rows})),
        min(day for _, day in rows),
        until,
    )


def from_above(scope: Scope) -> list[Evidence]:
    """What the apps above know."""
    return [one for provider in _providers for one in provider(scope)]


def up_to(until: date, found: Iterable[Evidence]) -> list[Evidence]:
    """The entries up to that day, inclusive. For what has a business day; what has a moment happened before now."""
    return [one for one in found if one.on <= until]


def in_order(found: Iterable[Evidence]) -> list[Evidence]:
    """The entries as they happened."""
    return sorted(found, key=lambda one: one.place)


def moment(at: datetime | None) -> str:
    """The moment as entries carry it: in UTC, "" when it is not known."""
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def person(who: Any) -> str:
    """The person's name, "" for nobody."""
    return "" if who is None else str(who)


def facts(row: Any, names: Sequence[str], **more: Any) -> dict[str, Any]:
    """These fields of the row, empty ones left out, and the row's own name in the database."""
    told = {name: getattr(row, name) for name in names}
    kept = {name: value for name, value in told.items() if value not in (None, "", [], {})}
    return {
        "row": f"{row._meta.label_lower} {row.pk}",
        **kept,
        **{k: v for k, v in more.items() if v not in (None, "")},
    }
