"""Keeps a bank file as it came, before anything of it is read: whatever happens then, it is there."""

import hashlib
import uuid
from collections.abc import Sequence

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from collections_app.lib.errors import BadInput
from customers.models import LegalEntity
from customers.services.start_import import shown_name
from invoices.bank_formats.registry import MAX_FILE
from invoices.models import BankFile


@transaction.atomic
def keep_bank_file(
    *, name: str, content: bytes, entities: Sequence[LegalEntity], actor: AbstractBaseUser | None
) -> BankFile:
    """The file as a row that waits to be read; the earlier row when the same content was uploaded before, by this
    person or for one of these `entities`.

    The person's file name is shown, never used as a path (D73). Raises BadInput for a file that is too large."""
    if len(content) > MAX_FILE:
        raise BadInput(
            f"The file has {len(content) // 1_000_000} MB; at most {MAX_FILE // 1_000_000} MB can be read. "
            "Ask the bank for shorter periods.",
            code="file_too_large",
        )
    digest = hashlib.sha256(content).hexdigest()
    theirs = Q(statements__account__entity__in=entities) | Q(uploaded_by_id=None if actor is None else actor.pk)
    known = BankFile.objects.filter(theirs, digest=digest).order_by("pk").first()
    if known is not None:
        return known
    file = BankFile(
        name=shown_name(name), digest=digest, size=len(content), state=BankFile.State.QUEUED,
        uploaded_by_id=None if actor is None else actor.pk,
    )  # fmt: skip
    file.content.save(uuid.uuid4().hex, ContentFile(content), save=False)
    try:
        file.save()
    except Exception:
        file.content.delete(save=False)
        raise
    return file
