"""Acting on one customer: the form of an action, its saving, what comes next, and taking it back."""

from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
from customers.models import Customer
from customers.queries.clock import business_day
from worklist.forms.actions import About, ActionForm
from worklist.models import Undo
from worklist.queries.account import account
from worklist.queries.filters import Filters, read_filters
from worklist.queries.items import next_after, one_row, tallies
from worklist.queries.playbooks import chosen_playbook
from worklist.services.leave import leave
from worklist.services.mark_worked import mark_worked
from worklist.services.offer_undo import offer_undo
from worklist.services.rescore import rescore
from worklist.services.take_back import take_back
from worklist.services.take_back_many import take_back_many
from worklist.services.tick_action import tick_action
from worklist.views.acting import ACTS, Act, Done
from worklist.views.panel import account_context, back_of, customer_in_scope, item_of, members_of, other_panels
from worklist.views.progress import progress
from worklist.views.rows import Looks, row_html

# Sent by a browser that had fetched the next customer and shows it already: only the counts of the list are news to it.
AHEAD = "X-Shown-Ahead"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def act(request: HttpRequest, pk: int, action: str) -> HttpResponseBase:
    """The form of the action, in the panel or as a page of its own; saving it leads to the next customer."""
    chosen, customer = ACTS[action], customer_in_scope(request, pk)
    on = business_day(customer.entity)
    about = _about(chosen, customer, on)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = chosen.form(*given, about=about, prefix=None)
    if request.method == "POST" and form.is_valid():
        followed, _ = chosen_playbook(customer.pk, on=on, customer_ids=members_of(customer) or ())
        try:
            done = chosen.perform(form, signed_in(request))
        except Refusal as refusal:
            form.refused(refusal)
        else:
            return after_action(request, chosen.code, customer, done, followed, completes=chosen.completes)
    return _form_page(request, chosen, customer, form)


def _about(chosen: Act, customer: Customer, on: date) -> About:
    if not chosen.reads_account:
        return About(customer, on, ())
    found = account(customer, on=on)
    until = max((row["promised_on"] for row in found.promises if row["state"] == "open"), default=None)
    return About(customer, on, found.items, until)


def _form_page(request: HttpRequest, chosen: Act, customer: Customer, form: ActionForm) -> HttpResponse:
    back = back_of(request)
    context = {"act": chosen, "customer": customer, "form": form, "back": back, "whole": "at" not in QueryDict(back),
               "action_url": reverse(f"account_{chosen.code}", args=[customer.pk]),
               "has_errors": bool(form.errors)}  # fmt: skip
    status = 422 if form.errors else 200
    response = page_or_fragment(
        request, "worklist/act.html", context, fragment="worklist/_composer.html", status=status
    )
    if form.errors and wants_fragment(request):
        response.headers["HX-Retarget"] = "#composer"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def after_action(
    request: HttpRequest, code: str, customer: Customer, done: Done, followed: int | None, *, completes: bool
) -> HttpResponseBase:
    """What comes next, after the customer was counted as worked, the playbook ticked, the score made anew and the undo
    offered. `followed` is the id of the playbook that counted before the action."""
    actor, on, item = signed_in(request), business_day(customer.entity), item_of(customer)
    before = dict(done.before)
    before["ticks"] = tick_action(playbook_id=followed, customer_id=customer.pk, action=code, on=on, actor=actor)
    if completes:
        before |= mark_worked(customer_id=customer.pk, on=on, actor=actor)
    rescore([customer.pk], on=on)
    undo_url = ""
    if done.target_id:
        undo = offer_undo(actor=actor, customer_id=customer.pk, action=code, target_id=done.target_id,
                          before=before, after=done.after)  # fmt: skip
        undo_url = reverse("undo", args=[undo.pk])
    back = back_of(request)
    if completes:
        leave(customer_id=customer.pk, user=actor)
    place = (item.pinned, item.rank) if item else None
    response = _next(request, customer, back, on=on, place=place, stay=not completes)
    return toast(request, response, done.text, undo_url=undo_url)


def _next(
    request: HttpRequest, customer: Customer, back: str, *, on: date, place: tuple[bool, Decimal] | None, stay: bool
) -> HttpResponse:
    query = QueryDict(back)
    if "at" not in query:
        return _account_again(request, customer)
    actor, filters, now = signed_in(request), read_filters(query), timezone.now()
    if not stay and wants_fragment(request) and AHEAD in request.headers:
        return render(request, "worklist/_counts.html", {"progress": progress(tallies(actor, filters, on=on))})
    following: int | None = customer.pk
    if not stay:
        following = next_after(actor, filters, customer_id=customer.pk, place=place, on=on, now=now)
    where = f"{reverse('worklist')}?{filters.query(at=following)}"
    if not wants_fragment(request):
        return HttpResponseRedirect(where)
    context = _panel_context(request, filters, following, on if following == customer.pk else None)
    context |= {"gone": None if stay else customer.pk, "progress": progress(tallies(actor, filters, on=on))}
    row = one_row(actor, customer.pk) if stay else None
    context["changed_row"] = row and row_html(row, Looks(actor, filters, on, now), current=customer.pk, oob=True)
    response = render(request, "worklist/_panel_next.html", context)
    response.headers["HX-Push-Url"] = where
    return response


def _panel_context(request: HttpRequest, filters: Filters, pk: int | None, on: date | None) -> dict[str, Any]:
    if pk is None:
        return {"filters": filters}
    customer = customer_in_scope(request, pk)
    return {"filters": filters} | account_context(request, customer, back=filters.query(at=pk), on=on)


def _account_again(request: HttpRequest, customer: Customer) -> HttpResponse:
    if not wants_fragment(request):
        return HttpResponseRedirect(reverse("account", args=[customer.pk]))
    fresh = customer_in_scope(request, customer.pk)
    context = account_context(request, fresh, whole=True) | {"panels": other_panels(fresh)}
    return render(request, "worklist/_account.html", context)


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def undo(request: HttpRequest, token: str) -> HttpResponseBase:
    """The action taken back, or 409 with the reason (D89). A stranger's token is not found."""
    actor = signed_in(request)
    found = get_object_or_404(Undo.objects.select_related("customer__entity"), pk=token, user=actor)
    if found.batch is not None:
        return _undo_many(request, found, actor)
    on = business_day(found.customer.entity)
    take_back(undo=found, on=on, actor=actor)
    rescore([found.customer_id], on=on)
    response: HttpResponse = HttpResponseRedirect(reverse("account", args=[found.customer_id]))
    if wants_fragment(request):
        response = trigger_client_event(HttpResponse(), "taken-back", {"customer": found.customer_id})
    return toast(request, response, "Taken back.")


def _undo_many(request: HttpRequest, found: Undo, actor: User) -> HttpResponseBase:
    done = take_back_many(batch=cast(UUID, found.batch), actor=actor)
    words = ngettext("Taken back for %(n)d customer.", "Taken back for %(n)d customers.", done.count) % {
        "n": done.count
    }
    if done.stayed:
        more = ngettext("%(n)d was changed by somebody since and stays.",
                        "%(n)d were changed by somebody since and stay.", done.stayed)  # fmt: skip
        words = f"{words} {more % {'n': done.stayed}}"
    response: HttpResponse = HttpResponseRedirect(reverse("worklist"))
    if wants_fragment(request):
        response = trigger_client_event(HttpResponse(), "taken-back", {"customer": found.customer_id})
    return toast(request, response, words)
