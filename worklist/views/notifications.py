"""The bell and the page of notifications: what is unread in groups, what was read, and which kinds are wanted."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from collections_app.accounts.access import is_member, requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment, toast
from customers.queries.clock import installation_day
from worklist.models import Notification
from worklist.queries.notifications import grouped, read_before, unread_groups, visible_notifications
from worklist.services.mute_notifications import mute_notifications
from worklist.services.read_notifications import read_notifications


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def notifications(request: HttpRequest) -> HttpResponse:
    """What the person was told: unread first and in groups, then a page of what was read."""
    user = signed_in(request)
    groups = unread_groups(user)
    context = {
        "groups": groups,
        "page": read_before(user, request.GET),
        "kinds": [(code, words, code not in user.muted) for code, words in Notification.Kind.choices],
        "on": installation_day(),
    }
    count = sum(len(group.rows) for group in groups)
    spoken = ngettext("%(n)d unread notification", "%(n)d unread notifications", count) % {"n": count}
    return page_or_fragment(
        request, "worklist/notifications.html", context, fragment="worklist/_notifications.html", announce=spoken
    )


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for a page that stays open; 204 for a stranger, so that a page left open is not sent away."""
    if not is_member(request.user) or not request.user.may(Capability.SEE_ACCOUNTS):
        return HttpResponse(status=204)
    return render(request, "web/_bell.html")


@require_POST
@requires(Capability.SEE_ACCOUNTS)
def notification_open(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A redirect to what it is about; it and the others of its kind and customer are read. `stay` keeps to the page."""
    user = signed_in(request)
    found = get_object_or_404(visible_notifications(user), pk=pk)
    unread = visible_notifications(user).filter(read_at=None, at__lte=found.at).select_related("customer")
    together = next((group.rows for group in grouped(unread) if found in group.rows), (found,))
    ids = [row.pk for row in together]
    read_notifications(user=user, ids=ids)
    here = url_has_allowed_host_and_scheme(found.url, None)
    stays = "stay" in request.POST or not found.url or not here
    return HttpResponseRedirect(reverse("notifications") if stays else found.url)


@require_POST
@requires(Capability.SEE_ACCOUNTS)
def notifications_read(request: HttpRequest) -> HttpResponseBase:
    """All marked as read, then the page again."""
    count = read_notifications(user=signed_in(request))
    words = ngettext("%(n)d notification marked as read.", "%(n)d notifications marked as read.", count) % {"n": count}
    return toast(request, HttpResponseRedirect(reverse("notifications")), words)


@require_POST
@requires(Capability.SEE_ACCOUNTS)
def notifications_mute(request: HttpRequest) -> HttpResponseBase:
    """The kinds that were left ticked are told from now on, the others not."""
    wanted = set(request.POST.getlist("kinds")) & set(Notification.Kind.values)
    mute_notifications(user=signed_in(request), kinds=set(Notification.Kind.values) - wanted)
    return toast(request, HttpResponseRedirect(reverse("notifications")), _("Saved. It holds from now on."))
