"""Issues an API token. The secret leaves this function once and is stored nowhere."""

import hashlib
import secrets

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.api.actions import TOKEN_ISSUED
from collections_app.api.models import ApiToken
from collections_app.audit.record import record

PREFIX = "col_"  # lets secret scanners and people recognise a leaked token


@transaction.atomic
def issue_token(*, user: User, name: str, actor: User | None, by: str = "") -> tuple[ApiToken, str]:
    """The token's row and its secret of 256 random bits, which acts with the rights of `user`."""
    secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user, name=name, digest=digest_of(secret), beginning=secret[: len(PREFIX) + 4], created_by=actor
    )
    record(TOKEN_ISSUED, token, actor=actor, by=by, name=name, user=user.pk)
    return token, secret


def digest_of(secret: str) -> str:
    """The SHA-256 of the secret in hex. No salt is needed for 256 random bits, and the look-up stays one index read."""
    return hashlib.sha256(secret.encode()).hexdigest()
