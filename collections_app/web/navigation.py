"""The places of the main menu in one table. A place whose page does not exist yet, or which the person has no right to
see, is left out. Must not query anything."""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.access import is_member
from collections_app.accounts.roles import Capability


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: words, lucide icon, the page's URL names (the first that exists is taken), and who may go there."""

    label: str | Promise
    icon: str
    url_names: tuple[str, ...]
    capability: Capability


@dataclass(frozen=True, slots=True)
class ShownPlace:
    label: str | Promise
    icon: str
    url: str
    current: bool


PLACES = (
    Place(_("Worklist"), "list-checks", ("worklist", "worklist:list"), Capability.SEE_ACCOUNTS),
    Place(
        _("Accounts"), "users", ("accounts", "customers", "customer_list", "customers:list"), Capability.SEE_ACCOUNTS
    ),
    Place(_("Invoices"), "file-text", ("invoices", "invoice_list", "invoices:list"), Capability.SEE_ACCOUNTS),
    Place(_("Cash"), "banknote", ("cash", "payments", "invoices:cash"), Capability.SEE_ACCOUNTS),
    Place(_("Disputes"), "message-square-warning", ("disputes", "invoices:disputes"), Capability.SEE_ACCOUNTS),
    Place(_("Dunning"), "mail", ("dunning", "dunning_runs", "dunning:runs"), Capability.SEE_ACCOUNTS),
    Place(_("Insight"), "chart-column", ("insight", "aging", "invoices:aging"), Capability.SEE_INSIGHT),
    Place(
        _("Settings"),
        "settings",
        ("settings", "policies", "dunning_policies", "dunning:policies"),
        Capability.SEE_ACCOUNTS,
    ),
)


def places_for(request: HttpRequest) -> tuple[ShownPlace, ...]:
    """The places this person may go to, in order; the one whose address the page lies under is marked current."""
    user = getattr(request, "user", None)
    if user is None or not is_member(user):
        return ()
    known = [(place, address(*place.url_names)) for place in PLACES if user.may(place.capability)]
    here = _longest_match(request.path, [url for _, url in known])
    return tuple(ShownPlace(place.label, place.icon, url, url == here) for place, url in known if url)


def address(*names: str) -> str:
    """The URL of the first of these names that exists without arguments; empty if none does."""
    return next((url for name in names if (url := _reversed(name, get_urlconf()))), "")


@cache
def _reversed(name: str, urlconf: str | None) -> str:
    try:
        return reverse(name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


def _longest_match(path: str, urls: list[str]) -> str:
    return max((url for url in urls if url and path.startswith(url)), key=len, default="")
