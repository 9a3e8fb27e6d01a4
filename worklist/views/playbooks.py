"""The playbooks as a place: the list, one to read with how far it is followed, and the form of those who may edit."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.access import entity_ids
from customers.forms.refusals import take_refusal
from customers.queries.clock import installation_day
from worklist.forms.playbook import ACTIONS, PlaybookForm
from worklist.models import Playbook
from worklist.queries.playbook_rounds import Rounds
from worklist.rules.playbook import PLACEHOLDERS, filled
from worklist.rules.playbook_starters import STARTERS
from worklist.services.install_playbooks import install_playbooks
from worklist.services.save_playbook import save_playbook

DAYS = 30


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def playbooks(request: HttpRequest) -> HttpResponse:
    """All playbooks in the order in which they are tried, each with how far it was followed lately."""
    user = signed_in(request)
    followed = _rounds(user).by_playbook()
    rows = [(row, followed.get(row.pk)) for row in Playbook.objects.select_related("segment")]
    missing = {one.code for one in STARTERS} - {row.code for row, _ in rows}
    context = {"rows": rows, "days": DAYS, "missing": len(missing), "may_edit": user.may(Capability.EDIT_POLICIES)}
    return render(request, "worklist/playbooks.html", context)


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def playbook(request: HttpRequest, pk: int) -> HttpResponse:
    """One playbook to read, with each step's and each analyst's share of the last days."""
    user = signed_in(request)
    found = get_object_or_404(Playbook.objects.select_related("segment", "changed_by"), pk=pk)
    rounds = _rounds(user)
    steps = list(zip(found.steps.all(), rounds.by_step(found), strict=True))
    context = {
        "book": found, "steps": steps, "analysts": rounds.by_analyst(found), "days": DAYS, "actions": dict(ACTIONS),
        "script": [filled(line, {}) for line in found.script.splitlines() if line.strip()],
        "may_edit": user.may(Capability.EDIT_POLICIES), "crumbs": _crumbs(found.title),
    }  # fmt: skip
    return render(request, "worklist/playbook.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.EDIT_POLICIES)
def playbook_edit(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """The form of a playbook, a new one without `pk`."""
    found = get_object_or_404(Playbook, pk=pk) if pk else Playbook()
    form = PlaybookForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            kept = save_playbook(playbook=form.named(), steps=form.written(), actor=signed_in(request))
        except Refusal as refusal:
            take_refusal(form, refusal)
        else:
            return toast(request, HttpResponseRedirect(reverse("playbook", args=[kept.pk])), _("Playbook saved."))
    title = Playbook.objects.get(pk=pk).title if pk else _("New playbook")
    context: dict[str, Any] = {
        "form": form, "book": found, "title": title, "placeholders": PLACEHOLDERS.items(),
        "has_errors": form.is_bound, "crumbs": _crumbs(title),
        "back": reverse("playbook", args=[pk]) if pk else reverse("playbooks"),
    }  # fmt: skip
    return render(request, "worklist/playbook_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Capability.EDIT_POLICIES)
def playbook_starters(request: HttpRequest) -> HttpResponseBase:
    """The starter playbooks brought in; those that are there stay as they are."""
    made = len(install_playbooks(actor=signed_in(request)))
    words = ngettext("%(n)s playbook added.", "%(n)s playbooks added.", made) % {"n": made}
    return toast(request, HttpResponseRedirect(reverse("playbooks")), words if made else _("All of them are here."))


def _rounds(user: User) -> Rounds:
    every = user.may(Capability.SEE_ALL_TEAMS)
    return Rounds(installation_day(), DAYS, None if every else entity_ids(user))


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("Playbooks"), reverse("playbooks")), (title, "")]
