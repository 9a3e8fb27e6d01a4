"""Starter packs: a policy with its words for a kind of business, each step with its reason, installed by a button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import toast
from customers.access import visible_entities
from dunning.forms.starter import StarterForm
from dunning.queries.policies import channels
from dunning.rules.starters import STARTERS
from dunning.services.install_starter import install_starter

PAGE = "dunning/starters.html"


@requires(Capability.SEE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def starters(request: HttpRequest) -> HttpResponse:
    """The packs with their steps; a POST installs one and goes on to the policy, which is off."""
    user = signed_in(request)
    entities = visible_entities(user).order_by("code")
    labels = {code: one.label for code, one in channels().items()}
    packs = [
        (kind, one, [(step, labels.get(step.channel, step.channel)) for step in one.steps])
        for kind, one in STARTERS.items()
    ]
    context = {"packs": packs, "may_edit": user.may(Capability.EDIT_POLICIES)}
    if request.method != "POST":
        return render(request, PAGE, {**context, "form": StarterForm(entities=entities)})
    check(user, Capability.EDIT_POLICIES)
    form = StarterForm(request.POST, entities=entities)
    if not form.is_valid():
        return render(request, PAGE, {**context, "form": form, "has_errors": True}, status=422)
    policy = install_starter(entity=form.cleaned_data["entity"], kind=form.cleaned_data["kind"], actor=user)
    return toast(request, redirect("dunning_policy", policy.pk), "Installed. It is off: look at it, then switch it on.")
