"""What this app tells the frame around every page: a banner while the books do not agree, and how many requests
wait, each for those who can act."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.frame_facts import Banner, FrameFacts
from invoices.access import awaiting_decision_of
from invoices.queries.books import books_are_wrong


def books_facts(request: HttpRequest) -> FrameFacts:
    """The banner for people who record cash, and what waits for those who approve; others are told nothing, and nothing
    is asked for them."""
    user = request.user
    if not isinstance(user, User) or not user.may(Capability.RECORD_CASH):
        return FrameFacts()
    waiting = {"approvals": awaiting_decision_of(user).count()} if user.may(Capability.APPROVE_POSTINGS) else {}
    if not books_are_wrong():
        return FrameFacts(waiting=waiting)
    text = _("The books do not agree with themselves. Do not rely on totals until this is settled.")
    banner = Banner(text, "critical", reverse("books"), _("What was found"))
    return FrameFacts(banners=(banner,), waiting=waiting)
