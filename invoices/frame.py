"""What this app tells the frame around every page: a banner while the books do not agree, for those who can act."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.frame_facts import Banner, FrameFacts
from invoices.queries.books import books_are_wrong


def books_facts(request: HttpRequest) -> FrameFacts:
    """The banner, for people who record cash; nothing for others, and nothing is asked for them."""
    user = request.user
    if not isinstance(user, User) or not user.may(Capability.RECORD_CASH) or not books_are_wrong():
        return FrameFacts()
    text = _("The books do not agree with themselves. Do not rely on totals until this is settled.")
    return FrameFacts(banners=(Banner(text, "critical", reverse("books"), _("What was found")),))
