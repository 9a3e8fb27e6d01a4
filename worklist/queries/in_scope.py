"""One customer that a person may see, with everything its page asks of it, in one statement. Reads only.

Every panel, page and action begins here. The statement is written once and not built anew from a queryset for every
request, which took longer than running it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.access import entity_ids
from customers.models import Customer, LegalEntity, PaymentTerms
from worklist.models import WorklistItem

_LARGEST_ID = 2**63 - 1
# What no page of an account shows stays behind; it is read when somebody asks for it.
_UNSHOWN: dict[type[Model], tuple[str, ...]] = {
    Customer: ("address", "vat_id", "tags"),
    LegalEntity: ("address", "vat_id", "bic", "email", "phone", "website", "language"),
    User: ("password", "last_login", "email", "date_joined", "language", "time_zone", "theme", "density", "keys",
           "columns", "muted", "tour_done_at", "tour_seen"),
    WorklistItem: ("badges",),
}  # fmt: skip
_FROM = """
FROM customers_customer c
JOIN customers_legalentity e ON e.id = c.entity_id
LEFT JOIN accounts_user u ON u.id = c.collector_id
LEFT JOIN customers_paymentterms t ON t.id = c.terms_id
LEFT JOIN worklist_worklistitem w ON w.customer_id = c.id
LEFT JOIN worklist_presence p ON p.customer_id = c.id
LEFT JOIN accounts_user here ON here.id = p.user_id
WHERE c.id = %s AND (%s OR c.entity_id = ANY(%s))
"""
_BESIDE = """p.user_id, p.seen_at, COALESCE(NULLIF(here.first_name, ''), here.username),
    ARRAY(SELECT x.id FROM customers_customer x WHERE x.merged_into_id = c.id ORDER BY x.id)"""


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one model within the row: their names, where they stand, and how a stored value is read."""

    model: type[Model]
    names: tuple[str, ...]
    at: slice
    key: int
    readers: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...]

    def read(self, row: Sequence[Any]) -> Any:
        """The object; None where the outer join found nothing."""
        if row[self.key] is None:
            return None
        values = list(row[self.at])
        for place, readers, column in self.readers:
            for reader in readers:
                values[place] = reader(values[place], column, connection)
        return self.model.from_db("default", self.names, values)


@cache
def _statement() -> tuple[str, tuple[_Part, ...]]:
    columns: list[str] = []
    parts: list[_Part] = []
    for alias, model in (("c", Customer), ("e", LegalEntity), ("u", User), ("t", PaymentTerms), ("w", WorklistItem)):
        fields = [one for one in model._meta.concrete_fields if one.name not in _UNSHOWN.get(model, ())]
        start = len(columns)
        columns += [f'{alias}."{one.column}"' for one in fields]
        readers = tuple(
            (place, found, one.get_col(model._meta.db_table))
            for place, one in enumerate(fields)
            if (found := one.get_db_converters(connection))  # type: ignore[attr-defined]
        )
        key = start + next(place for place, one in enumerate(fields) if one.primary_key)
        parts.append(_Part(model, tuple(one.attname for one in fields), slice(start, len(columns)), key, readers))
    return f"SELECT {', '.join(columns)}, {_BESIDE} {_FROM}", tuple(parts)


def customer_in_scope(user: User, pk: int) -> Customer | None:
    """The customer with entity, collector, terms and score; None for a stranger's or an unknown one.

    Beside its columns it has `here_id`, `here_at` and `here_name` (who has the account open on the worklist, since
    when, and what they are called) and `absorbed_ids`, the customers that were merged into it."""
    if pk > _LARGEST_ID:
        return None
    everything = user.may(Capability.SEE_ALL_TEAMS)
    statement, parts = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [pk, everything, [] if everything else list(entity_ids(user))])
        row = cursor.fetchone()
    if row is None:
        return None
    found, entity, collector, terms, item = (part.read(row) for part in parts)
    for name, related in (("entity", entity), ("collector", collector), ("terms", terms), ("worklist_item", item)):
        Customer._meta.get_field(name).set_cached_value(found, related)  # type: ignore[union-attr]
    if item is not None:
        WorklistItem._meta.get_field("customer").set_cached_value(item, found)
    found.here_id, found.here_at, found.here_name, found.absorbed_ids = row[-4:]
    customer: Customer = found
    return customer
