"""Rehearsals: ask for one, watch it being replayed, read what would have happened, alone or beside another policy."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web import charts
from collections_app.web.fragments import form_invalid, page_or_fragment
from collections_app.web.pagination import keyset_page
from collections_app.web.writing import date_text
from customers.forms.refusals import take_refusal
from customers.queries.clock import installation_day
from dunning.access import visible_policies, visible_rehearsals
from dunning.forms.rehearsal import RehearsalForm
from dunning.models import Rehearsal
from dunning.services.ask_rehearsal import ask_rehearsal
from dunning.tasks import run_waiting_rehearsals
from dunning.views.rehearsal_rows import letters_table, load_days, samples, side
from invoices.nudge import nudge

PAGE, FRAGMENT = "dunning/rehearsals.html", "dunning/_rehearsals.html"


@requires(Capability.SEE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def rehearsals(request: HttpRequest) -> HttpResponse:
    """The form and the rehearsals so far; a POST asks for one."""
    user, today = signed_in(request), installation_day()
    policies = visible_policies(user).select_related("entity").order_by("entity__code", "rank", "pk")
    form = RehearsalForm(request.POST if request.method == "POST" else None, policies=policies, today=today)
    if form.is_bound and form.is_valid():
        try:
            asked = ask_rehearsal(**form.cleaned_data, today=today, actor=user)
        except Refusal as refused:
            take_refusal(form, refused)
        else:
            nudge(run_waiting_rehearsals)
            return redirect("dunning_rehearsed", asked.pk)
    rows = visible_rehearsals(user).select_related("policy", "against", "asked_by")
    page = keyset_page(rows, request.GET, order=("-id",), size=20)
    context = {"form": form, "page": page, "rows": page.rows, "has_policies": policies.exists()}
    if form.is_bound:
        return form_invalid(request, PAGE, context, fragment=FRAGMENT)
    return page_or_fragment(request, PAGE, context, fragment=FRAGMENT)


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def rehearsal(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """One rehearsal: its progress, which refreshes itself, or its report."""
    rows = visible_rehearsals(signed_in(request)).select_related("policy__entity", "against", "asked_by")
    found = get_object_or_404(rows, pk=rehearsal_id)
    context: dict[str, Any] = {"rehearsal": found, "reports": []}
    if found.state == Rehearsal.State.DONE:
        reports = found.result["policies"]
        context |= {
            "reports": [{**report, "samples": samples(report)} for report in reports],
            "sides": [side(report) for report in reports],
            "letters": letters_table(reports),
            **_load(reports),
        }
    return page_or_fragment(request, "dunning/rehearsal.html", context, fragment="dunning/_rehearsal.html")


def _load(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The load per day as a chart: the policy as a line, the other one dashed; and the table that says the same."""
    days = load_days(reports)
    points = [charts.Bar(date_text(on), Decimal(numbers[0]), str(numbers[0])) for on, numbers in days]
    second = [Decimal(numbers[1]) for _, numbers in days] if len(reports) > 1 else []
    names = [report["policy"]["name"] for report in reports]
    details = f"{names[0]} as a line" + (f", {names[1]} dashed." if len(names) > 1 else ".")
    svg = charts.line_chart("load", "Letters per day", details, points, lambda value: f"{value.normalize():f}", second)
    return {
        "chart": svg,
        "chart_heads": [("Day", False), *[(name, True) for name in names]],
        "chart_rows": [[date_text(on), *numbers] for on, numbers in days],
        "chart_words": details,
    }
