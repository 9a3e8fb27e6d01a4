"""Payment plans: all of the person's teams, those of one account, one plan, and the form of a new one."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from customers.forms.refusals import take_refusal
from customers.models import Customer
from customers.queries.accounts import account_members
from customers.queries.clock import business_day
from invoices.access import visible_plans
from invoices.forms.plan import EndPlanForm, PlanForm
from invoices.models import PaymentPlan, PlanItem
from invoices.queries.open_amounts import open_invoices
from invoices.queries.plan_limits import limits_of
from invoices.queries.plans import plan_facts, plan_invoices
from invoices.rules.plans import InstalmentState, Part, instalments, wants_second
from invoices.services.approve_plan import approve_plan
from invoices.services.end_plan import end_plan
from invoices.services.propose_plan import propose_plan

# State -> tone of the badge.
TONES = {"proposed": "attention", "active": "promised", "kept": "ok", "defaulted": "critical"}
PART_WORDS = {
    InstalmentState.KEPT: ("ok", lazy("Came in time")),
    InstalmentState.KEPT_LATE: ("attention", lazy("Came late")),
    InstalmentState.OPEN: ("held", lazy("Not due")),
    InstalmentState.LATE: ("late", lazy("Late, grace runs")),
    InstalmentState.MISSED: ("critical", lazy("Missed")),
}
SHOWS = {"": ("proposed", "active"), "ended": ("kept", "defaulted", "cancelled", "rejected")}


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def plans(request: HttpRequest) -> HttpResponse:
    """The plans that wait or run, newest first; with `?show=ended` those that ended."""
    show = request.GET.get("show", "")
    rows = visible_plans(signed_in(request)).filter(state__in=SHOWS.get(show, SHOWS[""]))
    rows = rows.select_related("customer").annotate(amount=Sum("instalments__amount"))
    page = keyset_page(rows, request.GET, order=("-id",))
    context = {"page": page, "rows": _toned(page.rows), "show": show}
    return page_or_fragment(request, "invoices/plans.html", context, fragment="invoices/_plans.html")


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def account_plans(request: HttpRequest, pk: int) -> HttpResponse:
    """The plans of one account, newest first; a panel of the account page."""
    customer = _customer(request, pk)
    rows = PaymentPlan.objects.filter(customer__in=account_members(pk)).select_related("customer").order_by("-pk")
    context = {
        "customer": customer,
        "rows": _toned(rows.annotate(amount=Sum("instalments__amount"))[:20]),
        "may_work": signed_in(request).may(Capability.WORK_ACCOUNTS),
    }
    return page_or_fragment(request, "invoices/account_plans.html", context, fragment="invoices/_account_plans.html")


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its instalments and how each stands today, its invoices, and what can be done with it."""
    found = _plan(request, pk)
    return _plan_page(request, found, EndPlanForm())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def plan_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form over the account's open invoices, then the proposed plan; within the limits it can be agreed at once."""
    customer = _customer(request, pk)
    on = business_day(customer.entity)
    planned = PlanItem.objects.filter(live=True).values("invoice")
    rows = list(open_invoices(customer_id=pk, as_of=on).exclude(pk__in=planned))
    form = PlanForm(rows, request.POST if request.method == "POST" else None, on=on)
    if form.is_bound and form.is_valid():
        try:
            made = propose_plan(
                customer=customer, items=form.shares(), parts=form.parts(), on=on, actor=signed_in(request),
                reminds=form.cleaned_data["reminds"], note=form.cleaned_data["note"],
            )  # fmt: skip
            return toast(request, redirect("plan", made.pk), _("Proposed. It counts once somebody agreed to it."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    context = {"form": form, "customer": customer, "rows": rows, "has_errors": form.is_bound}
    return render(request, "invoices/plan_new.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def plan_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Agrees to the plan; from then on its invoices wait."""
    found = _plan(request, pk)
    approve_plan(plan=found, on=business_day(found.customer.entity), actor=signed_in(request))
    return toast(request, HttpResponseRedirect(reverse("plan", args=[pk])), _("Agreed. Its invoices wait now."))


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def plan_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Rejects a proposal, or ends an agreement before its time, with a reason."""
    found, form = _plan(request, pk), EndPlanForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, found, form, status=422)
    end_plan(plan=found, on=business_day(found.customer.entity), why=form.cleaned_data["why"],
             actor=signed_in(request))  # fmt: skip
    return toast(request, HttpResponseRedirect(reverse("plan", args=[pk])), _("The plan ended."))


def _plan_page(request: HttpRequest, found: PaymentPlan, form: EndPlanForm, status: int = 200) -> HttpResponse:
    today = business_day(found.customer.entity)
    on = min(today, found.ended_on or today)
    facts = plan_facts([found], as_of=on)[0]
    rows = instalments(facts, on)
    parts = [Part(row.part.due_on, row.part.amount) for row in rows]
    total = sum((part.amount for part in parts), Decimal(0))
    limits = limits_of(found, total)
    context: dict[str, Any] = {
        "plan": found,
        "tone": TONES.get(found.state, "held"),
        "parts": [(row, *PART_WORDS[row.state]) for row in rows],
        "counts": found.agreed_on is not None,
        "total": total,
        "limits": limits,
        "arrived": facts.arrived(on),
        "items": plan_invoices(found.pk, as_of=on),
        "beyond": wants_second(parts, limits, currency=found.currency, on=found.proposed_on or on) if parts else "",
        "may_work": signed_in(request).may(Capability.WORK_ACCOUNTS),
        "form": form,
        "has_errors": form.is_bound,
        "crumbs": [(_("Payment plans"), reverse("plans")), (found.customer.name, "")],
    }
    return render(request, "invoices/plan.html", context, status=status)


def _toned(rows: Any) -> list[tuple[PaymentPlan, str]]:
    return [(row, TONES.get(row.state, "held")) for row in rows]


def _customer(request: HttpRequest, pk: int) -> Customer:
    return get_object_or_404(visible_customers(signed_in(request)).select_related("entity"), pk=pk)


def _plan(request: HttpRequest, pk: int) -> PaymentPlan:
    rows = visible_plans(signed_in(request)).select_related("customer__entity", "proposed_by", "agreed_by")
    return get_object_or_404(rows, pk=pk)
