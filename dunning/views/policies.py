"""The policies: their list, a new one, and one that nobody used taken away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import form_invalid, page_or_fragment, toast
from dunning.access import visible_policies
from dunning.forms.new_policy import NewPolicyForm
from dunning.queries.policy_list import policy_list
from dunning.services.add_policy import add_policy
from dunning.services.delete_policy import delete_policy

LIST, LIST_FRAGMENT = "dunning/policies.html", "dunning/_policies.html"
NEW, NEW_FRAGMENT = "dunning/policy_new.html", "dunning/_policy_new.html"


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """All policies by legal entity and rank, with how many customers each looks after."""
    user = signed_in(request)
    rows = policy_list(visible_policies(user))
    context = {"rows": rows, "may_edit": user.may(Capability.EDIT_POLICIES)}
    return page_or_fragment(request, LIST, context, fragment=LIST_FRAGMENT)


@requires(Capability.EDIT_POLICIES)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_new(request: HttpRequest) -> HttpResponse:
    """The form for a new policy; a POST adds it, off, and goes to its steps."""
    user = signed_in(request)
    form = NewPolicyForm(user, request.POST or None, initial={"based_on": request.GET.get("copy", "")})
    if request.method != "POST":
        return page_or_fragment(request, NEW, {"form": form}, fragment=NEW_FRAGMENT)
    if form.is_valid():
        try:
            made = add_policy(**form.cleaned_data, actor=user)
        except BadInput as refused:
            form.add_error(None, refused.sentence)
        else:
            told = "Look through the steps, then switch the policy on. Nothing leaves before."
            return toast(request, redirect("dunning_policy", made.pk), told)
    return form_invalid(request, NEW, {"form": form}, fragment=NEW_FRAGMENT)


@requires(Capability.EDIT_POLICIES)
@require_POST
def policy_delete(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Back to the list without the policy; one that was used is kept (409)."""
    user = signed_in(request)
    found = get_object_or_404(visible_policies(user), pk=policy_id)
    name = found.name
    delete_policy(policy=found, actor=user)
    return toast(request, redirect(reverse("dunning_policies")), f"“{name}” is deleted.")
