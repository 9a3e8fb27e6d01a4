"""Takes in an uploaded file: kept under a name of our own, opened once to see that it is a table."""

import uuid
from pathlib import Path, PurePosixPath

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import File
from django.db import transaction

from customers.import_sources.base import FileRefused, Options
from customers.import_sources.files import MAX_FILE, open_table
from customers.import_sources.registry import source_for
from customers.models import ImportBatch

_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".gz")


@transaction.atomic
def start_import(*, upload: "File[bytes]", actor: AbstractBaseUser) -> ImportBatch:
    """The new batch in state uploaded, with the source that its headers point to.

    The person's file name is shown, never used as a path (case D73). Raises FileRefused, and keeps nothing then."""
    if (upload.size or 0) > MAX_FILE:
        raise FileRefused(f"The file has more than {MAX_FILE // 1_000_000} MB. Split it.", code="file_too_large")
    shown = shown_name(upload.name or "")
    suffix = PurePosixPath(shown).suffix.lower()
    batch = ImportBatch(file_name=shown, uploaded_by_id=actor.pk)
    batch.file.save(f"{uuid.uuid4().hex}{suffix if suffix in _SUFFIXES else ''}", upload, save=False)
    try:
        table = open_table(Path(batch.file.path), Options())
    except FileRefused:
        batch.file.delete(save=False)
        raise
    batch.source = source_for(table).code
    batch.options = Options(source=batch.source).as_json()
    batch.save()
    return batch


def shown_name(name: str) -> str:
    """The last part of a file name without control and direction characters, at most 200 long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in last if sign.isprintable()).strip()
    return plain[-200:] or "file"
