"""Reads the bank files that were too large to be read while somebody waited."""

from django.db import transaction

from customers.access import visible_entities
from customers.models import LegalEntity
from invoices.models import BankFile
from invoices.services.read_bank_file import read_bank_file


def read_queued_bank_files() -> int:
    """How many were read, refused or now ask something; each in a transaction of its own, claimed so that two workers
    never read the same one. The person who uploaded a file decides which accounts it may fill."""
    done = 0
    while _read_next():
        done += 1
    return done


@transaction.atomic
def _read_next() -> bool:
    queued = BankFile.objects.filter(state=BankFile.State.QUEUED).order_by("pk")
    file = queued.select_for_update(skip_locked=True, of=("self",)).select_related("uploaded_by").first()
    if file is None:
        return False
    person = file.uploaded_by
    entities = list(LegalEntity.objects.all() if person is None else visible_entities(person))
    read_bank_file(file=file, entities=entities, actor=person, by="bank files")
    return True
