"""The page of those who lead a team: whose day holds how much, who is away, what waits, and how accounts are shared."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.queries.clock import installation_day
from worklist.forms.team import AbsenceForm, CapacityForm, PortfolioForm
from worklist.models import Portfolio
from worklist.queries.escalations import open_escalations
from worklist.queries.portfolios import visible_portfolios
from worklist.queries.team import absences_to_come, team_load, teammates, unattended, weeks_of
from worklist.services.end_absence import end_absence
from worklist.services.record_absence import record_absence
from worklist.services.save_portfolio import save_portfolio
from worklist.services.set_capacity import set_capacity
from worklist.views.rebalancing import last_batch


@require_safe
@requires(Capability.LEAD_TEAM)
def team(request: HttpRequest) -> HttpResponse:
    """Load against capacity today, absences, open escalations and portfolios of the person's teams."""
    user, on = signed_in(request), installation_day()
    context = {
        "on": on,
        "loads": team_load(user, on=on),
        "unattended": unattended(user, on=on),
        "absences": absences_to_come(user, on=on)[:50],
        "escalations": open_escalations(user).count(),
        "portfolios": visible_portfolios(user)[:100],
        "batch": last_batch(user),
    }
    return render(request, "worklist/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.LEAD_TEAM)
def absence_new(request: HttpRequest) -> HttpResponse:
    """The form of an absence; saving it hands the list over at once where it begins by today."""
    actor, on = signed_in(request), installation_day()
    form = AbsenceForm(request.POST if request.method == "POST" else None, mates=teammates(actor), on=on)
    if form.is_bound and form.is_valid():
        try:
            record_absence(**form.cleaned_data, on=on, actor=actor)
        except Refusal as refusal:
            form.refused(refusal)
        else:
            return toast(request, HttpResponseRedirect(reverse("team")), _("Absence recorded."))
    return _form_page(request, form, _("Record an absence"), _("Save absence"))


@require_POST
@requires(Capability.LEAD_TEAM)
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The absence ended as of today, or called off."""
    actor, on = signed_in(request), installation_day()
    absence = get_object_or_404(absences_to_come(actor, on=on), pk=pk)
    end_absence(absence=absence, on=on, actor=actor)
    words = _("%(name)s is back. The list is theirs again.") % {"name": absence.user}
    return toast(request, HttpResponseRedirect(reverse("team")), words)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.LEAD_TEAM)
def capacity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes of a teammate's week."""
    actor = signed_in(request)
    person = get_object_or_404(teammates(actor), pk=pk)
    week = tuple(weeks_of([person.pk])[person.pk])
    form = CapacityForm(request.POST if request.method == "POST" else None, week=week)
    if form.is_bound and form.is_valid():
        set_capacity(user=person, week=form.week(), actor=actor)
        return toast(request, HttpResponseRedirect(reverse("team")), _("Saved. It counts from now on."))
    title = _("Minutes of %(name)s's week") % {"name": person}
    note = _("How many minutes of each day go into accounts. Meetings and everything else are left out.")
    return _form_page(request, form, title, _("Save"), note)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.LEAD_TEAM)
def portfolio_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of a portfolio, a new one without `pk`."""
    actor = signed_in(request)
    portfolio = get_object_or_404(visible_portfolios(actor), pk=pk) if pk else Portfolio()
    mates = teammates(actor)
    form = PortfolioForm(
        request.POST if request.method == "POST" else None, portfolio=portfolio, actor=actor, mates=mates
    )
    title = portfolio.name if pk else _("New portfolio")
    if form.is_bound and form.is_valid():
        try:
            chosen = list(form.cleaned_data["analysts"])
            save_portfolio(portfolio=form.filled(), analysts=chosen, choosable=list(mates), actor=actor)
        except Refusal as refusal:
            form.refused(refusal)
        else:
            words = _("Saved. Accounts move when you rebalance.")
            return toast(request, HttpResponseRedirect(reverse("team")), words)
    note = _("Says whose accounts these should be. Nothing moves until you rebalance.")
    return _form_page(request, form, title, _("Save"), note)


def _form_page(request: HttpRequest, form: Any, title: str, submit: str, note: str = "") -> HttpResponse:
    wrong = bool(form.errors)
    crumbs = [(_("Team"), reverse("team")), (title, "")]
    context = {
        "form": form, "title": title, "submit": submit, "note": note, "crumbs": crumbs, "has_errors": wrong,
        "cancel": reverse("team"),
    }  # fmt: skip
    return render(request, "worklist/team_form.html", context, status=422 if wrong else 200)
