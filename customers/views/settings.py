"""Settings: everybody's own, and for administrators the way to entities, people, tokens and the clock."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import Team, User
from collections_app.accounts.roles import Capability
from collections_app.api.models import ApiToken
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.forms.refusals import take_refusal
from customers.forms.settings import ClockForm, MySettingsForm, TokenForm
from customers.models import BusinessClock, LegalEntity
from customers.queries.clock import installation_day
from customers.services.move_clock import move_clock
from customers.views.customer import GET_OR_POST

PAGE = "customers/settings.html"


@require_http_methods(GET_OR_POST)
@requires(Capability.SEE_ACCOUNTS)
def settings(request: HttpRequest) -> HttpResponse:
    """The person's own settings, which take effect with the next page; for administrators also those of the house."""
    person = signed_in(request)
    form = MySettingsForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_bound and form.is_valid():
        form.save()
        return toast(request, HttpResponseRedirect(reverse("settings")), _("Settings saved."))
    return settings_page(request, form=form, has_errors=form.is_bound)


@require_POST
@requires(Capability.ADMINISTER)
def clock(request: HttpRequest) -> HttpResponse:
    """Moves the demo clock. Every page, reminder and list lives on that day from then on."""
    form = ClockForm(request.POST)
    if form.is_valid():
        try:
            day, shift = form.cleaned_data["pinned_on"], form.cleaned_data["shift_days"] or 0
            move_clock(pinned_on=day, shift_days=shift, actor=signed_in(request))
            words = _("The business day is now %(day)s.") % {"day": installation_day()}
            return toast(request, HttpResponseRedirect(reverse("settings")), words)
        except Refusal as refusal:
            take_refusal(form, refusal)
    return settings_page(request, clock_form=form, has_errors=True)


def settings_page(request: HttpRequest, *, has_errors: bool = False, **more: Any) -> HttpResponse:
    """The page with all its forms; `more` replaces one of them by a refused one, or adds a fresh token's secret."""
    person = signed_in(request)
    fresh = User.objects.get(pk=person.pk)  # a refused form has changed the person in memory
    context: dict[str, Any] = {
        "form": MySettingsForm(instance=fresh),
        "has_errors": has_errors,
        "as_of": installation_day(),
        "edits_policies": person.may(Capability.EDIT_POLICIES),
        "sees_audit": person.may(Capability.SEE_AUDIT),
    }
    if person.may(Capability.ADMINISTER):
        now = BusinessClock.objects.filter(pk=1).first()
        start = {"pinned_on": now.pinned_on, "shift_days": now.shift_days or None} if now else {}
        context |= {
            "administers": True,
            "entities": LegalEntity.objects.select_related("team"),
            "people": User.objects.order_by("username").prefetch_related(
                Prefetch("teams", Team.objects.order_by("name"))
            ),
            "tokens": ApiToken.objects.select_related("user", "created_by"),
            "clock_form": ClockForm(initial=start),
            "token_form": TokenForm(),
        }
    return render(request, PAGE, {**context, **more}, status=422 if has_errors else 200)
