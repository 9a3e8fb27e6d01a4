"""What may leave the house: the kill switch, the test mode, the allow-list, how old data may be, and how old they
are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import toast
from customers.access import visible_entities
from customers.forms.refusals import take_refusal
from customers.queries.circuits import troubled_providers
from customers.queries.clock import installation_day, now
from customers.queries.outgoing import outgoing_rules
from customers.services.save_outgoing_rules import OutgoingChange, save_outgoing_rules
from dunning.forms.outgoing import OutgoingForm, StopForm, initial_rules
from dunning.queries.policies import channels
from dunning.queries.stale_data import stale_entities
from invoices.queries.data_ages import DataAge, data_ages

TEMPLATE = "dunning/outgoing.html"


@requires(Capability.SEE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def outgoing(request: HttpRequest) -> HttpResponse:
    """The rules as they hold; a POST saves them, or says what cannot be (422)."""
    if request.method != "POST":
        return _page(request)
    user = signed_in(request)
    check(user, Capability.EDIT_POLICIES)
    form = OutgoingForm(request.POST)
    if form.is_valid():
        try:
            save_outgoing_rules(change=form.change(outgoing_rules()), actor=user, now=now())
        except BadInput as refused:
            take_refusal(form, refused)
        else:
            return toast(request, redirect("dunning_outgoing"), "Saved. It holds from the next message on.")
    return _page(request, form=form)


@requires(Capability.EDIT_POLICIES)
@require_POST
def outgoing_switch(request: HttpRequest) -> HttpResponse:
    """Back to the page: with stop=1 nothing leaves any more, else messages leave again."""
    user, rules = signed_in(request), outgoing_rules()
    stop = request.POST.get("stop") == "1"
    form = StopForm(request.POST)
    if stop and not form.is_valid():
        return _page(request, stop_form=form)
    why = form.cleaned_data["why"] if stop else ""
    kept = OutgoingChange(
        stop, why, rules.test_address, rules.allowed, rules.bank_days, rules.invoice_days, rules.contacts_per_week
    )
    save_outgoing_rules(change=kept, actor=user, now=now())
    told = "Stopped. What is due waits." if stop else "Messages leave again."
    return toast(request, redirect("dunning_outgoing"), told)


def _page(request: HttpRequest, **refused: Any) -> HttpResponse:
    user, rules, today = signed_in(request), outgoing_rules(), installation_day()
    ages, stale = data_ages(today), stale_entities(today)
    names = {code: channel.label for code, channel in channels().items()}
    context = {
        "rules": rules,
        "form": OutgoingForm(initial=initial_rules(rules)),
        "stop_form": StopForm(),
        "may_edit": user.may(Capability.EDIT_POLICIES),
        "today": today,
        "ages": [
            (entity, ages.get(entity.pk, DataAge()), stale.get(entity.pk))
            for entity in visible_entities(user).order_by("code")
        ],
        "troubled": [(names.get(row.provider, row.provider), row) for row in troubled_providers()],
        "has_errors": bool(refused),
        **refused,
    }
    return render(request, TEMPLATE, context, status=422 if refused else 200)
