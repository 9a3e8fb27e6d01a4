"""The one door for mail: through Django's configured backend (SMTP, or a provider through anymail), with our own
message id, and never past the rules for what may leave the house.

It tells certain refusal from uncertainty: whatever fails before the message is handed over is certain, whatever fails
while or after is not. It never tries to hand over twice."""

import smtplib
from contextlib import suppress
from dataclasses import replace
from typing import Any, Self

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from customers.channels.http_post import TRY_LATER, never_connected
from customers.channels.mime import address_of, as_bytes, header_fields, mailbox, one_line
from customers.channels.parcel import Accepted, Outcome, Parcel, Refused, Uncertain
from customers.channels.smtp import NO_SUCH_MAILBOX, SmtpLine
from customers.models import OutgoingRules
from customers.rules.outgoing import is_allowed

# In test mode the mail says whom it would have gone to.
MEANT_FOR = "X-Meant-For"


class MailDoor:
    """An open door for many mails over one connection. Use it with `with`, from one thread."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._line: SmtpLine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def send(self, parcel: Parcel) -> Outcome:
        """What came of handing the parcel over: one copy for each of its recipients, and none for anybody twice."""
        if parcel.redirect_to is None:
            decided = _as_the_rules_say(parcel)
            if isinstance(decided, Refused):
                return decided
            parcel = decided
        parcel = _redirected(parcel) if parcel.redirect_to else parcel
        try:
            to, cc, bcc = _recipients(parcel)
            backend = self._backend()
            if isinstance(backend, SmtpBackend):
                self._line = self._line or SmtpLine(backend)
                message = as_bytes(parcel, to=to, cc=cc)
                return self._line.send(address_of(parcel.sender), [address_of(one) for one in (to, *cc, *bcc)], message)
            composed = _message(parcel, to, cc, bcc)
        except ValueError as error:  # an address that is none, before anything is sent
            return Refused("bad_header", f"The message could not be written: {error}", permanent=True)
        outcome = _hand_over(composed, backend, to)
        if not isinstance(outcome, Accepted):
            self._close()
        return outcome

    def _backend(self) -> Any:
        self._connection = self._connection or get_connection(fail_silently=False)
        return self._connection

    def _close(self) -> None:
        # The answers to the messages are already known; how the line closes does not change them.
        if self._line is not None:
            self._line.close()
        elif self._connection is not None:
            with suppress(smtplib.SMTPException, OSError, requests.RequestException):
                self._connection.close()
        self._connection = self._line = None


def send_email(parcel: Parcel) -> Outcome:
    """What came of handing one parcel over, on a connection of its own."""
    with MailDoor() as door:
        return door.send(parcel)


def _as_the_rules_say(parcel: Parcel) -> Parcel | Refused:
    rules = OutgoingRules.objects.filter(pk=1).first() or OutgoingRules(pk=1)
    if rules.stopped_at is not None:
        return Refused("stopped", f"Nothing may leave the house at the moment: {rules.stopped_why}", permanent=True)
    if not rules.test_address and not is_allowed(parcel.to, rules.allowed):
        return Refused("not_allowed", f"{parcel.to} is not on the list of allowed addresses.", permanent=True)
    cc, bcc = (tuple(one for one in part if is_allowed(one, rules.allowed)) for part in (parcel.cc, parcel.bcc))
    return replace(parcel, redirect_to=rules.test_address, cc=cc, bcc=bcc)


def _redirected(parcel: Parcel) -> Parcel:
    meant = ", ".join((parcel.to, *parcel.cc, *parcel.bcc))
    return replace(parcel, to=parcel.redirect_to or "", cc=(), bcc=(), headers={**parcel.headers, MEANT_FOR: meant})


def _recipients(parcel: Parcel) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """To, copies and blind copies, each mailbox once, whatever its case and however often it was named (D39)."""
    to = mailbox(parcel.to)
    seen = {address_of(to).casefold()}

    def fresh(addresses: tuple[str, ...]) -> tuple[str, ...]:
        kept = []
        for one in map(mailbox, addresses):
            key = address_of(one).casefold()
            if key not in seen:
                seen.add(key)
                kept.append(one)
        return tuple(kept)

    return to, fresh(parcel.cc), fresh(parcel.bcc)


def _message(parcel: Parcel, to: str, cc: tuple[str, ...], bcc: tuple[str, ...]) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=one_line(parcel.subject), body=parcel.text, from_email=mailbox(parcel.sender), to=[to], cc=list(cc),
        bcc=list(bcc), reply_to=[mailbox(parcel.reply_to)] if parcel.reply_to else None,
        headers=header_fields(parcel),
    )  # fmt: skip
    # Providers return it with their events, so that even a message whose answer was lost can be found again.
    message.metadata = {"delivery": parcel.message_id}  # type: ignore[attr-defined]
    if parcel.html:
        message.attach_alternative(parcel.html, "text/html")
    for attachment in parcel.attachments:
        message.attach(one_line(attachment.name), attachment.content, attachment.media_type)
    return message


def _hand_over(message: EmailMultiAlternatives, connection: Any, to: str) -> Outcome:
    message.connection = connection
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        return Refused("mail_server_away", f"The mail server could not be reached: {error}", provider_fault=True)
    try:
        sent = message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        permanent = all(code >= 500 for code in codes)
        gone = any(code in NO_SUCH_MAILBOX for code in codes)
        return Refused("address_refused", f"The mail server refused the address: {error}", permanent, bounced=gone)
    except AnymailAPIError as error:
        return _api_answer(error)
    except AnymailRecipientsRefused as error:
        return Refused("address_refused", f"The mail provider refused the address: {error}", True, bounced=True)
    except AnymailError as error:
        return Refused("provider_refused", f"The mail provider cannot take this message: {error}", permanent=True)
    except (smtplib.SMTPException, OSError) as error:
        why = f"The connection broke while the message was handed over: {error}"
        return Uncertain("connection_lost", why, provider_fault=True)
    except ValueError as error:  # Django refuses a header that could be forged, before anything is sent
        return Refused("bad_header", f"The message could not be written: {error}", permanent=True)
    if not sent:
        return Refused("nothing_sent", "The mail backend had no recipient to send to.", permanent=True)
    return Accepted(provider_id=_provider_id(message, to))


def _api_answer(error: AnymailAPIError) -> Outcome:
    """A provider's API: 4xx and a plain failure or "too busy" are its word that nothing was taken; a gateway's timeout
    and a lost answer are not (D34, D35)."""
    status = getattr(error, "status_code", None)
    if status is None and never_connected(error.__cause__):
        return Refused("mail_server_away", f"The mail provider could not be reached: {error}", provider_fault=True)
    if status in TRY_LATER:
        return Refused("provider_busy", f"The mail provider answered {status}.", provider_fault=True)
    if status is not None and 400 <= status < 500:
        return Refused("provider_refused", f"The mail provider refused the message: {error}", permanent=True)
    return Uncertain("provider_unclear", f"The mail provider did not answer clearly: {error}", provider_fault=True)


def _provider_id(message: EmailMultiAlternatives, to: str) -> str:
    status = getattr(message, "anymail_status", None)
    if status is None:
        return ""
    recipient = (status.recipients or {}).get(to)
    found = getattr(recipient, "message_id", None) or status.message_id
    return found if isinstance(found, str) else ""
