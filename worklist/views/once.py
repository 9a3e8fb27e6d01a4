"""Sees that a form that is sent twice, because its answer got lost on the way, is saved once. A cache that is away
lets everything pass: a second entry can be taken back, a lost one cannot."""

import re
from collections.abc import Callable
from functools import wraps

import structlog
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from collections_app.accounts.access import is_member
from collections_app.accounts.models import User
from collections_app.lib.errors import Conflict
from collections_app.web.fragments import toast, wants_fragment
from worklist.services.keep_draft import drop_draft

ActView = Callable[[HttpRequest, int, str], HttpResponseBase]

log = structlog.get_logger("worklist.once")

FIRST, RUNNING, SAVED = "first", "running", "saved"
KEPT_SECONDS, RUNNING_SECONDS = 24 * 3600, 60
_NUMBER = re.compile(r"[0-9a-f]{32}")


def saved_once(view: ActView, *, page: str = "account") -> ActView:
    """The view of an action, which now saves each sending of a form once and forgets the form's draft when it did.
    `page` is the URL name of what it is about, where a second sending leads."""

    @wraps(view)
    def once(request: HttpRequest, pk: int, action: str) -> HttpResponseBase:
        if request.method != "POST" or not is_member(request.user):
            return view(request, pk, action)
        to = reverse(page, args=[pk])
        return only_once(request, request.user, to=to, answer=lambda: view(request, pk, action))

    return once


def only_once(request: HttpRequest, user: User, *, to: str, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer to a sending that was not saved yet, whose draft is forgotten then; one that was saved before leads
    to the address `to`. Raises Conflict while the first attempt is at work."""
    number = request.POST.get("once", "")
    state = begin(user, number)
    if state == SAVED:
        return _saved_before(request, to)
    if state == RUNNING:
        raise Conflict(_("The first attempt is still being saved. Wait a moment, then try again."), code="running")
    saved = False
    try:
        response = answer()
        saved = response.status_code < 400
    finally:
        end(user, number, saved=saved)
    if saved:
        drop_draft(user=user, key=request.path)
    return response


def _saved_before(request: HttpRequest, to: str) -> HttpResponse:
    back = QueryDict(request.POST.get("back", ""), mutable=True)
    if back.pop("at", None):
        to = f"{reverse('worklist')}?{back.urlencode()}"
    response = HttpResponse(headers={"HX-Redirect": to}) if wants_fragment(request) else HttpResponseRedirect(to)
    return toast(request, response, _("It was saved the first time already."))


def begin(user: User, number: str) -> str:
    """FIRST for a sending never seen, RUNNING while its first attempt is at work, SAVED when that was saved."""
    if not _NUMBER.fullmatch(number):
        return FIRST
    try:
        return FIRST if cache.add(_key(user, number), RUNNING, RUNNING_SECONDS) else str(cache.get(_key(user, number)))
    except (RedisError, OSError):
        log.warning("sending_not_noted")
        return FIRST


def end(user: User, number: str, *, saved: bool) -> None:
    """Nothing; the sending is remembered as saved, or forgotten so that the corrected form can be sent."""
    if not _NUMBER.fullmatch(number):
        return
    try:
        if saved:
            cache.set(_key(user, number), SAVED, KEPT_SECONDS)
        else:
            cache.delete(_key(user, number))
    except (RedisError, OSError):
        log.warning("sending_not_noted")


def _key(user: User, number: str) -> str:
    return f"once:{user.pk}:{number}"
