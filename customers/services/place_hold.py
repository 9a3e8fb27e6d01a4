"""Keeps reminders from a customer for a stated time and reason. It hides nothing that is owed."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from customers.actions import HOLD_PLACED
from customers.changes import announce
from customers.models import Contact, Customer, Hold


@transaction.atomic
def place_hold(
    *,
    customer: Customer,
    reason: str,
    starts_on: date,
    ends_on: date,
    note: str = "",
    contact: Contact | None = None,
    then: str = Hold.Then.CONTINUE,
    actor: AbstractBaseUser | None,
    by: str = "",
) -> Hold:
    """The new hold, from `starts_on` to `ends_on`, both inclusive; of one contact only when one is given.

    `then` says whether reminders go on with the next step afterwards or start again. Raises BadInput for an unknown
    reason, an end before the start or another customer's contact, Conflict when a hold for the same reason runs."""
    if contact is not None and contact.customer_id != customer.pk:
        raise BadInput("This person belongs to another customer. Look again.", code="other_customer")
    if then not in Hold.Then.values:
        raise BadInput("Choose how reminders go on afterwards.", code="unknown_then", fields={"then": "Choose one."})
    if reason not in Hold.Reason.values:
        raise BadInput("Choose one of the reasons.", code="unknown_reason", fields={"reason": "Choose a reason."})
    if ends_on < starts_on:
        sentence = f"The hold ends before it starts. Choose {format_date(starts_on)} or later."
        raise BadInput(sentence, code="hold_ends_early", fields={"ends_on": sentence})
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                customer=customer,
                contact=contact,
                reason=reason,
                note=note,
                starts_on=starts_on,
                ends_on=ends_on,
                then=then,
                owner_id=None if actor is None else actor.pk,
            )
    except IntegrityError as error:
        if "hold_no_overlap" not in str(error):
            raise
        raise Conflict(
            "A hold for this reason already covers some of these days. Release that one first.", code="hold_overlaps"
        ) from None
    record(
        HOLD_PLACED, hold, actor=actor, by=by, reason=reason, starts_on=starts_on, ends_on=ends_on, note=note,
        contact=None if contact is None else contact.pk, then=then,
    )  # fmt: skip
    announce([customer.pk])
    return hold
