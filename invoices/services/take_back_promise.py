"""Takes back a promise that was recorded by mistake a moment ago, and puts in force again what it had replaced."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import Fact, record_set
from invoices.actions import PROMISE_REOPENED
from invoices.models import Promise, PromiseItem
from invoices.services.withdraw_promise import withdraw_promise


@transaction.atomic
def take_back_promise(*, promise: Promise, on: date, actor: AbstractBaseUser | None, by: str = "") -> Promise:
    """The promise, withdrawn; those it replaced are open again. Raises Conflict when it is not open any more."""
    taken = withdraw_promise(promise=promise, closed_on=on, actor=actor, by=by, reason="recorded by mistake")
    last: dict[int, Promise] = {}
    earlier = PromiseItem.objects.filter(invoice__in=promise.items.values("invoice"), promise_id__lt=promise.pk)
    for item in earlier.select_related("promise").order_by("promise_id"):
        last[item.invoice_id] = item.promise
    replaced = {
        row.pk: row
        for row in last.values()
        if row.state == Promise.State.REPLACED and row.closed_on == promise.made_on and row.promised_on >= on
    }
    Promise.objects.filter(pk__in=replaced).update(state=Promise.State.OPEN, closed_on=None)
    PromiseItem.objects.filter(promise__in=replaced).update(live=True)
    record_set(
        PROMISE_REOPENED,
        [Fact("invoices.promise", row.pk, row.customer_id, {"after": promise.pk}) for row in replaced.values()],
        actor=actor,
        by=by,
    )
    return taken
