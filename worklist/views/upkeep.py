"""Small changes on an account: pin a note, withdraw a promise, release a hold. One click each, back to the account."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import toast
from customers.access import visible_customers
from customers.models import Hold
from customers.queries.clock import business_day
from customers.services.release_hold import release_hold
from invoices.access import visible_promises
from invoices.services.withdraw_promise import withdraw_promise
from worklist.models import Activity
from worklist.services.pin_note import pin_note
from worklist.services.rescore import rescore


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def note_pin(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The note pinned, or unpinned when it was."""
    user = signed_in(request)
    note = get_object_or_404(Activity, pk=pk, customer__in=visible_customers(user), undone_at=None)
    pin_note(activity=note, pinned=not note.pinned, actor=user)
    return _back(request, note.customer_id, "Note pinned." if note.pinned else "Note unpinned.")


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def promise_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The promise withdrawn; 409 when it is not open any more."""
    user = signed_in(request)
    promise = get_object_or_404(visible_promises(user).select_related("customer__entity"), pk=pk)
    on = business_day(promise.customer.entity)
    withdraw_promise(promise=promise, closed_on=on, actor=user)
    rescore([promise.customer_id], on=on)
    return _back(request, promise.customer_id, "Promise withdrawn.")


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def hold_release(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The hold released from today on; 409 when it was released before."""
    user = signed_in(request)
    rows = Hold.objects.filter(customer__in=visible_customers(user)).select_related("customer__entity")
    hold = get_object_or_404(rows, pk=pk)
    on = business_day(hold.customer.entity)
    release_hold(hold=hold, on=on, actor=user)
    rescore([hold.customer_id], on=on)
    return _back(request, hold.customer_id, "Hold released.")


def _back(request: HttpRequest, customer_id: int, text: str) -> HttpResponseBase:
    return toast(request, HttpResponseRedirect(reverse("account", args=[customer_id])), text)
