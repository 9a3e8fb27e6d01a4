"""Takes back a pay link. Whoever opens it afterwards sees a neutral page with our address."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from invoices.actions import PAY_LINK_REVOKED
from invoices.models import PayLink


@transaction.atomic
def revoke_pay_link(
    *, link: PayLink, now: datetime, reason: str, actor: AbstractBaseUser | None = None, by: str = ""
) -> PayLink:
    """The revoked link; a second time changes nothing and writes nothing."""
    won = PayLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=now)
    if won:
        link.revoked_at = now
        record(PAY_LINK_REVOKED, link, actor=actor, by=by or "system", reason=reason)
    else:
        link.refresh_from_db(fields=["revoked_at"])
    return link
