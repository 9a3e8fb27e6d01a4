"""One policy with its steps and its versions: seen by everybody, changed by those who may."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict
from collections_app.web.fragments import form_invalid, page_or_fragment, toast
from customers.queries.clock import business_day
from dunning.access import visible_policies
from dunning.forms.policy import PolicyForm, StepFormSet, initial_steps, steps_of, words_keys
from dunning.models import Policy, PolicyVersion
from dunning.queries.policy_list import steps_in_words, versions_of
from dunning.queries.words import gaps_of
from dunning.services.delete_policy import is_used
from dunning.services.preview_policy import preview_policy
from dunning.services.save_policy import save_policy

TEMPLATE, FRAGMENT = "dunning/policy.html", "dunning/_policy.html"
VERSIONS, VERSIONS_FRAGMENT = "dunning/policy_versions.html", "dunning/_policy_versions.html"


@requires(Capability.SEE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """The policy's form. A POST saves it, asks what becomes of running conversations, or shows what is impossible
    (422)."""
    user = signed_in(request)
    rows = visible_policies(user).select_related("entity", "segment").prefetch_related("steps", "minimums")
    found = get_object_or_404(rows, pk=policy_id)
    if request.method == "POST":
        check(user, Capability.EDIT_POLICIES)
        return _posted(request, found)
    context: dict[str, Any] = {
        "policy": found,
        "may_edit": user.may(Capability.EDIT_POLICIES),
        "gaps": gaps_of(found),
    }
    if context["may_edit"]:
        steps = StepFormSet(initial=initial_steps(found), prefix="step", form_kwargs={"words": words_keys()})
        context |= {"form": PolicyForm(instance=found), "steps": steps, "is_used": is_used(found)}
    else:
        context["rows"] = steps_in_words(found)
    return page_or_fragment(request, TEMPLATE, context, fragment=FRAGMENT)


def _posted(request: HttpRequest, found: Policy) -> HttpResponse:
    form = PolicyForm(request.POST, instance=found)
    steps = StepFormSet(request.POST, prefix="step", form_kwargs={"words": words_keys()})
    context: dict[str, Any] = {"policy": found, "may_edit": True, "form": form, "steps": steps, "is_used": True}
    if form.is_valid() and steps.is_valid():
        found.refresh_from_db()
        wanted = {"change": form.change(), "steps": steps_of(steps), "minimums": form.cleaned_data["minimums"]}
        on, running = business_day(found.entity), form.cleaned_data["running"]
        try:
            touched = None if running else preview_policy(policy=found, on=on, **wanted)
            if touched is not None:
                return page_or_fragment(request, TEMPLATE, {**context, "affected": touched}, fragment=FRAGMENT)
            save_policy(
                policy=found, on=on, actor=signed_in(request), seen=form.cleaned_data["seen"],
                running=running or PolicyVersion.Running.MOVE, **wanted,
            )  # fmt: skip
        except (BadInput, Conflict) as refused:
            form.add_error(None, refused.sentence)
        else:
            return toast(request, redirect("dunning_policy", found.pk), "Policy saved.")
    elif not steps.is_valid():
        form.add_error(None, "A step needs a correction. It is marked below.")
    found.refresh_from_db()
    return form_invalid(request, TEMPLATE, context, fragment=FRAGMENT)


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def policy_versions(request: HttpRequest, policy_id: int) -> HttpResponse:
    """What each version of the policy changed, the newest first."""
    found = get_object_or_404(visible_policies(signed_in(request)).select_related("entity"), pk=policy_id)
    context = {"policy": found, "versions": versions_of(found)}
    return page_or_fragment(request, VERSIONS, context, fragment=VERSIONS_FRAGMENT)
