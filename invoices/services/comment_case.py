"""Adds a word, or files, to the history of a dispute. Nothing said is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput
from customers.services.keep_attachment import keep_attachment
from invoices.models import DisputeCase, DisputeEvent, DisputeFile
from invoices.services.log_case_event import log_case_event

MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class Brought:
    """One file as it was uploaded."""

    name: str
    content: bytes
    content_type: str


@transaction.atomic
def comment_case(
    *, case: DisputeCase, text: str, files: Sequence[Brought] = (), on: date, actor: User | None, by: str = ""
) -> DisputeCase:
    """The case with the words in its history and the files beside it.

    Raises BadInput with neither, with too many files, and as `keep_attachment` does."""
    if not text.strip() and not files:
        raise BadInput("Write something, or choose a file.", code="nothing_said", fields={"text": "Write it first."})
    if text.strip():
        log_case_event(
            case=case, kind=DisputeEvent.Kind.COMMENT, on=on, actor=actor, by=by, text=text.strip()
        )  # fmt: skip
    keep_files(case, files, on=on, actor=actor, by=by)
    return case


def keep_files(case: DisputeCase, files: Sequence[Brought], *, on: date, actor: User | None, by: str) -> None:
    """Nothing; the files are kept with the customer and stand beside the case. At most five at once (BadInput)."""
    if len(files) > MOST_FILES:
        sentence = f"Choose at most {MOST_FILES} files at once."
        raise BadInput(sentence, code="too_many_files", fields={"attached": sentence})
    for file in files:
        try:
            kept = keep_attachment(
                customer=case.customer, name=file.name, content=file.content, content_type=file.content_type,
                actor=actor, by_name=by,
            )  # fmt: skip
        except BadInput as refusal:
            raise BadInput(refusal.sentence, code=refusal.code, fields={"attached": refusal.sentence}) from None
        DisputeFile.objects.create(case=case, attachment=kept)
        log_case_event(
            case=case, kind=DisputeEvent.Kind.FILE, on=on, actor=actor, by=by, text=kept.name, attachment=kept.pk
        )  # fmt: skip
