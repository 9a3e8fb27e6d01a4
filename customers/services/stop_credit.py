"""Stops further credit to a customer. It holds no order back by itself: whoever takes orders reads it here."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.actions import CREDIT_STOPPED
from customers.changes import announce
from customers.models import CreditStop, Customer


@transaction.atomic
def stop_credit(
    *, customer: Customer, since: date, reason: str, actor: AbstractBaseUser | None, by: str = ""
) -> CreditStop:
    """The new credit stop, from `since` on, inclusive.

    Raises BadInput without a reason, Conflict when the customer's credit is stopped already."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    reason = reason.strip()
    if not 3 <= len(reason) <= 200:
        sentence = "Say in 3 to 200 signs why credit is stopped. People who take orders will read it."
        raise BadInput(sentence, code="reason_missing", fields={"reason": sentence})
    if CreditStop.objects.filter(customer=customer, until=None).exists():
        raise Conflict("Credit is stopped already. Lift that stop first.", code="credit_stopped_already")
    stop = CreditStop.objects.create(
        customer=customer, since=since, reason=reason, stopped_by_id=None if actor is None else actor.pk
    )
    record(CREDIT_STOPPED, stop, actor=actor, by=by, since=since, reason=reason)
    announce([customer.pk])
    return stop
