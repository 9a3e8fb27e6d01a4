"""What the rows of the worklist show besides name, amount and reason: each person's own choice (U19)."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseLocation

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment, wants_fragment
from worklist.queries.filters import read_filters
from worklist.rules.columns import columns_of
from worklist.services.choose_columns import choose_columns

_WORDS = (
    ("next", _("Next step")), ("contact", _("Last contact")), ("owner", _("Whose account")),
    ("days", _("Oldest days late")), ("worth", _("What it is worth today")), ("minutes", _("Expected minutes")),
    ("number", _("Customer number")),
)  # fmt: skip


class ColumnsForm(forms.Form):
    """Which columns; none at all is a choice too."""

    columns = forms.MultipleChoiceField(
        label=_("In each row"), choices=_WORDS, required=False, widget=forms.CheckboxSelectMultiple()
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.SEE_ACCOUNTS)
def worklist_columns(request: HttpRequest) -> HttpResponseBase:
    """The choice; kept with the account, and the list again as it looks then."""
    user = signed_in(request)
    asked = QueryDict(request.POST.get("back", "")) if request.method == "POST" else request.GET
    back = read_filters(asked, usual="all").query()
    form = ColumnsForm(request.POST if request.method == "POST" else None,
                       initial={"columns": list(columns_of(user.columns))})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        choose_columns(user=user, shown_on="worklist", columns=form.cleaned_data["columns"])
        return _list_again(request, back)
    return page_or_fragment(request, "worklist/columns.html", {"form": form, "back": back},
                            fragment="worklist/_columns.html", status=422 if form.errors else 200)  # fmt: skip


def _list_again(request: HttpRequest, back: str) -> HttpResponse:
    where = f"{reverse('worklist')}?{back}"
    if wants_fragment(request):
        return HttpResponseLocation(where, target="#worklist", swap="outerHTML")
    return HttpResponseRedirect(where)
