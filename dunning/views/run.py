"""One run: the summary line, its letters with a preview beside them, and the bar that approves or withdraws."""

import io
import zipfile

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import page_or_fragment, toast
from collections_app.web.pagination import keyset_page
from customers.queries.clock import now
from dunning.access import visible_notices, visible_runs
from dunning.models import Notice, Run
from dunning.queries.runs import notices_of, summary_of
from dunning.services.approve_notices import approve_notices
from dunning.services.cancel_notices import cancel_notices
from dunning.services.preview import preview
from dunning.services.start_due import any_hour
from dunning.views.states import STATES, shown


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """The run's page; `?state=` narrows the table, `?notice=` chooses the letter at the side."""
    user = signed_in(request)
    found = get_object_or_404(visible_runs(user).select_related("policy__entity"), pk=run_id)
    state = request.GET.get("state", "")
    rows = notices_of(found, state).filter(pk__in=visible_notices(user))
    page = keyset_page(rows, request.GET, order=("-amount", "id"), size=50)
    chosen = _chosen(user, found, request.GET.get("notice", ""), page.rows)
    summary = summary_of(found)
    context = {
        "run": found,
        "summary": summary,
        "page": page,
        "rows": [(row, shown(row)) for row in page.rows],
        "filters": [(code, STATES[code].word, number) for code, number in summary.by_state.items()],
        "state": state,
        "chosen": chosen,
        "chosen_state": shown(chosen) if chosen else None,
        "preview": preview(chosen) if chosen else None,
        "has_letters": notices_of(found).exclude(letter="").exists(),
        "may_approve": user.may(Capability.APPROVE_NOTICES),
        "at_once": any_hour(),
    }
    return page_or_fragment(request, "dunning/run.html", context, fragment="dunning/_run.html")


@requires(Capability.APPROVE_NOTICES)
@require_POST
def approve(request: HttpRequest, run_id: int) -> HttpResponse:
    """Back to the run, with the ticked notices approved, or with all=1 every proposed one."""
    user = signed_in(request)
    found = get_object_or_404(visible_runs(user).select_related("policy__entity"), pk=run_id)
    ids = None if request.POST.get("all") == "1" else _ticked(user, found, request.POST)
    number = approve_notices(run=found, notice_ids=ids, actor=user, now=now(), any_hour=any_hour())
    return toast(request, redirect("dunning_run", found.pk), f"{number} approved. They leave in the next send window.")


@requires(Capability.APPROVE_NOTICES)
@require_POST
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Back to the run, with the ticked notices withdrawn."""
    user = signed_in(request)
    found = get_object_or_404(visible_runs(user), pk=run_id)
    number = cancel_notices(notice_ids=_ticked(user, found, request.POST), actor=user, now=now())
    return toast(request, redirect("dunning_run", found.pk), f"{number} withdrawn.")


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def letters(request: HttpRequest, run_id: int) -> HttpResponse:
    """All finished letters of the run in one archive, for printing."""
    user = signed_in(request)
    found = get_object_or_404(visible_runs(user), pk=run_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for notice in notices_of(found).filter(pk__in=visible_notices(user)).exclude(letter="").order_by("customer_id"):
            with notice.letter.open() as file:
                archive.writestr(f"{notice.customer_id}-{notice.pk}.pdf", file.read())
    name = f"letters-{found.as_of.isoformat()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(packed.getvalue(), content_type="application/zip", headers=headers)


def _chosen(user: User, run: Run, asked: str, rows: list[Notice]) -> Notice | None:
    if asked.isdecimal() and len(asked) < 19:
        wanted = visible_notices(user).filter(run=run, pk=int(asked))
        return get_object_or_404(wanted.select_related("customer", "contact", "policy__entity", "template", "step"))
    return rows[0] if rows else None


def _ticked(user: User, run: Run, form: QueryDict) -> list[int]:
    texts = form.getlist("notice")
    if any(not text.isdecimal() or len(text) > 18 for text in texts):
        raise BadInput("One of the chosen notices is not a notice. Reload the page.", code="bad_notice")
    return list(
        visible_notices(user).filter(run=run, pk__in=[int(text) for text in texts]).values_list("pk", flat=True)
    )
