"""The places of the main menu in one table. A place whose page does not exist yet, or which the person has no right to
see, is left out. Must not query anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.access import is_member
from collections_app.accounts.roles import Capability

_NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: words, lucide icon, the page's URL name, who may go there, whether only the demo has it, and other
    pages by URL name under which one is at this place too."""

    label: str | Promise
    icon: str
    url_name: str
    capability: Capability
    demo_only: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownPlace:
    label: str
    icon: str
    url: str
    current: bool
    count: int = 0  # how much waits there for this person


PLACES = (
    Place(_("Worklist"), "list-checks", "worklist", Capability.SEE_ACCOUNTS, also=("strategies", "playbooks")),
    Place(_("Accounts"), "users", "accounts", Capability.SEE_ACCOUNTS),
    Place(_("Invoices"), "file-text", "invoices", Capability.SEE_ACCOUNTS),
    Place(_("Cash"), "banknote", "payments", Capability.SEE_ACCOUNTS),
    Place(_("Bank"), "landmark", "bank", Capability.RECORD_CASH),
    Place(_("Disputes"), "message-square-warning", "disputes", Capability.SEE_ACCOUNTS),
    Place(_("Dunning"), "mail", "dunning", Capability.SEE_ACCOUNTS),
    Place(_("Insight"), "chart-column", "aging", Capability.SEE_INSIGHT),
    Place(_("Settings"), "settings", "settings", Capability.SEE_ACCOUNTS),
)

# Where one goes now and then: at the foot of the rail, in the person's menu, and in the palette.
SELDOM = (
    Place(_("Approvals"), "check-check", "approvals", Capability.WAIVE_CLAIMS),
    Place(_("Team"), "users-round", "team", Capability.LEAD_TEAM),
    Place(_("Import"), "upload", "imports", Capability.IMPORT_FILES),
    Place(_("Mailbox"), "mail-open", "mailbox", Capability.SEE_ACCOUNTS, demo_only=True),
)

# The places around the worklist: a row of tabs on the pages of those who lead a team.
AROUND_THE_WORKLIST = (
    Place(_("My day"), "list-checks", "worklist", Capability.SEE_ACCOUNTS),
    Place(_("Team"), "users-round", "team", Capability.LEAD_TEAM),
    Place(_("Strategies"), "sliders-horizontal", "strategies", Capability.EDIT_POLICIES),
    Place(_("Playbooks"), "book-open", "playbooks", Capability.SEE_ACCOUNTS),
    Place(_("Segments"), "group", "segments", Capability.EDIT_POLICIES),
)


def places_for(request: HttpRequest) -> tuple[ShownPlace, ...]:
    """The places this person may go to, in order; the one whose address the page lies under is marked current."""
    return _shown(request, PLACES)


def seldom_places_for(request: HttpRequest, waiting: Mapping[str, int] = _NOTHING) -> tuple[ShownPlace, ...]:
    """The places this person goes to now and then, in order, marked like the others, with what waits there."""
    return _shown(request, SELDOM, waiting)


def worklist_places_for(request: HttpRequest) -> tuple[ShownPlace, ...]:
    """The places around the worklist that this person may go to, in order, marked like the others."""
    return _shown(request, AROUND_THE_WORKLIST)


def address(name: str) -> str:
    """The URL of this name without arguments; empty if there is none."""
    return _reversed(name, get_urlconf() or settings.ROOT_URLCONF)


def _shown(
    request: HttpRequest, places: tuple[Place, ...], waiting: Mapping[str, int] = _NOTHING
) -> tuple[ShownPlace, ...]:
    user = getattr(request, "user", None)
    if user is None or not is_member(user):
        return ()
    may = [place for place in places if user.may(place.capability) and (settings.DEMO or not place.demo_only)]
    known = [(place, address(place.url_name)) for place in may]
    covered = {url: place for place, first in known for url in (first, *map(address, place.also)) if url}
    here = covered.get(_longest_match(request.path, list(covered)))
    return tuple(
        ShownPlace(str(place.label), place.icon, url, place == here, waiting.get(place.url_name, 0))
        for place, url in known
        if url
    )


@cache
def _reversed(name: str, urlconf: str | None) -> str:
    try:
        return reverse(name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


def _longest_match(path: str, urls: list[str]) -> str:
    return max((url for url in urls if url and path.startswith(url)), key=len, default="")
