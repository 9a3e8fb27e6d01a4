"""The first page of dunning: which policies are on, what needs a person, and the runs."""

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment, toast
from collections_app.web.pagination import keyset_page
from customers.access import visible_entities
from customers.queries.clock import business_day, now
from dunning.access import visible_notices, visible_policies, visible_runs
from dunning.models import Policy, Run
from dunning.rules.sentences import LABELS
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_run import prepare_run
from dunning.services.save_policy import switch_policy
from dunning.services.start_due import any_hour
from dunning.tasks import hand_out

AT_ONCE = 2.0  # seconds that a person waits for a run; what is left is prepared in the background


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """Policies with their switch, notices of unknown delivery, and the runs, newest first."""
    user = signed_in(request)
    policies = visible_policies(user).select_related("entity").order_by("entity__code", "rank", "pk")
    page = keyset_page(
        visible_runs(user).select_related("policy__entity"), request.GET, order=("-as_of", "-id"), size=30
    )
    unknown = visible_notices(user).filter(state="unknown").select_related("customer").order_by("pk")
    context = {
        "policies": [(policy, business_day(policy.entity)) for policy in policies],
        "without_policy": visible_entities(user).filter(policies=None).order_by("code"),
        "page": page,
        "rows": [(run, _skipped_words(run.skipped)) for run in page.rows],
        "unknown_count": unknown.count(),
        "unknown": unknown[:10],
        "may_approve": user.may(Capability.APPROVE_NOTICES),
        "may_edit": user.may(Capability.EDIT_POLICIES),
    }
    return page_or_fragment(request, "dunning/runs.html", context, fragment="dunning/_runs.html")


@requires(Capability.APPROVE_NOTICES)
@require_POST
def start_run(request: HttpRequest, policy_id: int) -> HttpResponse:
    """To today's run of the policy: started now, or the one that somebody else has started (D31); with dry=1 to a dry
    run, which may be made while the policy is off. A large one goes on in the background."""
    user, until = signed_in(request), time.monotonic() + AT_ONCE
    policy = get_object_or_404(visible_policies(user).select_related("entity"), pk=policy_id)
    run = prepare_run(
        policy=policy, as_of=business_day(policy.entity), now=now(), started_by=user, any_hour=any_hour(),
        go_on=lambda: time.monotonic() < until, is_dry=request.POST.get("dry") == "1",
    )  # fmt: skip
    if run.state == Run.State.PREPARING:
        hand_out(run)
    return redirect("dunning_run", run.pk)


@requires(Capability.EDIT_POLICIES)
@require_POST
def install(request: HttpRequest, entity_id: int) -> HttpResponse:
    """To the entity's policy: the standard one, made now and switched off, or the one that it has already."""
    user = signed_in(request)
    entity = get_object_or_404(visible_entities(user), pk=entity_id)
    made = install_standard_policy(entity, active=False, mode=Policy.Mode.REVIEW, actor=user)
    told = "Look through the steps, then switch the policy on. Nothing leaves before."
    return toast(request, redirect("dunning_policy", made.pk), told)


@requires(Capability.EDIT_POLICIES)
@require_POST
def switch(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Back to the first page, with the policy switched on or off."""
    user = signed_in(request)
    policy = get_object_or_404(visible_policies(user), pk=policy_id)
    held = switch_policy(policy=policy, on=request.POST.get("on") == "1", actor=user)
    told = "Dunning is on." if held.is_active else "Dunning is off. What is approved waits."
    return toast(request, redirect("dunning"), told)


def _skipped_words(skipped: dict[str, int]) -> str:
    most = sorted(skipped.items(), key=lambda pair: -pair[1])[:3]
    return ", ".join(f"{number} {LABELS.get(code, code).lower()}" for code, number in most)
