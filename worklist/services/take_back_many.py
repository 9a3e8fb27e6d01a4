"""Takes back what was done for many customers at once. Those that somebody changed since stay as they are (D89)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import Conflict
from customers.changes import announce
from customers.models import Customer
from worklist.actions import TAKEN_BACK
from worklist.models import Activity, Undo, WorklistItem
from worklist.services.change_items import state_of

_DAYS = ("snoozed_until", "pinned_until", "done_on")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """For how many customers it was taken back, and how many were changed since and stay."""

    count: int
    stayed: int


@transaction.atomic
def take_back_many(*, batch: UUID, actor: User) -> TakenBack:
    """What became of it. Raises Conflict when it is too late, when it was taken back already, or when every one of them
    was changed by somebody since."""
    now = timezone.now()
    undos = list(
        Undo.objects.select_for_update()
        .filter(batch=batch, user=actor, used_at=None, expires_at__gt=now)
        .order_by("pk")
    )
    if not undos:
        raise Conflict("It is too late to take this back, or it was taken back already.", code="undo_over")
    collectors = dict(
        Customer.objects.select_for_update(no_key=True).filter(pk__in=[undo.customer_id for undo in undos])
        .order_by("pk").values_list("pk", "collector_id")
    )  # fmt: skip
    items = {item.pk: item for item in WorklistItem.objects.select_for_update().filter(
        pk__in=[undo.customer_id for undo in undos]).order_by("pk")}  # fmt: skip
    standing = _notes_standing(undos)
    same = [
        undo
        for undo in undos
        if undo.customer_id in items
        and _unchanged(undo, items[undo.customer_id], standing)
        and _is_with(undo, collectors.get(undo.customer_id))
    ]
    if not same:
        sentence = "Somebody changed all of these since, so nothing was taken back. Open one to see how it stands."
        raise Conflict(sentence, code="undo_changed")
    _restore(same, items)
    Activity.objects.filter(pk__in=[undo.target_id for undo in same if undo.target_id]).update(undone_at=now)
    Undo.objects.filter(pk__in=[undo.pk for undo in undos]).update(used_at=now)
    ids = [undo.customer_id for undo in same]
    facts = [Fact("customers.customer", pk, pk, {"action": same[0].action, "batch": str(batch)}) for pk in ids]
    record_set(TAKEN_BACK, facts, actor=actor)
    announce(ids)
    return TakenBack(len(same), len(undos) - len(same))


def _notes_standing(undos: Sequence[Undo]) -> set[int]:
    targets = [undo.target_id for undo in undos if undo.target_id]
    return set(Activity.objects.filter(pk__in=targets, undone_at=None).values_list("pk", flat=True))


def _unchanged(undo: Undo, item: WorklistItem, standing: set[int]) -> bool:
    after = undo.before["after"]
    return state_of(item, after) == after and (not undo.target_id or undo.target_id in standing)


def _is_with(undo: Undo, collector: int | None) -> bool:
    """Whether the account is still whose this made it: the list learns of another hand only when it is scored again."""
    after = undo.before["after"]
    return "collector_id" not in after or bool(after["collector_id"] == collector)


def _restore(undos: Sequence[Undo], items: dict[int, WorklistItem]) -> None:
    columns = list(undos[0].before["before"])
    if not columns:
        return
    for undo in undos:
        for name in columns:
            setattr(items[undo.customer_id], name, _read(name, undo.before["before"][name]))
    WorklistItem.objects.bulk_update([items[undo.customer_id] for undo in undos], columns, batch_size=500)
    if "collector_id" in columns:
        back: dict[int | None, list[int]] = {}
        for undo in undos:
            back.setdefault(undo.before["before"]["collector_id"], []).append(undo.customer_id)
        for collector, ids in back.items():
            Customer.objects.filter(pk__in=ids).update(collector=collector)


def _read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and name in _DAYS else value
