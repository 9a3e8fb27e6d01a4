"""Mails a colleague the question about a dispute, through the house's one mail door. The link may always be copied
instead, so a mail that does not leave loses nothing."""

import uuid
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from customers.channels.email import send_email
from customers.channels.parcel import Accepted, Parcel, Refused
from invoices.models import DisputeQuestion


def mail_question(*, question: DisputeQuestion, url: str, actor: User) -> str:
    """Empty when the mail server took it, else a sentence that says why not. Call it after the commit.

    The kill switch, the test mode and the list of allowed addresses hold here as for every mail."""
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    case = question.case
    words = _(
        "%(name)s,\n\n%(who)s asks you about dispute %(reference)s of %(customer)s:\n\n%(question)s\n\n"
        "Answer here, without signing in (the link works once, until %(until)s):\n%(url)s\n"
    ) % {
        "name": question.to_name, "who": actor, "reference": case.reference, "customer": case.customer.name,
        "question": question.text, "until": f"{question.expires_at:%Y-%m-%d}", "url": url,
    }  # fmt: skip
    outcome = send_email(
        Parcel(
            to=question.to_email, subject=_("A question about dispute %(reference)s") % {"reference": case.reference},
            text=words, html="", sender=formataddr((case.customer.entity.name, ours)),
            message_id=f"question.{uuid.uuid4().hex}@{ours.rpartition('@')[2] or 'localhost'}", reply_to=actor.email,
        )
    )  # fmt: skip
    if isinstance(outcome, Accepted):
        return ""
    return outcome.text if isinstance(outcome, Refused) else _("It may or may not have left.")
