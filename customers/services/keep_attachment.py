"""Keeps one file of a customer as it came: never opened, converted or run. Whoever may see the customer may see it."""

from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, quoted
from customers.actions import ATTACHMENT_KEPT
from customers.models import Attachment, Customer
from customers.models.attachment import MOST_BYTES

_LONGEST_NAME, _LONGEST_TYPE = 120, 80


@transaction.atomic
def keep_attachment(
    *, customer: Customer, name: str, content: bytes, content_type: str, actor: User | None, by_name: str = ""
) -> Attachment:
    """The kept file. `by_name` says who brought it when that is nobody with an account here.

    Raises BadInput (field `file`) for an empty file and for one of more than 10 MB."""
    shown = file_name(name)
    if not content:
        sentence = _("The file %(name)s is empty. Choose another one.") % {"name": quoted(shown)}
        raise BadInput(sentence, code="empty_file", fields={"file": sentence})
    if len(content) > MOST_BYTES:
        sentence = _("The file %(name)s is larger than 10 MB. Send a smaller one.") % {"name": quoted(shown)}
        raise BadInput(sentence, code="file_too_large", fields={"file": sentence})
    kept = Attachment.objects.create(
        customer=customer,
        name=shown,
        content_type=_printable(content_type)[:_LONGEST_TYPE] or "application/octet-stream",
        size=len(content),
        digest=sha256(content).hexdigest(),
        content=content,
        added_by=actor,
        added_by_name=_printable(by_name)[:120],
    )
    record(
        ATTACHMENT_KEPT, kept, actor=actor, by=kept.added_by_name, customer=customer.pk, name=kept.name,
        size=kept.size, digest=kept.digest,
    )  # fmt: skip
    return kept


def file_name(name: str) -> str:
    """The name to show and to download under: without folders and signs that cannot be printed; the end is kept, since
    it says what the file is."""
    bare = _printable(name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ") or "file"
    stem, dot, kind = bare.rpartition(".")
    if len(bare) <= _LONGEST_NAME or not dot or len(kind) > 10:
        return bare[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(kind) - 1]}.{kind}"


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()
