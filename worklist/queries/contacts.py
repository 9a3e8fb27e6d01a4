"""The last contacts made by hand, which dunning counts against its minimum of days between contacts (R5)."""

from collections.abc import Mapping, Sequence
from datetime import date

from dunning.rules.facts import LastContact
from worklist.models import Activity

# Somebody at the customer heard from us; a number that rang out or was wrong reached nobody.
HEARD = ("reached", "voicemail", "call_back", "refused")


def last_contacts_by_hand(customer_ids: Sequence[int], as_of: date) -> Mapping[int, LastContact]:
    """Per customer id, the last call that reached somebody, or mail, up to `as_of` inclusive; one query for the set."""
    rows = (
        Activity.objects.filter(customer_id__in=customer_ids, happened_on__lte=as_of, undone_at__isnull=True)
        .filter(kind__in=(Activity.Kind.CALL, Activity.Kind.MAIL))
        .exclude(kind=Activity.Kind.CALL, outcome__in=set(Activity.Outcome.values) - set(HEARD))
        .order_by("customer_id", "-happened_on", "-pk")
        .distinct("customer_id")
        .values_list("customer_id", "happened_on", "kind")
    )
    return {customer_id: LastContact(day, Activity.Kind(kind).label.lower()) for customer_id, day, kind in rows}
