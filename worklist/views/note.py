"""Writing a note anew: the newer one counts, both stay readable."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Conflict, Refusal
from collections_app.web.fragments import toast
from customers.access import visible_customers
from customers.queries.clock import business_day
from worklist.forms.actions import About
from worklist.forms.note import NoteForm
from worklist.models import Activity
from worklist.services.log_activity import log_activity


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_ACCOUNTS)
def note_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form with the words of the note. When somebody was quicker, it comes back with theirs and ours (409)."""
    user = signed_in(request)
    rows = Activity.objects.filter(customer__in=visible_customers(user), kind=Activity.Kind.NOTE, undone_at=None)
    note = get_object_or_404(rows.select_related("customer__entity", "by"), pk=pk)
    about = About(note.customer, business_day(note.customer.entity), ())
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    first = {"text": note.text, "pinned": note.pinned, "follow_up_on": note.follow_up_on}
    form = NoteForm(*given, about=about, initial=first)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        try:
            log_activity(
                customer=note.customer, kind=Activity.Kind.NOTE, happened_on=about.on, actor=user, replaces=note,
                **form.cleaned_data,
            )  # fmt: skip
        except Refusal as refusal:
            form.refused(refusal)
            status = 409 if isinstance(refusal, Conflict) else 422
        else:
            where = HttpResponseRedirect(reverse("account", args=[note.customer_id]) + "#timeline")
            return toast(request, where, _("Note written anew. The old one stays in the timeline."))
    context = {"form": form, "note": note, "customer": note.customer, "has_errors": bool(form.errors)}
    return render(request, "worklist/note_edit.html", context, status=status)
