"""Gives a customer to another collector, or to nobody."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import Customer
from worklist.actions import ASSIGNED
from worklist.models import Activity, Notification, WorklistItem
from worklist.queries.team import stand_ins
from worklist.services.notify import notify


@transaction.atomic
def assign(*, customer: Customer, to: User | None, on: date, actor: User) -> Activity:
    """The assignment as it stands in the timeline. Raises BadInput for somebody who may not work this account."""
    if to is not None and not _may_work(to, customer):
        sentence = f"{to} may not work this account. Choose somebody from the team of {customer.entity}."
        raise BadInput(sentence, code="wrong_collector", fields={"collector": sentence})
    Customer.objects.filter(pk=customer.pk).update(collector=to)
    customer.collector = to
    analyst = stand_ins(on).get(to.pk, to.pk) if to else None
    WorklistItem.objects.filter(pk=customer.pk).update(collector=to, analyst=analyst)
    activity = Activity.objects.create(
        customer=customer, kind=Activity.Kind.ASSIGN, text=f"To {to}" if to else "To nobody", by=actor, happened_on=on
    )
    if to is not None and to.pk != actor.pk:
        text = _("%(customer)s was given to you by %(who)s.") % {"customer": customer.name, "who": actor}
        url = reverse("account", args=[customer.pk])
        notify(users=[to], kind=Notification.Kind.ASSIGNED, text=text, url=url, customer=customer)
    record(ASSIGNED, customer, actor=actor, customer_id=customer.pk, to=to.pk if to else None)
    return activity


def _may_work(user: User, customer: Customer) -> bool:
    in_team = user.may(Capability.SEE_ALL_TEAMS) or user.teams.filter(pk=customer.entity.team_id).exists()
    return in_team and user.may(Capability.WORK_ACCOUNTS)
