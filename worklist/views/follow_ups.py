"""The list of follow-ups over all accounts, and ticking one off."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment, toast, wants_fragment
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from customers.queries.clock import business_day, installation_day
from worklist.models import Activity
from worklist.queries.follow_ups import follow_ups
from worklist.services.finish_follow_up import finish_follow_up
from worklist.services.rescore import rescore

SHOWN = (("mine", gettext_lazy("Mine")), ("due", gettext_lazy("Due")), ("all", gettext_lazy("All")))


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def follow_up_list(request: HttpRequest) -> HttpResponse:
    """The open follow-ups, the earliest day first: the person's own, those due by now, or all."""
    user, on = signed_in(request), installation_day()
    shown = request.GET.get("show", "mine")
    rows = follow_ups(user).select_related("customer", "by")
    if shown == "due":
        rows = rows.filter(follow_up_on__lte=on)
    elif shown != "all":
        shown, rows = "mine", rows.filter(by=user)
    page = keyset_page(rows, request.GET, order=("follow_up_on", "id"))
    context = {"page": page, "shown": shown, "choices": SHOWN, "on": on, "may_work": user.may(Capability.WORK_ACCOUNTS)}
    return page_or_fragment(request, "worklist/follow_ups.html", context, fragment="worklist/_follow_ups.html")


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def follow_up_done(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The follow-up ticked off, or with `done=0` open again, which is also the way back. Its row becomes a line that
    says so; without htmx it leads to the account."""
    user = signed_in(request)
    rows = Activity.objects.filter(customer__in=visible_customers(user), follow_up_on__isnull=False, undone_at=None)
    found = get_object_or_404(rows.select_related("customer__entity"), pk=pk)
    done, on = request.POST.get("done") != "0", business_day(found.customer.entity)
    finish_follow_up(activity=found, done=done, on=on, actor=user)
    rescore([found.customer_id], on=on)
    words = _("Follow-up done.") if done else _("Follow-up is open again.")
    response: HttpResponse = HttpResponseRedirect(reverse("account", args=[found.customer_id]))
    if wants_fragment(request):
        response = HttpResponse()
    return toast(request, response, words)
