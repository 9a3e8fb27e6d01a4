"""The tour for those who begin here: its stops, going to one, ending it and beginning again."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.access import visible_customers
from worklist.models import WorklistItem
from worklist.services.walk_tour import walk_tour
from worklist.tour import STOPS, Stop

SESSION = "tour"  # the code of the stop and the path of its page, while somebody is on the way


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def tour(request: HttpRequest) -> HttpResponse:
    """The stops this person may visit, those seen ticked, the next one to go to."""
    user = signed_in(request)
    stops = stops_for(user)
    following = next((stop.code for stop in stops if stop.code not in user.tour_seen), "")
    context = {
        "stops": [(stop, stop.code in user.tour_seen, stop.code == following) for stop in stops],
        "seen": sum(stop.code in user.tour_seen for stop in stops),
        "done": user.tour_done_at is not None,
        "demo": settings.DEMO,
    }
    return render(request, "worklist/tour.html", context)


@require_POST
@requires(Capability.SEE_ACCOUNTS)
def tour_go(request: HttpRequest, code: str) -> HttpResponseBase:
    """The page of the stop, which is remembered as seen; 404 for one that is not on this person's tour."""
    user = signed_in(request)
    stop = next((stop for stop in stops_for(user) if stop.code == code), None)
    if stop is None:
        raise Http404("There is no such stop.")
    walk_tour(user=user, seen=stop.code)
    where = _address(stop, user)
    request.session[SESSION] = [stop.code, where]
    return HttpResponseRedirect(where)


@require_POST
@requires(Capability.SEE_ACCOUNTS)
def tour_done(request: HttpRequest) -> HttpResponseBase:
    """The list of work; the tour is over, or was left."""
    walk_tour(user=signed_in(request), done=True)
    request.session.pop(SESSION, None)
    return redirect("home")


@require_POST
@requires(Capability.SEE_ACCOUNTS)
def tour_restart(request: HttpRequest) -> HttpResponseBase:
    """The tour from its first stop."""
    walk_tour(user=signed_in(request), done=False)
    return redirect("tour")


def stops_for(user: User) -> list[Stop]:
    """The stops whose pages exist and are this person's to see."""
    return [
        stop
        for stop in STOPS
        if user.may(stop.capability) and (settings.DEMO or not stop.demo_only) and _address(stop, user)
    ]


def _address(stop: Stop, user: User) -> str:
    """The stop's page; for the account that on top of the list. Empty where there is none."""
    try:
        if stop.url_name != "account":
            return reverse(stop.url_name)
        items = WorklistItem.objects.filter(customer__in=visible_customers(user), score__gt=0)
        first = items.order_by("-pinned", "-rank", "customer").values_list("customer_id", flat=True).first()
        return reverse("account", args=[first]) if first else ""
    except NoReverseMatch:
        return ""
