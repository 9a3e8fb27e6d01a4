"""A policy and its steps: seen by everybody, changed by those who may."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import check, requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict
from collections_app.web.fragments import form_invalid, page_or_fragment, toast
from dunning.access import visible_policies
from dunning.forms.policy import PolicyForm, StepFormSet, initial_steps, steps_of
from dunning.services.save_policy import save_policy

TEMPLATE, FRAGMENT = "dunning/policy.html", "dunning/_policy.html"


@requires(Capability.SEE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """The policy's form; a POST saves it, or shows what is impossible about it (422)."""
    user = signed_in(request)
    found = get_object_or_404(visible_policies(user).select_related("entity").prefetch_related("steps"), pk=policy_id)
    context = {"policy": found, "may_edit": user.may(Capability.EDIT_POLICIES)}
    if request.method != "POST":
        forms = {"form": PolicyForm(instance=found), "steps": StepFormSet(initial=initial_steps(found), prefix="step")}
        return page_or_fragment(request, TEMPLATE, {**context, **forms}, fragment=FRAGMENT)
    check(user, Capability.EDIT_POLICIES)
    form, steps = PolicyForm(request.POST, instance=found), StepFormSet(request.POST, prefix="step")
    if form.is_valid() and steps.is_valid():
        try:
            save_policy(policy=found, change=form.change(), steps=steps_of(steps), actor=user)
        except (BadInput, Conflict) as refused:
            form.add_error(None, refused.sentence)
        else:
            return toast(request, redirect("dunning_policy", found.pk), "Policy saved.")
    found.refresh_from_db()
    return form_invalid(request, TEMPLATE, {**context, "form": form, "steps": steps}, fragment=FRAGMENT)
