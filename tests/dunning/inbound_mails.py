"""Mails as they come in, for tests: plain ones, replies, automatic replies, delivery reports."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday


def mail(
    text: str,
    *,
    sender: str = "Pat Payable <pat@payer.example>",
    subject: str = "Re: Your invoice",
    message_id: str = "<m1@payer.example>",
    answers: str = "",
    at: datetime = NOW,
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of a mail a person wrote; `answers` is the id of a mail of ours, without brackets."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "receivables@nordwind.example", subject
    made["Message-ID"], made["Date"] = message_id, format_datetime(at)
    if answers:
        made["In-Reply-To"] = f"<{answers}>"
    for name, value in (headers or {}).items():
        made[name] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return bytes(made)


def with_file(raw_text: str, name: str, content: bytes, **facts: str) -> bytes:
    """A mail with one attachment."""
    made = EmailMessage()
    made["From"], made["Subject"] = facts.get("sender", "pat@payer.example"), "With a file"
    made["Message-ID"] = facts.get("message_id", "<f1@payer.example>")
    made.set_content(raw_text)
    made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(made)


def bounce(*, of: str, recipient: str, status: str = "5.1.1", why: str = "smtp; 550 5.1.1 no such user") -> bytes:
    """A delivery report (RFC 3464) about our mail with the id `of`."""
    return (
        "From: MAILER-DAEMON@mx.payer.example\r\nTo: receivables@nordwind.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn1@mx.payer.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.payer.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\nDiagnostic-Code: {why}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{of}>\r\nSubject: Reminder\r\n\r\n--b--\r\n"
    ).encode()


def complaint(*, of: str, recipient: str = "") -> bytes:
    """A complaint (RFC 5965) about our mail with the id `of`; without a recipient it is hidden, as many are."""
    named = f"Original-Rcpt-To: {recipient}\r\n" if recipient else ""
    return (
        "From: complaints@bigmail.example\r\nSubject: Abuse report\r\nMessage-ID: <arf1@bigmail.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
        f"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n{named}\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{of}>\r\n\r\nText\r\n\r\n--b--\r\n"
    ).encode()
