"""How pages look to one person: colours, row height, shortcuts, menu width. A signed-in person's choices live with the
account, a stranger's and the menu's width in cookies. It must not decide anything but looks."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from collections_app.accounts.access import is_member
from collections_app.accounts.models import User

CHOICES: dict[str, tuple[str, ...]] = {
    "theme": tuple(User.Theme.values),
    "density": tuple(User.Density.values),
    "shortcuts": ("on", "off"),
    "rail": ("wide", "narrow"),
}
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """Values as they stand in the attributes of <html>."""

    theme: str = "system"
    density: str = "comfortable"
    shortcuts: str = "on"
    rail: str = "wide"


def preferences_of(request: HttpRequest) -> Preferences:
    """The person's choices; the defaults where nothing, or nonsense, was chosen."""
    chosen = {name: _known(name, request.COOKIES.get(name)) for name in CHOICES}
    user = getattr(request, "user", None)
    if user is not None and is_member(user):
        chosen |= {"theme": user.theme, "density": user.density, "shortcuts": "on" if user.shortcuts_on else "off"}
    return Preferences(**{name: value for name, value in chosen.items() if value})


def keep_preferences(request: HttpRequest, response: HttpResponse) -> None:
    """Nothing; keeps every known choice of the POST: with the account if someone is signed in, else in a cookie."""
    chosen = {name: value for name in CHOICES if (value := _known(name, request.POST.get(name)))}
    if is_member(request.user):
        columns: dict[str, Any] = {name: chosen[name] for name in ("theme", "density") if name in chosen}
        if "shortcuts" in chosen:
            columns["shortcuts_on"] = chosen["shortcuts"] == "on"
        if columns:
            User.objects.filter(pk=request.user.pk).update(**columns)
        chosen = {name: value for name, value in chosen.items() if name == "rail"}
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())


def _known(name: str, value: str | None) -> str:
    return value if value in CHOICES[name] else ""
