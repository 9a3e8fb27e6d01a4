"""The strategies: their list, the form of a draft, one strategy with its versions, and what may be done with one."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import NotAllowed, Refusal
from collections_app.web.fragments import page_or_fragment, toast
from customers.queries.clock import installation_day
from invoices.nudge import nudge
from worklist.forms.strategy import StrategyForm
from worklist.models import Strategy, StrategyVersion
from worklist.queries.strategies import may_change, strategies_in_force, strategy_list, versions_of, visible_strategies
from worklist.rules.strategy import USUAL, as_data, read_strategy
from worklist.rules.strategy_check import RUNNING, WAITING, obstacle
from worklist.rules.strategy_starters import STARTERS
from worklist.rules.strategy_words import differences, grouped, strategy_lines
from worklist.services.activate_strategy import activate_strategy
from worklist.services.ask_strategy_check import ask_strategy_check
from worklist.services.discard_draft import discard_draft
from worklist.services.restore_strategy import restore_strategy
from worklist.services.save_strategy import save_strategy
from worklist.services.switch_off_strategy import switch_off_strategy
from worklist.tasks import check_waiting_strategies
from worklist.views.strategy_findings import findings_context

_GET = ["GET", "HEAD", "POST"]


@require_safe
@requires(Capability.EDIT_POLICIES)
def strategies(request: HttpRequest) -> HttpResponse:
    """The strategies in the order in which they are tried, and four to start from."""
    light = Prefetch("versions", StrategyVersion.objects.defer("findings", "rule"))
    rows = strategy_list(signed_in(request)).prefetch_related(light)
    listed = [(row, _version_in(row, StrategyVersion.State.ACTIVE), _version_in(row, StrategyVersion.State.DRAFT))
              for row in rows]  # fmt: skip
    return render(request, "worklist/strategies.html", {"rows": listed, "starters": STARTERS.values()})


@require_http_methods(_GET)
@requires(Capability.EDIT_POLICIES)
def strategy_new(request: HttpRequest) -> HttpResponse:
    """The form of a new strategy, filled from the starter that `?from=` names; a POST keeps it as a draft."""
    starter = STARTERS.get(request.GET.get("from", ""))
    found = Strategy(name=starter.name if starter and not _taken(starter.name) else "")
    return _form(request, found, as_data(starter.rule if starter else USUAL), _("New strategy"))


@require_safe
@requires(Capability.EDIT_POLICIES)
def strategy(request: HttpRequest, pk: int) -> HttpResponse:
    """One strategy: what is in force, in words, and all its versions."""
    user = signed_in(request)
    found = get_object_or_404(visible_strategies(user).select_related("entity", "segment"), pk=pk)
    versions = versions_of(found)
    shown = next((row for row in versions if row.state == StrategyVersion.State.ACTIVE), versions[0])
    context = {
        "strategy": found, "versions": versions, "shown": shown, "may_change": may_change(user, found),
        "groups": grouped(strategy_lines(read_strategy(shown.rule))), "crumbs": _crumbs(found.name),
    }  # fmt: skip
    return render(request, "worklist/strategy.html", context)


@require_http_methods(_GET)
@requires(Capability.EDIT_POLICIES)
def strategy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a strategy's draft, which begins as the version in force; a POST keeps it."""
    found = _mine(request, pk)
    versions = versions_of(found)
    draft = next((row for row in versions if row.state == StrategyVersion.State.DRAFT), None)
    active = next((row for row in versions if row.state == StrategyVersion.State.ACTIVE), None)
    rule = as_data(read_strategy((draft or active or versions[0]).rule))
    return _form(request, found, rule, found.name, note=draft.note if draft else "")


@require_safe
@requires(Capability.EDIT_POLICIES)
def strategy_version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what it changes, the preview of the new order, the back-test, and whether it may be activated."""
    user = signed_in(request)
    version = _version(request, pk)
    found, versions = version.strategy, versions_of(version.strategy)
    active = next((row for row in versions if row.state == StrategyVersion.State.ACTIVE), None)
    compared = active if active and active.pk != version.pk else None
    against = [row.version_id for row in strategies_in_force()]
    changes = may_change(user, found)
    retired = version.state == StrategyVersion.State.RETIRED
    context: dict[str, Any] = {
        "strategy": found, "version": version, "active": active, "compared": compared, "may_change": changes,
        "differences": differences(read_strategy(compared.rule) if compared else USUAL, read_strategy(version.rule)),
        "groups": grouped(strategy_lines(read_strategy(version.rule))),
        "obstacle": obstacle(version.findings, on=installation_day(), against=against),
        "in_force": found.is_active and version.state == StrategyVersion.State.ACTIVE,
        "waits": version.findings.get("state") in (WAITING, RUNNING), "retired": retired,
        "crumbs": [*_crumbs(found.name, reverse("strategy", args=[found.pk])), (_title(version), "")],
        "title": f"{found.name}, {_title(version)}",
    }  # fmt: skip
    if changes:
        context |= findings_context(request, version)
    return page_or_fragment(
        request, "worklist/strategy_version.html", context, fragment="worklist/_strategy_findings.html"
    )


@require_POST
@requires(Capability.EDIT_POLICIES)
def strategy_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the version, whose preview and back-test a worker now computes."""
    version = _version_of_mine(request, pk)
    ask_strategy_check(version=version, now=timezone.now(), actor=signed_in(request))
    nudge(check_waiting_strategies)
    return redirect(f"{reverse('strategy_version', args=[pk])}#findings")


