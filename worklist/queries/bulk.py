"""The customers selected for one action, as they stand, and the people who may be given accounts. Set-based reads."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import CAPABILITIES, Capability
from customers.access import entity_ids
from customers.models import LegalEntity
from invoices.models import Promise
from worklist.queries.filters import Filters, narrowed, shown, visible_items
from worklist.queries.items import ORDER
from worklist.queries.presence import colleagues_at
from worklist.rules.bulk import Chosen

MOST = 2000

_COLUMNS = ("customer_id", "customer__name", "entity_id", "currency", "overdue", "collector_id", "snoozed_until",
            "pinned_until", "done_on")  # fmt: skip


def selected(
    user: User, filters: Filters, picks: Iterable[int] | None, *, on: date, now: datetime, most: int = MOST
) -> list[Chosen]:
    """The picked customers that the person may see, or with None all that match the filter, in the list's order; at
    most `most` + 1, so that one too many is seen. Three statements."""
    items = visible_items(user)
    items = shown(narrowed(items, filters, user=user), filters, on=on) if picks is None else items.filter(pk__in=picks)
    rows: list[tuple[Any, ...]] = list(items.order_by(*ORDER).values_list(*_COLUMNS)[: most + 1])
    due = Promise.objects.filter(customer__in=[row[0] for row in rows], state=Promise.State.OPEN)
    promised = dict(due.order_by().values_list("customer").annotate(last=Max("promised_on")))
    colleagues = colleagues_at(user, now=now)
    return [Chosen(*(*row, promised.get(row[0]), colleagues.get(row[0], ""))) for row in rows]


def assignees(user: User) -> QuerySet[User]:
    """The people who may work accounts in the teams whose accounts the person sees."""
    roles = [role for role, rights in CAPABILITIES.items() if Capability.WORK_ACCOUNTS in rights]
    found = User.objects.filter(is_active=True, role__in=roles)
    if not user.may(Capability.SEE_ALL_TEAMS):
        found = found.filter(teams__in=user.teams.values("pk"))
    return found.distinct().order_by("first_name", "username")


def entities_of(worker: User) -> frozenset[int]:
    """The entities whose accounts this person may work; empty without the right to."""
    if not worker.may(Capability.WORK_ACCOUNTS):
        return frozenset()
    if worker.may(Capability.SEE_ALL_TEAMS):
        return frozenset(LegalEntity.objects.values_list("pk", flat=True))
    return frozenset(entity_ids(worker))
