"""What we recorded about the customer beside the books: holds, credit stops, merges, the handover itself, and the audit
log's entries with the digests by which the log proves them."""

from collections.abc import Iterable

from django.db.models import Q

from collections_app.audit.actions import action
from collections_app.audit.models import AuditEntry
from collections_app.lib.dates import format_date
from customers.models import CreditStop, CustomerMerge, Hold
from dunning.models import Handover
from dunning.queries.evidence import Scope, facts, moment, person
from dunning.rules.evidence import Evidence


def record_evidence(scope: Scope, handover: Handover, told_rows: Iterable[str]) -> Iterable[Evidence]:
    """Holds, credit stops and merges, then the audit entries about the customer and about the rows in `told_rows`
    ("invoices.invoice 17")."""
    yield from _customer(scope)
    yield from _audit(scope, {*told_rows, f"{handover._meta.label_lower} {handover.pk}"})


def _customer(scope: Scope) -> Iterable[Evidence]:
    for hold in Hold.objects.filter(customer__in=scope.customer_ids, ends_on__gte=scope.since).select_related("owner"):
        text = f"On hold until {format_date(hold.ends_on)}: {hold.get_reason_display().lower()}"
        told = facts(hold, ("reason", "note", "starts_on", "ends_on", "released_on"), by=person(hold.owner))
        yield Evidence("hold", hold.starts_on, moment(hold.created_at), text, told)
    for stop in CreditStop.objects.filter(customer__in=scope.customer_ids).select_related("stopped_by", "lifted_by"):
        told = facts(stop, ("since", "until", "reason", "lifted_why"), by=person(stop.stopped_by))
        yield Evidence("credit", stop.since, moment(stop.recorded_at), f"Credit stopped: {stop.reason}", told)
        if stop.until:
            yield Evidence("credit", stop.until, moment(stop.lifted_at), "Credit given again", told)
    for merge in CustomerMerge.objects.filter(survivor__in=scope.customer_ids).select_related("absorbed"):
        text = f"{merge.absorbed.name} ({merge.absorbed.number}) merged into this account"
        yield Evidence("account", merge.merged_on, moment(merge.recorded_at), text, facts(merge, ("reason",)))


def _audit(scope: Scope, rows: Iterable[str]) -> Iterable[Evidence]:
    """Entries about the rows told of, and those about the customer itself and its contacts."""
    by_type: dict[str, list[int]] = {}
    for name in rows:
        kind, _, pk = name.rpartition(" ")
        by_type.setdefault(kind, []).append(int(pk))
    wanted = Q(subject_type__startswith="customers.", customer_id__in=scope.customer_ids)
    for kind, ids in by_type.items():
        wanted |= Q(subject_type=kind, subject_id__in=ids)
    entries = AuditEntry.objects.filter(wanted, at__date__gte=scope.since).order_by("pk")
    for entry in entries.select_related("sealed__seal"):
        yield Evidence("audit", entry.at.date(), moment(entry.at), _sentence(entry), _audit_facts(entry))


def _sentence(entry: AuditEntry) -> str:
    try:
        words = action(entry.action).sentence
    except LookupError:  # written by an app that is not installed here any more
        words = entry.action
    return f"{words}, by {entry.actor_label}"


def _audit_facts(entry: AuditEntry) -> dict[str, object]:
    told: dict[str, object] = {
        "row": f"{entry._meta.label_lower} {entry.pk}", "action": entry.action,
        "subject": f"{entry.subject_type} {entry.subject_id}", "payload": entry.payload, "digest": entry.digest,
    }  # fmt: skip
    if hasattr(entry, "sealed"):
        told["seal"] = entry.sealed.seal.number
    return told
