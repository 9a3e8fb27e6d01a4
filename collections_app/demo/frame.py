"""What the demo adds to every page's frame: the demo clock, and a word on where mail goes. One query."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from collections_app.accounts.access import is_member
from collections_app.web.frame_facts import Banner, FrameFacts
from customers.queries.clock import installation_clock


def clock_facts(request: HttpRequest) -> FrameFacts:
    """The business day, whether a demo clock moves it, and the demo's banners."""
    if not is_member(request.user):
        return FrameFacts()
    day, moved = installation_clock()
    return FrameFacts(as_of=day, demo_clock=moved, banners=_banners(request))


def _banners(request: HttpRequest) -> tuple[Banner, ...]:
    if (
        not settings.DEMO
        or not is_member(request.user)
        or request.user.tour_done_at is not None
        or request.session.get("tour")
    ):
        return ()
    return (
        Banner(
            text="This is a demo company. Its mail is caught in the mailbox.",
            tone="ok",
            url=reverse("tour"),
            link="Take the tour",
        ),
    )
