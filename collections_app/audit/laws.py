"""Triggers that every append-only table shares. They are laws of the database; no code path may switch them off."""

from collections.abc import Sequence

import pgtrigger
from django.db.models import Model


class _Both(pgtrigger.Condition):
    """Two conditions at once; the library joins only those of one kind."""

    def __init__(self, first: pgtrigger.Condition, second: pgtrigger.Condition) -> None:
        self.first, self.second = first, second

    def resolve(self, model: type[Model]) -> str:
        """The condition in SQL."""
        first, second = (part.resolve(model) for part in (self.first, self.second))  # type: ignore[no-untyped-call]
        return f"(({first}) AND ({second}))"


def append_only(
    *,
    update_when: pgtrigger.Condition | None = None,
    delete_when: pgtrigger.Condition | None = None,
    but: Sequence[str] = (),
) -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE.

    `update_when` and `delete_when` narrow the refusal to rows in a certain condition (for example, issued ones);
    left out, every row is protected. The columns `but` may be updated all the same: what follows from the row later."""

    def when(condition: pgtrigger.Condition | None) -> dict[str, pgtrigger.Condition]:
        return {} if condition is None else {"condition": condition}

    if but:
        changed = pgtrigger.AnyChange(exclude=list(but))
        update_when = changed if update_when is None else _Both(update_when, changed)
    return [
        pgtrigger.Protect(name="no_update", operation=pgtrigger.Update, **when(update_when)),
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete, **when(delete_when)),
        no_truncate(),
    ]


def no_truncate() -> pgtrigger.Trigger:
    """The trigger that refuses TRUNCATE, for tables of which some columns may change."""
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    )
