"""Reserves contacts in the budget before messages leave: one a day and so many a week per address and person (D41, R5).

The database decides, by a unique index and a trigger, so that no schedule and no second worker can exceed it. A contact
is given back by the database when nothing came of its message."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from customers.models import ContactTouch


@dataclass(frozen=True, slots=True)
class Touch:
    """A contact somebody is about to make. `on` is the day in the customer's calendar, `source` what it comes from;
    `again_at` is when it may be tried again if the budget has no room, and `give_up_on` the day from which not, for the
    reason `told`. `beyond_budget`: a person knows that there is no room and makes it all the same; it counts for
    others."""

    customer_id: int
    contact_id: int | None
    address: str
    on: date
    channel: str
    source: str
    again_at: datetime
    give_up_on: date
    told: str = ""
    beyond_budget: bool = False


@transaction.atomic
def reserve_touches(*, touches: Collection[Touch]) -> set[str]:
    """The sources that have their contact now, or had it before; the others are over the budget. One statement."""
    wanted = {touch.source: touch for touch in touches}
    if not wanted:
        return set()
    # In one order for all workers, so that two of them do not wait for each other.
    ordered = sorted(wanted.values(), key=lambda touch: (touch.address, touch.source))
    ContactTouch.objects.bulk_create(
        [
            ContactTouch(
                customer_id=touch.customer_id, contact_id=touch.contact_id, address=touch.address.strip().lower()[:254],
                on=touch.on, channel=touch.channel, automatic=not touch.beyond_budget, source=touch.source,
            )
            for touch in ordered
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    kept = ContactTouch.objects.filter(source__in=list(wanted), released_at__isnull=True)
    return set(kept.values_list("source", flat=True))
