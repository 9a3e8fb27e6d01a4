"""Revokes an API token; the next request with it is refused."""

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.api.actions import TOKEN_REVOKED
from collections_app.api.models import ApiToken
from collections_app.audit.record import record


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User) -> ApiToken:
    """The revoked token. Revoking twice changes and logs nothing more."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        record(TOKEN_REVOKED, token, actor=actor, name=token.name)
    token.refresh_from_db()
    return token
