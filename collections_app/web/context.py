"""The context processor behind the frame. Everything is computed on first use: a page without a frame pays nothing."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.access import is_member
from collections_app.accounts.models import User
from collections_app.web.frame_facts import Banner, FrameFacts, frame_facts
from collections_app.web.keys import own_keys
from collections_app.web.navigation import ShownPlace, address, places_for, seldom_places_for, worklist_places_for
from collections_app.web.preferences import Preferences, preferences_of

# htmx without what a strict policy forbids (its style element, eval), and with our answers: a refused form (422) and
# a refusal that names its own place (403, 409, 503) are swapped in, other errors become a message. No page is kept in
# the browser's storage: going back asks the server again.
HTMX_CONFIG = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "scrollIntoViewOnBoost": False,
    "defaultSettleDelay": 0,  # a link that is seen must work: until it settles, htmx leaves it to the browser
    "timeout": 20000,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "403|409|503", "swap": True, "error": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}
_HTMX_CONFIG_TEXT: SafeString = mark_safe(json.dumps(HTMX_CONFIG))  # noqa: S308 (a constant of ours without quotes "'")

Choice = tuple[str, str | Promise]


class Frame:
    """What base.html needs, lazily. Reads the person's preferences, the menu, and the facts of the apps above."""

    themes: Sequence[Choice] = User.Theme.choices
    densities: Sequence[Choice] = User.Density.choices
    shortcut_choices: Sequence[Choice] = (("on", _("On")), ("off", _("Off")))
    htmx_config = _HTMX_CONFIG_TEXT

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _preferences(self) -> Preferences:
        return preferences_of(self._request)

    @cached_property
    def _facts(self) -> FrameFacts:
        user = getattr(self._request, "user", None)
        # A stranger's page (sign-in, style guide) tells nothing of the company and asks the database nothing.
        return frame_facts(self._request) if user is not None and is_member(user) else FrameFacts()

    @cached_property
    def places(self) -> tuple[ShownPlace, ...]:
        return places_for(self._request)

    @cached_property
    def seldom_places(self) -> tuple[ShownPlace, ...]:
        return seldom_places_for(self._request, self._facts.waiting)

    @cached_property
    def worklist_places(self) -> tuple[ShownPlace, ...]:
        return worklist_places_for(self._request)

    @property
    def theme(self) -> str:
        return self._preferences.theme

    @property
    def density(self) -> str:
        return self._preferences.density

    @property
    def shortcuts(self) -> str:
        return self._preferences.shortcuts

    @property
    def own_keys(self) -> str:
        """Usual key -> own key as JSON; empty for everybody who left the keys as they are."""
        user = getattr(self._request, "user", None)
        own = own_keys(user.keys) if user is not None and is_member(user) and user.keys else {}
        return json.dumps(own) if own else ""

    @property
    def rail(self) -> str:
        return self._preferences.rail

    @property
    def as_of(self) -> date | None:
        return self._facts.as_of

    @property
    def entity(self) -> str:
        return self._facts.entity

    @property
    def fresh_at(self) -> datetime | None:
        return self._facts.fresh_at

    @property
    def demo_clock(self) -> bool:
        return self._facts.demo_clock

    @property
    def unread(self) -> int:
        return self._facts.unread

    @property
    def banners(self) -> tuple[Banner, ...]:
        return self._facts.banners

    home_url = property(lambda self: address("home") or "/")
    search_url = property(lambda self: address("search"))
    notifications_url = property(lambda self: address("notifications"))
    bell_url = property(lambda self: address("bell"))
    drafts_url = property(lambda self: address("drafts"))
    session_url = property(lambda self: address("web:session"))
    keys_url = property(lambda self: address("web:keys"))
    preferences_url = property(lambda self: address("web:preferences"))
    sign_in_url = property(lambda self: address("account_login"))
    sign_out_url = property(lambda self: address("account_logout"))
    password_url = property(lambda self: address("account_change_password"))
    security_url = property(lambda self: address("mfa_index"))


def frame(request: HttpRequest) -> dict[str, Frame]:
    """`frame` for every template that is rendered with a request."""
    return {"frame": Frame(request)}
