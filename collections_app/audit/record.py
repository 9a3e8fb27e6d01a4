"""Writing to the log: in the caller's transaction, with registered codes only, one row or a whole set at once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from collections_app.audit.actions import action as registered_action
from collections_app.audit.models import AuditEntry
from collections_app.lib.digests import canonical_json, chain_digest

NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to log about one row. `payload` holds what changed, as plain JSON values or Decimal and dates."""

    subject_type: str
    subject_id: int
    customer_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def record(
    action: str,
    subject: models.Model,
    *,
    actor: AbstractBaseUser | None,
    customer_id: int | None = None,
    by: str = "",
    **payload: Any,
) -> AuditEntry:
    """The entry just written about `subject`. `actor` is None for jobs and payers, which say who they are with `by`.

    Raises LookupError for an unregistered action."""
    if customer_id is None:
        customer_id = getattr(subject, "customer_id", None)
    fact = Fact(subject._meta.label_lower, subject.pk, customer_id, payload)
    return record_set(action, [fact], actor=actor, by=by)[0]


def record_set(action: str, facts: Iterable[Fact], *, actor: AbstractBaseUser | None, by: str = "") -> list[AuditEntry]:
    """The entries just written, one per fact, in one statement."""
    registered_action(action)
    now = timezone.now()
    label = str(actor) if actor is not None else by or "system"
    entries = []
    for fact in facts:
        entry = AuditEntry(
            at=now,
            actor_id=None if actor is None else actor.pk,
            actor_label=label[:150],
            action=action,
            subject_type=fact.subject_type,
            subject_id=fact.subject_id,
            customer_id=fact.customer_id,
            payload=_plain(fact.payload),
        )
        entry.digest = entry_digest(entry)
        entries.append(entry)
    return AuditEntry.objects.bulk_create(entries, batch_size=2000)


def entry_digest(entry: AuditEntry) -> str:
    """The SHA-256, in hex, over everything the entry says."""
    at: datetime = entry.at.astimezone(UTC)
    return chain_digest(
        None,
        [
            at.isoformat(timespec="microseconds"),
            entry.actor_id,
            entry.actor_label,
            entry.action,
            entry.subject_type,
            entry.subject_id,
            entry.customer_id,
            entry.payload,
        ],
    )


def _plain(payload: Mapping[str, Any]) -> Any:
    return json.loads(canonical_json(dict(payload)))
