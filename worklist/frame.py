"""What this app tells the frame around every page: how much is unread, and whose list is being looked at."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collections_app.accounts.access import is_member
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.frame_facts import Banner, FrameFacts
from worklist.queries.notifications import unread_count
from worklist.tour import STOPS

NEW_FOR = timedelta(days=14)


def worklist_facts(request: HttpRequest) -> FrameFacts:
    """The number of unread notifications; one small statement. And a word about the tour for those who are on it."""
    if not is_member(request.user) or not request.user.may(Capability.SEE_ACCOUNTS):
        return FrameFacts()
    return FrameFacts(unread=unread_count(request.user), banners=_tour(request, request.user))


def _tour(request: HttpRequest, user: User) -> tuple[Banner, ...]:
    """What to try on this page when it is the stop one went to; the way to the tour for those who are new here."""
    code, path = request.session.get("tour") or ("", "")
    stop = next((stop for stop in STOPS if stop.code == code), None)
    if stop is not None and request.path == path:
        return (
            Banner(text=f"{stop.title}. {stop.text}", tone="ok", url=reverse("tour"), link=_("Go on with the tour")),
        )
    fresh = user.date_joined > timezone.now() - NEW_FOR
    if (
        stop is None
        and fresh
        and user.tour_done_at is None
        and not settings.DEMO
        and user.may(Capability.WORK_ACCOUNTS)
    ):
        return (Banner(text=_("New here?"), tone="ok", url=reverse("tour"), link=_("Take the tour")),)
    return ()