@require_POST
@requires(Capability.EDIT_POLICIES)
def strategy_activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the strategy, in force with this version; 409 without a fresh preview and back-test."""
    version = _version_of_mine(request, pk)
    activate_strategy(version=version, on=installation_day(), actor=signed_in(request))
    told = _("“%(name)s” is in force. The list is put in its new order now.") % {"name": version.strategy.name}
    return toast(request, redirect("strategy", version.strategy_id), told)


@require_POST
@requires(Capability.EDIT_POLICIES)
def strategy_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """To the draft with the rule of this version."""
    draft = restore_strategy(version=_version_of_mine(request, pk), actor=signed_in(request))
    return toast(request, redirect("strategy_version", draft.pk), _("Restored as a draft. Check it, then activate it."))


@require_POST
@requires(Capability.EDIT_POLICIES)
def strategy_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the strategy without its draft, or to the list when nothing else was there."""
    version = _version_of_mine(request, pk)
    strategy_id = version.strategy_id
    gone = discard_draft(version=version, actor=signed_in(request))
    back = redirect("strategies") if gone else redirect("strategy", strategy_id)
    return toast(request, back, _("The draft is thrown away."))


@require_POST
@requires(Capability.EDIT_POLICIES)
def strategy_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the strategy, which counts for nobody now."""
    found = switch_off_strategy(strategy=_mine(request, pk), actor=signed_in(request))
    told = _("“%(name)s” is switched off. The list is put in order without it.") % {"name": found.name}
    return toast(request, redirect("strategy", found.pk), told)


def _form(request: HttpRequest, found: Strategy, rule: dict[str, Any], title: str, *, note: str = "") -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = StrategyForm(posted, instance=found, rule=rule, person=signed_in(request))
    form.fields["note"].initial = note
    if form.is_bound and form.is_valid():
        saved = _saved(request, form)
        if saved is not None:
            where = HttpResponseRedirect(reverse("strategy_version", args=[saved.pk]))
            return toast(request, where, _("Kept as a draft. Check what it changes, then activate it."))
    context = {"form": form, "strategy": found, "title": title, "crumbs": _crumbs(title),
               "has_errors": form.is_bound and bool(form.errors)}  # fmt: skip
    return render(request, "worklist/strategy_form.html", context, status=422 if form.is_bound else 200)


def _saved(request: HttpRequest, form: StrategyForm) -> StrategyVersion | None:
    data = form.cleaned_data
    try:
        return save_strategy(
            strategy=form.save(commit=False), rule=data["rule"], note=data["note"], actor=signed_in(request)
        )
    except Refusal as refusal:
        form.take(refusal)
        return None


def _mine(request: HttpRequest, pk: int) -> Strategy:
    """The strategy, for somebody who may change it; 404 for another team's, 403 for one that is everybody's."""
    user = signed_in(request)
    found = get_object_or_404(visible_strategies(user).select_related("entity", "segment"), pk=pk)
    if not may_change(user, found):
        raise NotAllowed(_("This strategy is for every legal entity. Only who sees all of them may change it."))
    return found


def _version(request: HttpRequest, pk: int) -> StrategyVersion:
    mine = StrategyVersion.objects.filter(strategy__in=visible_strategies(signed_in(request)))
    return get_object_or_404(mine.select_related("strategy__entity", "strategy__segment", "made_by"), pk=pk)


def _version_of_mine(request: HttpRequest, pk: int) -> StrategyVersion:
    version = _version(request, pk)
    version.strategy = _mine(request, version.strategy_id)
    return version


def _version_in(row: Strategy, state: str) -> StrategyVersion | None:
    return next((version for version in row.versions.all() if version.state == state), None)


def _taken(name: str) -> bool:
    return Strategy.objects.filter(name=name).exists()


def _title(version: StrategyVersion) -> str:
    return _("version %(number)d") % {"number": version.number}


def _crumbs(title: str, url: str = "") -> list[tuple[str, str]]:
    return [(_("Worklist"), reverse("worklist")), (_("Strategies"), reverse("strategies")), (title, url)]
