"""Asks a manager to look at an account. One escalation is open per account at a time; it ends with an answer."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from worklist.actions import ESCALATED
from worklist.models import Activity, Escalation, Notification, WorklistItem
from worklist.queries.team import managers_of
from worklist.services.notify import notify


@transaction.atomic
def escalate(*, customer: Customer, reason: str, to: User | None, on: date, actor: User | None) -> Escalation:
    """The open escalation. `to` is one manager of the customer's team, None for whoever of them is first; `actor` is
    None for a rule. Those asked are told. Raises BadInput without a reason or for somebody who does not lead the team,
    Conflict when one is open already."""
    reason = reason.strip()[:250]
    if not reason:
        _refuse("reason", _("Say what the manager should decide or do."))
    managers = list(managers_of(customer.entity.team_id))
    if to is not None and to.pk not in {person.pk for person in managers}:
        _refuse("to", _("This person does not lead the team of the account. Choose one from the list."))
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if Escalation.objects.filter(customer=customer, answered_on=None).exists():
        raise Conflict(_("This account is with a manager already. Wait for the answer, or add a note."),
                       code="escalated_already")  # fmt: skip
    escalation = Escalation.objects.create(customer=customer, reason=reason, raised_by=actor, to=to, raised_on=on)
    asked: Sequence[User] = [to] if to is not None else managers
    Activity.objects.create(
        customer=customer, kind=Activity.Kind.ESCALATION, by=actor, happened_on=on,
        text=f"To {to or 'the managers'}: {reason}",
    )  # fmt: skip
    WorklistItem.objects.filter(pk=customer.pk).update(escalated=True)
    record(ESCALATED, escalation, actor=actor, by="rule", reason=reason, to=to and to.pk)
    notify(
        users=[person for person in asked if actor is None or person.pk != actor.pk],
        kind=Notification.Kind.ESCALATION,
        text=f"{customer.name}: {reason}",
        url=reverse("escalations"),
        customer=customer,
        source=f"escalation:{escalation.pk}",
    )
    return escalation


def _refuse(field: str, sentence: str) -> None:
    raise BadInput(sentence, code="wrong_escalation", fields={field: sentence})
