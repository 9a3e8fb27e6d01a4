"""Takes an open promise back: the customer withdrew it, or it was recorded by mistake. It stays as history (P6)."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.changes import announce
from customers.models import Customer
from invoices.actions import PROMISE_WITHDRAWN
from invoices.models import Promise, PromiseItem


@transaction.atomic
def withdraw_promise(
    *, promise: Promise, closed_on: date, actor: AbstractBaseUser | None = None, by: str = "", reason: str = ""
) -> Promise:
    """The withdrawn promise, as stored. Raises Conflict when it is not open any more."""
    Customer.objects.select_for_update(no_key=True).get(pk=promise.customer_id)
    won = Promise.objects.filter(pk=promise.pk, state=Promise.State.OPEN).update(
        state=Promise.State.WITHDRAWN, closed_on=closed_on
    )
    promise.refresh_from_db()
    if not won:
        raise Conflict(
            f"This promise is already {promise.get_state_display().lower()}, so it cannot be withdrawn.",
            code="promise_not_open",
        )
    PromiseItem.objects.filter(promise=promise).update(live=False)
    record(PROMISE_WITHDRAWN, promise, actor=actor, by=by, reason=reason, closed_on=closed_on)
    announce([promise.customer_id])
    return promise
