"""The administrator's forms: legal entities, people and teams."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.accounts.save_user import save_user
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.forms.refusals import take_refusal
from customers.forms.settings import EntityForm, TeamForm, UserForm
from customers.models import LegalEntity
from customers.services.save_entity import save_entity
from customers.views.customer import GET_OR_POST
from customers.views.settings import settings_page

PAGE = "customers/administration.html"


@require_http_methods(GET_OR_POST)
@requires(Capability.ADMINISTER)
def entity_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of a legal entity, a new one without `pk`."""
    entity = get_object_or_404(LegalEntity, pk=pk) if pk else LegalEntity()
    form = EntityForm(request.POST if request.method == "POST" else None, instance=entity)
    if form.is_bound and form.is_valid():
        try:
            save_entity(entity=form.save(commit=False), actor=signed_in(request))
            return _done(request, _("Legal entity saved."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    return _page(request, form, _("Legal entity") if pk else _("New legal entity"))


@require_http_methods(GET_OR_POST)
@requires(Capability.ADMINISTER)
def user_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of a person, a new one without `pk`; a new one's first password is shown once."""
    user = get_object_or_404(User, pk=pk) if pk else User()
    form = UserForm(request.POST if request.method == "POST" else None, instance=user)
    if form.is_bound and form.is_valid():
        try:
            person = form.save(commit=False)
            password = save_user(user=person, teams=form.cleaned_data["teams"], actor=signed_in(request))
        except Refusal as refusal:
            take_refusal(form, refusal)
        else:
            return _welcome(request, person, password) if password else _done(request, _("User saved."))
    return _page(request, form, str(User.objects.get(pk=pk)) if pk else _("New user"))


@require_http_methods(GET_OR_POST)
@requires(Capability.ADMINISTER)
def team_new(request: HttpRequest) -> HttpResponse:
    """The form of a new team."""
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.save()
        return _done(request, _("Team saved."))
    return _page(request, form, _("New team"))


def _welcome(request: HttpRequest, person: User, password: str) -> HttpResponse:
    response = settings_page(request, secret=password, secret_name=person.username, secret_is_password=True)
    response["Cache-Control"] = "no-store"
    return response


def _done(request: HttpRequest, words: str) -> HttpResponse:
    return toast(request, HttpResponseRedirect(reverse("settings")), words)


def _page(request: HttpRequest, form: EntityForm | UserForm | TeamForm, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "has_errors": form.is_bound,
        "crumbs": [(_("Settings"), reverse("settings")), (title, "")],
    }
    return render(request, PAGE, context, status=422 if form.is_bound else 200)
