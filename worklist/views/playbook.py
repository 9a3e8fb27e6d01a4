"""The playbook beside the work: what to do for one customer today, what to say, and ticking it off."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment, wants_fragment
from collections_app.web.writing import amount_text, date_text
from customers.models import Contact, Customer
from customers.queries.clock import business_day
from worklist.models import PlaybookStep
from worklist.queries.account import Account, account
from worklist.queries.playbooks import CustomerPlaybook, customer_playbook
from worklist.rules.playbook import filled
from worklist.services.tick_step import tick_step
from worklist.views.panel import action_links, back_of, customer_in_scope, members_of
from worklist.views.seen_as import seen_request


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def account_playbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The playbook that fits this customer today, with its call script filled in; a page of its own without htmx."""
    seen = seen_request(request)  # a lead who looks at an analyst's list only reads here too
    return _shown(request, customer_in_scope(seen, pk), signed_in(seen))


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def playbook_tick(request: HttpRequest, pk: int, step_id: int) -> HttpResponseBase:
    """The step ticked, or with `done=0` not ticked any more; then the playbook again."""
    customer = customer_in_scope(request, pk)
    step = get_object_or_404(PlaybookStep, pk=step_id)
    done, on = request.POST.get("done") != "0", business_day(customer.entity)
    tick_step(step=step, customer=customer, done=done, on=on, actor=signed_in(request))
    if not wants_fragment(request):
        return HttpResponseRedirect(reverse("account_playbook", args=[customer.pk]))
    return _shown(request, customer, signed_in(request))


def _shown(request: HttpRequest, customer: Customer, user: User) -> HttpResponse:
    on, back = business_day(customer.entity), back_of(request)
    found = customer_playbook(customer.pk, on=on, customer_ids=members_of(customer) or ())
    context: dict[str, Any] = {"customer": customer, "book": found, "on": on, "back": back}
    if found is not None:
        owed = account(customer, on=on)
        caller = _caller(owed)
        links = {link["code"]: link for link in action_links(customer, user, back, has_items=bool(owed.items))}
        context |= {
            "steps": [(row, links.get(row.step.action)) for row in found.steps],
            "script": _script(found, _values(owed, user, caller, on)),
            "caller": caller,
            "may_work": user.may(Capability.WORK_ACCOUNTS),
        }
    return page_or_fragment(request, "worklist/playbook_beside.html", context, fragment="worklist/_playbook.html")


def _script(found: CustomerPlaybook, values: Mapping[str, str]) -> list[Any]:
    """The paragraphs of the script, each in pieces. What a value holds starts no paragraph."""
    return [filled(line, values) for line in found.playbook.script.splitlines() if line.strip()]


def _caller(owed: Account) -> Mapping[str, Any] | None:
    """Whom to call: the first contact with a number who is still there."""
    gone = (Contact.Health.LEFT, Contact.Health.WRONG)
    return next((row for row in owed.contacts if (row["phone"] or row["mobile"]) and row["health"] not in gone), None)


def _values(owed: Account, user: User, caller: Mapping[str, Any] | None, on: date) -> dict[str, str]:
    """What the script's placeholders stand for, in the writing of the reader."""
    total = owed.totals[0] if owed.totals else None
    oldest = owed.items[0] if owed.items else None
    promise = next((row for row in owed.promises if row["state"] in ("open", "broken", "partly_kept")), None)
    values = {"customer": owed.customer.name, "company": owed.customer.entity.name, "me": str(user)}
    if caller is not None:
        values["contact"] = caller["name"]
    if total is not None:
        values |= {
            "overdue": amount_text(total.overdue, total.currency),
            "open": amount_text(total.open, total.currency),
        }
    if oldest is not None:
        values |= {"invoice": oldest.number, "due": date_text(oldest.due_on, on=on), "days": str(oldest.late)}
    if promise is not None:
        values |= {
            "promised": amount_text(promise["amount"], promise["currency"]),
            "promised_on": date_text(promise["promised_on"], on=on),
        }
    return values
