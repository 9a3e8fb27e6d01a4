"""Triggers that every append-only table shares. They are laws of the database; no code path may switch them off."""

import pgtrigger


def append_only(
    *, update_when: pgtrigger.Q | None = None, delete_when: pgtrigger.Q | None = None
) -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE.

    `update_when` and `delete_when` narrow the refusal to rows in a certain condition (for example, issued ones);
    left out, every row is protected."""

    def when(condition: pgtrigger.Q | None) -> dict[str, pgtrigger.Q]:
        return {} if condition is None else {"condition": condition}

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
