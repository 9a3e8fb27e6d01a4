"""The end of the day: what was done, what is left, and who comes back on the next working day (U12)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment
from worklist.queries.day import done_by, tomorrow
from worklist.queries.filters import Filters
from worklist.queries.items import tallies
from worklist.views.progress import progress
from worklist.views.worklist import list_day


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def day(request: HttpRequest) -> HttpResponse:
    """The day of the person who asks, on their own list."""
    user = signed_in(request)
    on = list_day(user)
    stands = progress(tallies(user, Filters(who="mine"), on=on))
    context = {"on": on, "progress": stands, "done": done_by(user, on=on), "tomorrow": tomorrow(user, on=on)}
    return page_or_fragment(request, "worklist/day.html", context, fragment="worklist/_day.html")
