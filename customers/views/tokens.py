"""API tokens: made by an administrator, shown once, revoked at any time."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.api.models import ApiToken
from collections_app.api.services.issue_token import issue_token
from collections_app.api.services.revoke_token import revoke_token
from collections_app.web.fragments import toast
from customers.forms.settings import TokenForm
from customers.views.settings import settings_page


@require_POST
@requires(Capability.ADMINISTER)
def token_new(request: HttpRequest) -> HttpResponse:
    """The settings with the new token's secret, which no later page can show; nothing may keep this answer."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return settings_page(request, token_form=form, has_errors=True)
    values = form.cleaned_data
    _token, secret = issue_token(user=values["user"], name=values["name"], actor=signed_in(request))
    response = settings_page(request, secret=secret, secret_name=values["name"])
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(Capability.ADMINISTER)
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The settings again; the token is refused from now on."""
    revoke_token(token=get_object_or_404(ApiToken, pk=pk), actor=signed_in(request))
    return toast(request, HttpResponseRedirect(reverse("settings")), _("Token revoked."))
