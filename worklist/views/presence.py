"""The heartbeat of an open account: it is the person's until ten minutes after they last stirred (D88, U16)."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import wants_fragment
from customers.access import visible_customers
from worklist.queries.presence import colleagues_at
from worklist.services.be_here import be_here


@require_POST
@requires(Capability.WORK_ACCOUNTS)
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a colleague is on this account, in one line; the list hears where all of them are."""
    user, now = signed_in(request), timezone.now()
    customer = get_object_or_404(visible_customers(user).only("pk"), pk=pk)
    held = be_here(customer_id=customer.pk, user=user, now=now)
    if not wants_fragment(request):
        return redirect("account", customer.pk)
    name = "" if held.user_id == user.pk else held.user.first_name or held.user.username
    context = {"here_name": name, "here_since": held.since, "colleagues": json.dumps(colleagues_at(user, now=now))}
    return render(request, "worklist/_here.html", context)
