"""Rebalancing: who would get which account and why, before and after for each person; then done, and taken back."""

import uuid
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.digests import chain_digest
from collections_app.web.fragments import toast, wants_fragment
from customers.models import Customer
from customers.queries.clock import installation_day
from worklist.models import Undo
from worklist.queries.rebalancing import Proposal, propose
from worklist.rules.rebalance import Move, Why
from worklist.services.redistribute import ACTION, redistribute
from worklist.services.take_back_redistribution import take_back_redistribution

SHOWN = 200


class Balance(NamedTuple):
    """The day of one person, before and after."""

    person: User
    capacity: int
    before: int
    after: int
    given: int
    taken: int


class Line(NamedTuple):
    """One move in words."""

    customer: Customer
    giver: User | None
    taker: User
    minutes: int
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.LEAD_TEAM)
def rebalancing(request: HttpRequest) -> HttpResponseBase:
    """The proposal; a POST carries it out without the accounts to `leave`. 409 when the proposal is another one now."""
    actor, on = signed_in(request), installation_day()
    proposal = propose(actor, on=on)
    mark = _mark(proposal)
    if request.method == "POST":
        if request.POST.get("plan") != mark:
            return render(request, "worklist/rebalancing.html", _context(proposal, mark, changed=True), status=409)
        left = {int(pk) for pk in request.POST.getlist("leave") if pk.isascii() and pk.isdigit() and len(pk) < 18}
        moves = [move for move in proposal.plan.moves if move.customer_id not in left]
        done = redistribute(moves=moves, on=on, actor=actor)
        words = ngettext("%(n)d account moved.", "%(n)d accounts moved.", done.moved) % {"n": done.moved}
        undo = reverse("rebalancing_undo", args=[done.batch])
        return toast(request, HttpResponseRedirect(reverse("team")), words, undo_url=undo)
    return render(request, "worklist/rebalancing.html", _context(proposal, mark))


@require_POST
@requires(Capability.LEAD_TEAM)
def rebalancing_undo(request: HttpRequest, batch: uuid.UUID) -> HttpResponseBase:
    """The accounts back with who had them; 409 when it is too late, 404 for another person's."""
    actor = signed_in(request)
    if not Undo.objects.filter(batch=batch, user=actor, action=ACTION).exists():
        raise Http404
    back = take_back_redistribution(batch=batch, on=installation_day(), actor=actor)
    words = ngettext("%(n)d account went back.", "%(n)d accounts went back.", back.moved) % {"n": back.moved}
    if back.skipped:
        kept = ngettext("%(n)d stayed: it moved again since.", "%(n)d stayed: they moved again since.", back.skipped)
        words = f"{words} {kept % {'n': back.skipped}}"
    if wants_fragment(request):  # the message's own button: the page it stands on shows the loads from before
        return toast(request, HttpResponse(headers={"HX-Redirect": reverse("team")}), words)
    return toast(request, HttpResponseRedirect(reverse("team")), words)


def last_batch(user: User) -> dict[str, Any] | None:
    """The person's last redistribution that can still be taken back, and how many accounts it moved."""
    rows = Undo.objects.filter(user=user, action=ACTION, used_at=None, expires_at__gt=timezone.now())
    newest = rows.order_by("-made_at").first()
    if newest is None:
        return None
    return {"batch": newest.batch, "moved": rows.filter(batch=newest.batch).count(), "until": newest.expires_at}


def _mark(proposal: Proposal) -> str:
    """A short name of exactly this plan."""
    return chain_digest(None, [[move.customer_id, move.from_id, move.to_id] for move in proposal.plan.moves])[:32]


def _context(proposal: Proposal, mark: str, *, changed: bool = False) -> dict[str, Any]:
    moves = proposal.plan.moves
    customers = proposal.customers(moves[:SHOWN])
    return {
        "mark": mark,
        "changed": changed,
        "count": len(moves),
        "lines": [_line(move, customers[move.customer_id], proposal) for move in moves[:SHOWN]],
        "more": max(len(moves) - SHOWN, 0),
        "balances": _balances(proposal),
    }


def _line(move: Move, customer: Customer, proposal: Proposal) -> Line:
    portfolio, giver = proposal.portfolios.get(move.customer_id), customer.collector
    if move.why == Why.NOBODY:
        why = _("it is nobody's")
    elif move.why == Why.ROOM:
        why = _("%(name)s's day is too full") % {"name": giver}
    elif move.why == Why.PORTFOLIO and portfolio:
        why = _("belongs to the portfolio %(portfolio)s") % {"portfolio": portfolio}
    else:
        why = _("%(name)s does not work in its team any more") % {"name": giver}
    return Line(customer, giver, proposal.people[move.to_id], move.minutes, why)


def _balances(proposal: Proposal) -> list[Balance]:
    plan, rows = proposal.plan, []
    for pk, day in proposal.days.items():
        given, taken = (sum(move.to_id == pk for move in plan.moves), sum(move.from_id == pk for move in plan.moves))
        if plan.before[pk] or plan.after[pk] or given or taken:
            rows.append(Balance(proposal.people[pk], day.capacity, plan.before[pk], plan.after[pk], given, taken))
    return sorted(rows, key=lambda row: (-row.before, str(row.person)))
