"""Takes a bank file in: kept as it came, then read. The one call for pages, the API and the command."""

from collections.abc import Sequence

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from customers.models import LegalEntity
from invoices.models import BankFile
from invoices.services.keep_bank_file import keep_bank_file
from invoices.services.read_bank_file import read_bank_file

READ_AT_ONCE = 1_000_000  # bytes; a larger file is read by a worker, so that nobody waits for it


@transaction.atomic
def import_bank_file(
    *,
    name: str,
    content: bytes,
    entities: Sequence[LegalEntity],
    wait: bool = True,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> BankFile:
    """The file: READ with its counts and problems, REFUSED with the reason, ASKING what only a person knows, or, when
    it is large and nobody waits for it, still QUEUED.

    `entities` are those whose accounts the person may fill. The same content again gives back the same row and adds
    only lines that are not there yet (D71). Raises BadInput only for a file too large to keep."""
    file = keep_bank_file(name=name, content=content, entities=entities, actor=actor)
    if not wait and len(content) > READ_AT_ONCE:
        return file
    return read_bank_file(file=file, content=content, entities=entities, actor=actor, by=by)
