"""One connection to a mail server, used for many mails. It knows in which phase something failed: until the server has
the whole message a failure is certain, and from there on it is not."""

import smtplib
from collections.abc import Sequence
from contextlib import suppress

from django.core.mail.backends.smtp import EmailBackend

from customers.channels.parcel import Accepted, Outcome, Refused, Uncertain

# Some servers close a connection after a hundred messages; better that we do, between two.
MOST_PER_CONNECTION = 100
# The mailbox or its domain is unknown (RFC 5321). Other 5xx may be about us, such as 554 for a blocked sender.
NO_SUCH_MAILBOX = frozenset({550, 551, 553, 556})


class SmtpLine:
    """A connection that opens when it is needed and is closed by whoever made it. Not for several threads."""

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend
        self._used = 0

    def send(self, sender: str, recipients: Sequence[str], message: bytes) -> Outcome:
        """What came of handing over: the first recipient decides, a refused copy is only told. Bare addresses."""
        if self._used >= MOST_PER_CONNECTION:
            self.close()
        was_open = self._backend.connection is not None
        outcome = self._once(sender, recipients, message)
        if was_open and isinstance(outcome, Refused) and outcome.reason == "mail_server_away":
            # The server had closed the line meanwhile, before it got anything of this message.
            outcome = self._once(sender, recipients, message)
        return outcome

    def close(self) -> None:
        """Nothing; how the line closes changes nothing of what was answered on it."""
        self._used = 0
        with suppress(smtplib.SMTPException, OSError):
            self._backend.close()
        self._backend.connection = None

    def _once(self, sender: str, recipients: Sequence[str], message: bytes) -> Outcome:
        try:
            self._backend.open()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return _away(error)
        smtp = self._backend.connection
        assert smtp is not None
        self._used += 1
        try:
            refused, told = _envelope(smtp, sender, recipients, len(message))
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return _away(error)
        if refused is not None:
            self._begin_anew(smtp)
            return refused
        try:
            code, answer = smtp.data(message)
        except smtplib.SMTPDataError as error:
            self._begin_anew(smtp)
            return _content(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            why = f"The connection broke while the message was handed over: {error}"
            return Uncertain("connection_lost", why, provider_fault=True)
        if code == 250:
            return Accepted(text=told)
        self._begin_anew(smtp)
        return _content(code, answer)

    def _begin_anew(self, smtp: smtplib.SMTP) -> None:
        try:
            if smtp.rset()[0] != 250:
                self.close()
        except (smtplib.SMTPException, OSError):
            self.close()


def _envelope(smtp: smtplib.SMTP, sender: str, recipients: Sequence[str], size: int) -> tuple[Refused | None, str]:
    """Why the message cannot be handed over, if so, and which copies the server will not deliver."""
    smtp.ehlo_or_helo_if_needed()
    # Not smtp.mail and smtp.rcpt: they would take apart addresses that are bare and checked already (B6).
    told_size = f" size={size}" if smtp.does_esmtp and smtp.has_extn("size") else ""
    code, answer = smtp.docmd("MAIL", f"FROM:<{sender}>{told_size}")
    if code != 250:
        text = f"The mail server answered {code} to our sender address: {_words(answer)}"
        return Refused("mail_server_refused", text, permanent=code >= 500, provider_fault=code < 500), ""
    told = []
    for place, recipient in enumerate(recipients):
        code, answer = smtp.docmd("RCPT", f"TO:<{recipient}>")
        if code in (250, 251):
            continue
        text = f"The mail server refused {recipient}: {code} {_words(answer)}"
        if place == 0:  # 4xx is greylisting and full mailboxes: worth another try
            busy = code == 421
            gone = code in NO_SUCH_MAILBOX
            return Refused("address_refused", text, permanent=code >= 500, bounced=gone, provider_fault=busy), ""
        told.append(text)
    return None, " ".join(told)


def _content(code: int, answer: bytes | str) -> Refused:
    text = f"The mail server refused the message: {code} {_words(answer)}"
    return Refused("content_refused", text, permanent=code >= 500, provider_fault=code == 421)


def _away(error: Exception) -> Refused:
    return Refused("mail_server_away", f"The mail server could not be reached: {error}", provider_fault=True)


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
