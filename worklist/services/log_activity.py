"""Writes down a call or a note. A call also answers an earlier follow-up and works the customer for today; one that
reached somebody counts in the contact budget."""

from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput
from customers.changes import announce
from customers.models import Contact, Customer
from customers.services.note_contact import note_contact
from worklist.actions import ACTIVITY_LOGGED
from worklist.models import Activity
from worklist.queries.contacts import HEARD


@transaction.atomic
def log_activity(
    *,
    customer: Customer,
    kind: str,
    happened_on: date,
    actor: User,
    outcome: str = "",
    text: str = "",
    contact: Contact | None = None,
    follow_up_on: date | None = None,
    pinned: bool = False,
) -> Activity:
    """The activity as written, dated `happened_on`; a follow-up is a later day or none.

    Raises BadInput for a call without outcome, a note without text, or a follow-up in the past."""
    if kind == Activity.Kind.CALL and not outcome:
        raise BadInput("Choose how the call went.", code="no_outcome", fields={"outcome": "Choose how the call went."})
    if kind == Activity.Kind.NOTE and not text.strip():
        raise BadInput("Write the note first.", code="no_text", fields={"text": "Write the note first."})
    if follow_up_on is not None and follow_up_on < happened_on:
        sentence = f"A follow-up lies ahead. Choose {format_date(happened_on)} or later."
        raise BadInput(sentence, code="follow_up_in_past", fields={"follow_up_on": sentence})
    activity = Activity.objects.create(
        customer=customer,
        contact=contact,
        kind=kind,
        outcome=outcome,
        text=text.strip(),
        by=actor,
        happened_on=happened_on,
        follow_up_on=follow_up_on,
        pinned=pinned,
    )
    if kind == Activity.Kind.MAIL or (kind == Activity.Kind.CALL and outcome in HEARD):
        source = f"activity:{activity.pk}"
        note_contact(customer=customer, contact=contact, channel=kind, on=happened_on, source=source)
    record(ACTIVITY_LOGGED, activity, actor=actor, kind=kind, outcome=outcome, text=activity.text)
    announce([customer.pk])
    return activity
