"""What this app tells the frame around every page: how much is unread, and whose list is being looked at."""

from django.http import HttpRequest

from collections_app.accounts.access import is_member
from collections_app.accounts.roles import Capability
from collections_app.web.frame_facts import FrameFacts
from worklist.queries.notifications import unread_count


def worklist_facts(request: HttpRequest) -> FrameFacts:
    """The number of unread notifications; one small statement."""
    if not is_member(request.user) or not request.user.may(Capability.SEE_ACCOUNTS):
        return FrameFacts()
    return FrameFacts(unread=unread_count(request.user))
