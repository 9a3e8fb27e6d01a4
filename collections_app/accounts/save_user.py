"""Creates or changes a person's account: name, role, teams, on or off. Passwords are the person's own business, except
the first one."""

import secrets
from collections.abc import Iterable

from django.db import transaction

from collections_app.accounts.models import Team, User
from collections_app.accounts.roles import Capability
from collections_app.audit.actions import register
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput

USER_SAVED = register("user.saved", "User saved", personal=("username", "email"))


@transaction.atomic
def save_user(*, user: User, teams: Iterable[Team], actor: User | None, by: str = "") -> str:
    """The first password of a new person, to be handed over once; empty for a known one.

    Raises BadInput when administrators would lock themselves out."""
    if actor is not None and user.pk == actor.pk and not user.may(Capability.ADMINISTER):
        raise BadInput(
            "You cannot take your own right to administer away. Ask another administrator.", code="own_right"
        )
    password = "" if user.pk else secrets.token_urlsafe(12)
    if password:
        user.set_password(password)
    user.save()
    user.teams.set(teams)
    record(USER_SAVED, user, actor=actor, by=by, username=user.username, email=user.email, role=user.role,
           is_active=user.is_active, teams=sorted(team.pk for team in teams))  # fmt: skip
    return password
