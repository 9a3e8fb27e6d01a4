"""A plain mailbox, read by IMAP. It looks without touching: nothing is marked as read, moved or deleted."""

import imaplib
import re
import ssl
from contextlib import suppress
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from dunning.inbound.base import Fetched, MailboxAway, Mark

SECONDS = 30
LARGEST = 25 * 1024 * 1024  # of a larger mail only the beginning is fetched
BEGINNING = 256 * 1024
FIRST_DAYS = 3  # what is older when a mailbox is first looked at is history, not news
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


class ImapMailbox:
    """The mailbox of COLLECTIONS_INBOX_URL."""

    code = "imap"
    polls = True

    @property
    def account(self) -> str:
        """Its user, host and folder; "" when none is configured."""
        if not settings.INBOX_URL:
            return ""
        parts = urlsplit(settings.INBOX_URL)
        return f"imap:{unquote(parts.username or '')}@{parts.hostname}/{_folder()}"[:120]

    def fetch(self, mark: Mark, *, most: int) -> Fetched:
        """The mails after the mark."""
        try:
            connection = _connected()
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxAway(f"The mail server did not let us in: {_words(error)}") from None
        try:
            return _fetch(connection, mark, most)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise MailboxAway(f"The mail server broke off: {_words(error)}") from None
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()


def _connected() -> imaplib.IMAP4:
    parts = urlsplit(settings.INBOX_URL)
    host, trusted = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "imaps":
        connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=trusted, timeout=SECONDS)
    else:
        connection = imaplib.IMAP4(host, parts.port or 143, timeout=SECONDS)
        if host not in ("localhost", "127.0.0.1", "::1"):  # a password never travels in the open
            connection.starttls(ssl_context=trusted)
    connection.login(unquote(parts.username or ""), settings.INBOX_PASSWORD)
    return connection


def _fetch(connection: imaplib.IMAP4, mark: Mark, most: int) -> Fetched:
    status, _ = connection.select(f'"{_folder()}"', readonly=True)
    if status != "OK":
        raise ValueError(f"there is no folder {_folder()}")
    validity = _text(connection.response("UIDVALIDITY")[1][0])
    uids = _uids(connection, mark if mark.validity == validity else Mark())
    mails = []
    for uid in uids[:most]:
        raw = _mail(connection, uid)
        if raw:
            mails.append((uid, raw))
    read = uids[:most]
    known = mark.last_uid if mark.validity == validity else 0
    return Fetched(validity, mails, read[-1] if read else known)


def _uids(connection: imaplib.IMAP4, mark: Mark) -> list[int]:
    """The numbers after the mark, rising; without a mark those of the last days."""
    if mark.last_uid:
        found = connection.uid("SEARCH", f"UID {mark.last_uid + 1}:*")
    else:
        since = timezone.now() - timedelta(days=FIRST_DAYS)
        found = connection.uid("SEARCH", f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}")
    words = _text(found[1][0] if found[1] else b"").split()
    # "17:*" also means the last mail where there is none after it.
    return sorted(uid for word in words if word.isdecimal() and (uid := int(word)) > mark.last_uid)


def _mail(connection: imaplib.IMAP4, uid: int) -> bytes:
    """The mail, or its beginning when it is very large; nothing when it was deleted meanwhile."""
    told = _text(b" ".join(part for part in connection.uid("FETCH", str(uid), "(RFC822.SIZE)")[1] if part))
    size = re.search(r"RFC822\.SIZE (\d+)", told)
    large = size is not None and int(size[1]) > LARGEST
    wanted = f"(BODY.PEEK[]<0.{BEGINNING}>)" if large else "(BODY.PEEK[])"
    for part in connection.uid("FETCH", str(uid), wanted)[1]:
        if isinstance(part, tuple) and isinstance(part[1], bytes):
            return part[1]
    return b""


def _folder() -> str:
    path = unquote(urlsplit(settings.INBOX_URL).path.strip("/"))
    return re.sub(r'["\\\r\n]', "", path) or "INBOX"


def _text(found: object) -> str:
    return found.decode("ascii", "replace") if isinstance(found, bytes) else ""


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:150] or type(error).__name__
