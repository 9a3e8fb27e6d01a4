"""One run: the summary line, what is different, its letters with a preview beside them, and the bar that approves,
leaves out with a reason, or takes an approval back."""

import io
import zipfile
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import page_or_fragment, toast
from collections_app.web.pagination import keyset_page
from customers.queries.clock import now
from dunning.access import visible_notices, visible_runs
from dunning.forms.leave_out import LeaveOutForm
from dunning.models import Notice, Run
from dunning.queries.run_difference import difference_to_last
from dunning.queries.runs import notices_of, progress_of, recallable_of, summary_of, waiting_in
from dunning.services.approve_notices import approve_notices
from dunning.services.approve_rehearsal import approve_rehearsal
from dunning.services.cancel_notices import cancel_notices
from dunning.services.preview import preview
from dunning.services.start_due import any_hour
from dunning.services.undo_approval import undo_approval
from dunning.views.states import STATES, shown


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """The run's page; `?state=` narrows the table, `?notice=` chooses the letter at the side."""
    user = signed_in(request)
    found = _found(user, run_id)
    state = request.GET.get("state", "")
    rows = notices_of(found, state).filter(pk__in=visible_notices(user))
    page = keyset_page(rows, request.GET, order=("-amount", "id"), size=50)
    chosen = _chosen(user, found, request.GET.get("notice", ""), page.rows)
    context = {
        "run": found,
        "page": page,
        "rows": [(row, shown(row)) for row in page.rows],
        "state": state,
        "chosen": chosen,
        "chosen_state": shown(chosen) if chosen else None,
        "preview": preview(chosen) if chosen else None,
        "may_approve": user.may(Capability.APPROVE_NOTICES),
        "at_once": any_hour(),
        **_counts(found),
    }
    return page_or_fragment(request, "dunning/run.html", context, fragment="dunning/_run.html")


def _counts(found: Run) -> dict[str, Any]:
    summary = summary_of(found)
    prepared = found.state == Run.State.PREPARED
    return {
        "summary": summary,
        "filters": [(code, STATES[code].word, n) for code, n in summary.by_state.items() if not found.is_dry],
        "progress": None if prepared else progress_of(found),
        "difference": difference_to_last(found) if prepared else None,
        "waiting": waiting_in(found) if prepared else None,
        "has_letters": notices_of(found).exclude(letter="").exists(),
        "sent": recallable_of(found).exists(),
    }


@requires(Capability.APPROVE_NOTICES)
@require_POST
def approve(request: HttpRequest, run_id: int) -> HttpResponse:
    """Back to the run, with the ticked notices approved, or with all=1 every proposed one; the toast can undo it."""
    user = signed_in(request)
    found = _found(user, run_id)
    ids = None if request.POST.get("all") == "1" else ticked(user, found, request.POST.getlist("notice"))
    number = approve_notices(run=found, notice_ids=ids, actor=user, now=now(), any_hour=any_hour())
    minutes = found.policy.hold_minutes
    told = f"{number} approved. They leave in {minutes} minutes at the earliest." if minutes else f"{number} approved."
    undo = reverse("dunning_run_undo", args=[found.pk]) if number and minutes else ""
    return toast(request, redirect("dunning_run", found.pk), told, undo_url=undo)


@requires(Capability.APPROVE_NOTICES)
@require_POST
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """Back to the run, with everything that has not left proposed again."""
    user = signed_in(request)
    found = _found(user, run_id)
    number = undo_approval(run=found, notice_ids=None, actor=user)
    told = f"{number} wait for a person again." if number else "Too late: nothing waits any more."
    return toast(request, redirect("dunning_run", found.pk), told, tone="success" if number else "error")


@requires(Capability.APPROVE_NOTICES)
@require_POST
def rehearsed(request: HttpRequest, run_id: int) -> HttpResponse:
    """Back to the run, which is approved as the policy's first."""
    user = signed_in(request)
    found = _found(user, run_id)
    policy = approve_rehearsal(run=found, actor=user, now=now())
    told = "Noted. The policy may now send by itself." if policy.is_active else "Noted. Switch the policy on to begin."
    return toast(request, redirect("dunning_run", found.pk), told)


@requires(Capability.APPROVE_NOTICES)
@require_POST
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Back to the run, with the ticked notices left out, for the reason that was written."""
    user = signed_in(request)
    found = _found(user, run_id)
    reason = LeaveOutForm(request.POST).checked()
    ids = ticked(user, found, request.POST.getlist("notice"))
    number = cancel_notices(notice_ids=ids, actor=user, now=now(), reason_text=f"Left out by {user}: {reason}")
    return toast(request, redirect("dunning_run", found.pk), f"{number} left out.")


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def letters(request: HttpRequest, run_id: int) -> HttpResponse:
    """All finished letters of the run in one archive, for printing."""
    user = signed_in(request)
    found = _found(user, run_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for notice in notices_of(found).filter(pk__in=visible_notices(user)).exclude(letter="").order_by("customer_id"):
            with notice.letter.open() as file:
                archive.writestr(f"{notice.customer_id}-{notice.pk}.pdf", file.read())
    name = f"letters-{found.as_of.isoformat()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(packed.getvalue(), content_type="application/zip", headers=headers)


def _found(user: User, run_id: int) -> Run:
    return get_object_or_404(visible_runs(user).select_related("policy__entity"), pk=run_id)


def _chosen(user: User, run: Run, asked: str, rows: list[Notice]) -> Notice | None:
    if asked.isdecimal() and len(asked) < 19:
        wanted = visible_notices(user).filter(run=run, pk=int(asked))
        return get_object_or_404(wanted.select_related("customer", "contact", "policy__entity", "template", "step"))
    return rows[0] if rows else None


def ticked(user: User, run: Run, texts: list[str]) -> list[int]:
    """The ids among these texts that are notices of the run which the person may see. Raises BadInput for nonsense."""
    if any(not text.isdecimal() or len(text) > 18 for text in texts):
        raise BadInput("One of the chosen notices is not a notice. Reload the page.", code="bad_notice")
    return list(
        visible_notices(user).filter(run=run, pk__in=[int(text) for text in texts]).values_list("pk", flat=True)
    )
