"""Who is calling the API: a bearer token, looked up by its digest. Must not decide what the caller may do."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from collections_app.accounts.models import User
from collections_app.api.models import ApiToken
from collections_app.api.services.issue_token import digest_of

_USE_IS_NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer col_…`. Another scheme, or none, leaves the word to the next authentication."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The user and the token. Raises AuthenticationFailed (401) for unknown, revoked or switched-off ones alike."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = (
            ApiToken.objects.select_related("user")
            .filter(digest=digest_of(secret.strip()), revoked_at__isnull=True, user__is_active=True)
            .first()
        )
        if token is None:
            raise AuthenticationFailed("This token is not valid (any more). Create one under Settings, API tokens.")
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 names in WWW-Authenticate."""
        return "Bearer"


def _note_use(token: ApiToken) -> None:
    """At most one write a minute, so that a busy token costs its readers nothing."""
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _USE_IS_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - _USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
