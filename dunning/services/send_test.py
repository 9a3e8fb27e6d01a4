"""Sends the words of a template to the person who writes them, through the house's one mail door."""

import uuid
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.channels.email import send_email
from customers.channels.parcel import Accepted, Attachment, Parcel
from customers.models import LegalEntity
from dunning.actions import TEMPLATE_TESTED
from dunning.models import NoticeTemplate
from dunning.services.compose import sender_of
from dunning.services.preview import Preview
from invoices.documents.pdf import PdfRefused, render_pdf


def send_test(*, template: NoticeTemplate, preview: Preview, entity: LegalEntity, actor: AbstractBaseUser) -> str:
    """The address it was sent to: the actor's own. A letter goes as a PDF with the mail.

    `preview` is the filled template. Raises BadInput where it could not be filled or the actor has no address, and
    Conflict with the mail server's answer where it did not leave."""
    address = getattr(actor, "email", "")
    if not address:
        raise BadInput("Your user has no e-mail address. Ask an administrator to add it.", code="no_address")
    if preview.problem:
        raise BadInput(preview.problem, code="cannot_fill")
    prints = template.channel == "letter"
    try:
        attachments = (Attachment("letter.pdf", render_pdf(preview.html)),) if prints else ()
    except PdfRefused as refused:
        raise Conflict(refused.sentence, code=refused.code) from refused
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    outcome = send_email(
        Parcel(
            to=address, subject=f"[Test] {preview.subject}", text=preview.text, html="" if prints else preview.html,
            sender=sender_of(entity), message_id=f"test.{uuid.uuid4().hex}@{domain}", reply_to=entity.email,
            attachments=attachments, headers={"Content-Language": template.language},
        )
    )  # fmt: skip
    if not isinstance(outcome, Accepted):
        raise Conflict(outcome.text, code=outcome.reason)
    record(TEMPLATE_TESTED, template, actor=actor, to=address)
    return str(address)
