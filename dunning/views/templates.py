"""The words: a table of templates by language, and how customers are addressed."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.web.fragments import toast
from dunning.forms.template import AddressModesForm, NewWordsForm
from dunning.models import AddressMode
from dunning.queries.policies import channels
from dunning.queries.words import table_of_templates
from dunning.services.set_address_modes import set_address_modes
from dunning.services.start_template import start_template

PAGE = "dunning/templates.html"


@requires(Capability.SEE_ACCOUNTS)
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """All current templates: a line per key, stage and channel, a column per language, and what is missing."""
    return render(request, PAGE, _context(signed_in(request)))


@requires(Capability.EDIT_POLICIES)
@require_POST
def template_new(request: HttpRequest) -> HttpResponse:
    """On to the editor of the new words, made from the stage's own; 422 where they cannot be."""
    user, form = signed_in(request), NewWordsForm(request.POST)
    if form.is_valid():
        try:
            made = start_template(**form.cleaned_data, actor=user)
        except BadInput as refused:
            form.add_error("key" if refused.code == "bad_key" else None, refused.sentence)
        else:
            return redirect("dunning_template", made.pk)
    return render(request, PAGE, {**_context(user), "new": form, "has_errors": True}, status=422)


@requires(Capability.EDIT_POLICIES)
@require_POST
def address_modes(request: HttpRequest) -> HttpResponse:
    """Back to the table, with the modes as chosen."""
    user, form = signed_in(request), AddressModesForm(request.POST)
    if not form.is_valid():
        return render(request, PAGE, {**_context(user), "modes": form, "has_errors": True}, status=422)
    set_address_modes(informal=form.cleaned_data["informal"], actor=user)
    return toast(request, redirect("dunning_templates"), "Saved. Templates are checked against it from now on.")


def _context(user: User) -> dict[str, Any]:
    informal = AddressMode.objects.filter(informal=True).values_list("language", flat=True)
    return {
        "languages": settings.LANGUAGES,
        "rows": table_of_templates({code: one.label for code, one in channels().items()}),
        "new": NewWordsForm(),
        "modes": AddressModesForm(initial={"informal": list(informal)}),
        "may_edit": user.may(Capability.EDIT_POLICIES),
    }
