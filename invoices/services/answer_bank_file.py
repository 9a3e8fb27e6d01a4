"""Takes a person's answers to what a bank file asked, and reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import Conflict
from customers.models import LegalEntity
from invoices.models import BankFile
from invoices.services.read_bank_file import read_bank_file


@transaction.atomic
def answer_bank_file(
    *,
    file: BankFile,
    answers: Mapping[str, Any],
    entities: Sequence[LegalEntity],
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> BankFile:
    """The file as `read_bank_file` leaves it. `answers` holds "choices" (fields of `Choices`) and "entities" ("number
    currency" -> id). Raises Conflict when the file asks nothing any more."""
    locked = BankFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if locked.state != BankFile.State.ASKING:
        raise Conflict("Somebody answered meanwhile. Reload the page.", code="not_asking")
    locked.answers = dict(answers)
    locked.save(update_fields=["answers"])
    return read_bank_file(file=locked, entities=entities, actor=actor, by=by)
