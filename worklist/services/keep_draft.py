"""Keeps what a person typed into a form and has not saved, until it is saved or discarded (U27). Decides nothing."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput
from customers.models import Customer
from worklist.models import Draft

KEPT_FOR = timedelta(days=30)
LARGEST, MOST_FIELDS = 60_000, 80  # characters, fields
Typed = Mapping[str, str | list[str]]


@transaction.atomic
def keep_draft(*, user: User, key: str, data: Typed, customer: Customer | None = None) -> Draft | None:
    """The draft as kept under the form's address, in place of the earlier one; empty `data` forgets it and gives None.

    Raises BadInput when it is no text a form could hold. The person's drafts that nobody touched for a month go."""
    if not data:
        drop_draft(user=user, key=key)
        return None
    _check(data)
    Draft.objects.filter(user=user, saved_at__lt=Now() - KEPT_FOR).delete()
    draft, _new = Draft.objects.update_or_create(
        user=user, key=key, defaults={"data": dict(data), "customer": customer, "saved_at": Now()}
    )
    return draft


def drop_draft(*, user: User, key: str) -> None:
    """Nothing; what was kept under the form's address is gone: the form was saved or discarded."""
    with connection.cursor() as cursor:  # after every saved form: a plain statement costs a fifth of a model's
        cursor.execute("DELETE FROM worklist_draft WHERE user_id = %s AND key = %s", [user.pk, key])


def _check(data: Typed) -> None:
    texts = [text for value in data.values() for text in ([value] if isinstance(value, str) else value)]
    if len(data) > MOST_FIELDS or not all(isinstance(text, str) for text in texts):
        raise BadInput(_("This is no draft of a form. Reload the page and type it again."), code="draft_form")
    if sum(map(len, texts)) > LARGEST or any("\0" in text for text in (*texts, *data)):
        raise BadInput(_("This text is too long to be kept. Save it in two parts."), code="draft_long")
