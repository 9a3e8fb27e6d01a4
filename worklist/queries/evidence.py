"""Calls, notes and mails by hand as entries of an evidence bundle. What was taken back is left out. Reads one
statement."""

from collections.abc import Iterable

from dunning.queries.evidence import Scope, facts, moment, person
from dunning.rules.evidence import Evidence
from worklist.models import Activity


def activity_evidence(scope: Scope) -> Iterable[Evidence]:
    """One entry per activity of the account since its claims began."""
    rows = Activity.objects.filter(
        customer__in=scope.customer_ids, happened_on__gte=scope.since, undone_at__isnull=True
    ).select_related("by")
    for row in rows:
        outcome = f", {Activity.Outcome(row.outcome).label.lower()}" if row.outcome else ""
        text = f"{row.get_kind_display()}{outcome}" + (f": {row.text}" if row.text else "")
        told = facts(row, ("kind", "outcome", "text", "follow_up_on"), by=person(row.by))
        yield Evidence("call" if row.kind == "call" else "note", row.happened_on, moment(row.at), text, told)
