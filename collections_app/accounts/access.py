"""The access gate: one door for every view. Strangers to an object get 404 (by scoped querysets in each app's
`access.py`), colleagues without the right get 403. It decides on capabilities only and knows no customer."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias, TypeGuard, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import NotAllowed

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def is_member(user: User | AnonymousUser) -> TypeGuard[User]:
    """Whether someone is signed in."""
    return user.is_authenticated


def signed_in(request: HttpRequest) -> User:
    """The person behind the request. Raises NotAllowed when nobody is signed in."""
    if not is_member(request.user):
        raise NotAllowed("Sign in to continue.", code="not_signed_in")
    return request.user


def check(user: User, capability: Capability) -> None:
    """Nothing; raises NotAllowed, which pages show as 403, when the person lacks the capability."""
    if not user.may(capability):
        raise NotAllowed(
            f"Your role ({user.get_role_display()}) does not include this. Ask an administrator for the right to "
            f"{capability.value.replace('_', ' ')}.",
            code="missing_capability",
        )


def requires(capability: Capability) -> Callable[[View[P]], View[P]]:
    """A decorator that sends strangers to the sign-in page and refuses people without the capability.

    The capability is left on the wrapped view as `required_capability`, where the permission table test finds it."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not is_member(request.user):
                return _to_sign_in(request)
            check(request.user, capability)
            return view(request, *args, **kwargs)

        gated.required_capability = capability  # type: ignore[attr-defined]
        return cast(View[P], gated)

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": redirect_to_login(request.get_full_path()).url})
    return redirect_to_login(request.get_full_path())
