"""Ends an escalation with a manager's answer, which the person who asked and the collector are told. The account is
on today's list again."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from worklist.actions import ESCALATION_ANSWERED
from worklist.models import Activity, Escalation, Notification, WorklistItem
from worklist.services.notify import notify


@transaction.atomic
def answer_escalation(*, escalation: Escalation, answer: str, on: date, actor: User) -> Escalation:
    """The answered escalation. Raises BadInput without an answer, Conflict when somebody answered first."""
    answer = answer.strip()
    if not answer:
        sentence = _("Write what was decided, so that the analyst can go on.")
        raise BadInput(sentence, code="no_answer", fields={"answer": sentence})
    won = Escalation.objects.filter(pk=escalation.pk, answered_on=None).update(
        answer=answer, answered_by=actor, answered_on=on
    )
    if not won:
        raise Conflict(_("Somebody answered this already. Load the page again to read it."), code="answered_already")
    escalation.refresh_from_db()
    customer = escalation.customer
    Activity.objects.create(
        customer=customer, kind=Activity.Kind.ESCALATION, by=actor, happened_on=on, text=f"Answered: {answer}"
    )
    WorklistItem.objects.filter(pk=customer.pk).update(escalated=False)
    WorklistItem.objects.filter(pk=customer.pk, done_on=on).update(done_on=None, done_by=None)  # there is work again
    record(ESCALATION_ANSWERED, escalation, actor=actor, answer=answer)
    asking = {person.pk: person for person in (escalation.raised_by, customer.collector) if person is not None}
    notify(
        users=[person for person in asking.values() if person.pk != actor.pk],
        kind=Notification.Kind.ANSWER,
        text=f"{customer.name}: {answer}",
        url=reverse("account", args=[customer.pk]),
        customer=customer,
        source=f"answer:{escalation.pk}",
    )
    return escalation
