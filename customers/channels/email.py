"""Sends one e-mail through Django's configured backend (SMTP, or a provider through anymail), with our own message id.

It tells certain refusal from uncertainty: whatever fails before the message body is handed over is certain, whatever
fails while or after is not. It keeps no state and never tries twice."""

import re
import smtplib
import ssl
from contextlib import suppress
from email.utils import formataddr, parseaddr

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, get_connection

from customers.channels.parcel import Accepted, Outcome, Parcel, Refused, Uncertain

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# The mailbox or its domain is unknown (RFC 5321). Other 5xx may be about us, such as 554 for a blocked sender.
_NO_SUCH_MAILBOX = frozenset({550, 551, 553, 556})


def send_email(parcel: Parcel) -> Outcome:
    """What came of handing the parcel over. Line breaks in header texts are folded to spaces, so none can be forged."""
    try:
        connection = get_connection(fail_silently=False)
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        return Refused("mail_server_away", f"The mail server could not be reached: {error}")
    try:
        return _hand_over(_message(parcel), connection)
    finally:
        # The answer to the message is already known; how the line closes does not change it.
        with suppress(smtplib.SMTPException, OSError):
            connection.close()


def _message(parcel: Parcel) -> EmailMultiAlternatives:
    name, address = parseaddr(parcel.sender)
    message = EmailMultiAlternatives(
        subject=_one_line(parcel.subject),
        body=parcel.text,
        from_email=formataddr((_one_line(name), address)) if name else address,
        to=[_one_line(parcel.to)],
        reply_to=[_one_line(parcel.reply_to)] if parcel.reply_to else None,
        headers={
            "Message-ID": f"<{parcel.message_id}>",
            "Auto-Submitted": "auto-generated",
            **{key: _one_line(value) for key, value in parcel.headers.items()},
        },
    )
    if parcel.html:
        message.attach_alternative(parcel.html, "text/html")
    for attachment in parcel.attachments:
        message.attach(_one_line(attachment.name), attachment.content, attachment.media_type)
    return message


def _hand_over(message: EmailMultiAlternatives, connection: object) -> Outcome:
    message.connection = connection
    try:
        sent = message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        permanent = all(code >= 500 for code in codes)  # 4xx is greylisting and full mailboxes: worth another try
        gone = any(code in _NO_SUCH_MAILBOX for code in codes)
        return Refused("address_refused", f"The mail server refused the address: {error}", permanent, bounced=gone)
    except smtplib.SMTPDataError as error:
        permanent = error.smtp_code >= 500
        return Refused("content_refused", f"The mail server refused the message: {error}", permanent=permanent)
    except smtplib.SMTPResponseException as error:
        return Refused("mail_server_refused", f"The mail server answered {error.smtp_code}.", error.smtp_code >= 500)
    except AnymailAPIError as error:
        status = getattr(error, "status_code", None)
        if status is not None and 400 <= status < 500:
            return Refused(
                "provider_refused", f"The mail provider refused the message: {error}", status not in (408, 429)
            )
        return Uncertain("provider_unclear", f"The mail provider did not answer clearly: {error}")
    except AnymailRecipientsRefused as error:
        return Refused("address_refused", f"The mail provider refused the address: {error}", True, bounced=True)
    except AnymailError as error:
        return Refused("provider_refused", f"The mail provider cannot take this message: {error}", permanent=True)
    except (TimeoutError, smtplib.SMTPServerDisconnected, ssl.SSLError, OSError) as error:
        return Uncertain("connection_lost", f"The connection broke while the message was handed over: {error}")
    except ValueError as error:  # Django refuses a header that could be forged, before anything is sent
        return Refused("bad_header", f"The message could not be written: {error}", permanent=True)
    if not sent:
        return Refused("nothing_sent", "The mail backend had no recipient to send to.", permanent=True)
    status = getattr(message, "anymail_status", None)
    return Accepted(provider_id=str(getattr(status, "message_id", "") or ""))


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()
