"""Gives many customers to another collector, or to nobody, and tells that person once."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext

from collections_app.accounts.models import User
from customers.models import Customer
from worklist.actions import ASSIGNED
from worklist.models import Activity, Notification, Undo
from worklist.queries.team import stand_ins
from worklist.services.change_items import Bulk, change_items
from worklist.services.notify import notify


@transaction.atomic
def assign_many(*, customer_ids: Iterable[int], to: User | None, on: date, actor: User) -> Undo | None:
    """The undo of it all. Whether `to` may work each of the accounts is the caller's to check (`effect_of` does)."""
    ids = sorted(customer_ids)
    Customer.objects.filter(pk__in=ids).update(collector=to)
    analyst = stand_ins(on).get(to.pk, to.pk) if to else None
    values = {"collector_id": to.pk if to else None, "analyst_id": analyst}
    bulk = Bulk(
        "assign", ASSIGNED, Activity.Kind.ASSIGN, f"To {to}" if to else "To nobody", {"to": values["collector_id"]}
    )
    undo = change_items(bulk=bulk, changes=dict.fromkeys(ids, values), on=on, actor=actor)
    if to is not None and to.pk != actor.pk and undo is not None:
        told = ngettext("%(who)s gave you %(n)d account.", "%(who)s gave you %(n)d accounts.", len(ids))
        text = told % {"who": actor, "n": len(ids)}
        notify(users=[to], kind=Notification.Kind.ASSIGNED, text=text, url=f"{reverse('worklist')}?who=mine")
    return undo
