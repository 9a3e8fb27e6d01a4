"""Changes columns of many items of the list at once, with an activity and an audit row for each customer and one undo
for all of them. The bulk verbs stand on it; nothing else should."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from worklist.models import Activity, Undo, WorklistItem
from worklist.services.offer_undo import OFFERED_FOR

Changes = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Bulk:
    """One thing for many: `code` is the audit action, `action` the undo's, `kind` that of the activities (empty: none),
    `told` what the audit rows say besides."""

    action: str
    code: str
    kind: str = ""
    text: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def change_items(*, bulk: Bulk, changes: Changes, on: date, actor: User) -> Undo | None:
    """The undo of it all, or None when nobody was left to change. `changes` says per customer which columns of the item
    become what; a customer without an item is passed over."""
    items = list(WorklistItem.objects.select_for_update().filter(pk__in=changes).order_by("pk"))
    if not items:
        return None
    before = {item.pk: state_of(item, changes[item.pk]) for item in items}
    for values, ids in _alike(changes, (item.pk for item in items)):
        WorklistItem.objects.filter(pk__in=ids).update(**values)
    logged = _logged(bulk, items, on, actor)
    facts = [Fact("customers.customer", item.pk, item.pk, {**bulk.told, "text": bulk.text}) for item in items]
    record_set(bulk.code, facts, actor=actor)
    announce(before)
    batch, expires_at = uuid.uuid4(), timezone.now() + OFFERED_FOR
    undos = [
        Undo(user=actor, customer_id=item.pk, batch=batch, action=bulk.action, target_id=logged.get(item.pk, 0),
             before={"before": before[item.pk], "after": _plain_all(changes[item.pk])}, expires_at=expires_at)
        for item in items
    ]  # fmt: skip
    return Undo.objects.bulk_create(undos, batch_size=1000)[0]


def state_of(item: WorklistItem, columns: Iterable[str]) -> dict[str, Any]:
    """Those columns of the item as an undo keeps them."""
    return {name: _plain(getattr(item, name)) for name in columns}


def _logged(bulk: Bulk, items: Iterable[WorklistItem], on: date, actor: User) -> dict[int, int]:
    if not bulk.kind:
        return {}
    rows = [Activity(customer_id=item.pk, kind=bulk.kind, text=bulk.text, by=actor, happened_on=on) for item in items]
    return {row.customer_id: row.pk for row in Activity.objects.bulk_create(rows, batch_size=1000)}


def _alike(changes: Changes, ids: Iterable[int]) -> list[tuple[dict[str, Any], list[int]]]:
    """The customers that get the same values together: one statement for each group."""
    groups: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for pk in ids:
        groups.setdefault(tuple(sorted(changes[pk].items())), []).append(pk)
    return [(dict(values), group) for values, group in groups.items() if values]


def _plain_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
