"""Reads what the demo's mail catcher kept. Files only: no database, nothing is changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings

_NAME = re.compile(r"\d{20}-\d+-\d+")


@dataclass(frozen=True, slots=True)
class CaughtAttachment:
    """A file that came with a message; `position` is its place among the attachments, from 0."""

    position: int
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """One message as the receiver would see it."""

    key: str
    caught_at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[CaughtAttachment, ...]


def kept_in() -> Path:
    """Where the catcher keeps its files."""
    return Path(settings.ENV.home) / "mailbox"


def newest(*, to: str = "", limit: int = 100, folder: Path | None = None) -> list[CaughtMail]:
    """The newest messages, newest first; with `to`, those whose receiver or subject contains the words."""
    found = []
    for path in sorted((folder or kept_in()).glob("*.eml"), reverse=True):
        mail = _read(path)
        if not to or to.lower() in f"{mail.to} {mail.subject}".lower():
            found.append(mail)
        if len(found) == limit:
            break
    return found


def read(key: str) -> CaughtMail | None:
    """The message of that key, or None; keys that are no file names of the catcher find nothing."""
    if not _NAME.fullmatch(key):
        return None
    path = kept_in() / f"{key}.eml"
    return _read(path) if path.is_file() else None


def count() -> int:
    """How many messages lie in the mailbox."""
    return sum(1 for _ in kept_in().glob("*.eml"))


def _read(path: Path) -> CaughtMail:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    return CaughtMail(
        key=path.stem,
        caught_at=datetime.fromtimestamp(int(path.stem.split("-")[0]) / 1_000_000_000, UTC),
        sender=str(message["from"] or ""),
        to=str(message["to"] or ""),
        subject=str(message["subject"] or "").strip(),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(_attachments(message)),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def _attachments(message: EmailMessage) -> Iterator[CaughtAttachment]:
    for position, part in enumerate(message.iter_attachments()):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield CaughtAttachment(
                position, part.get_filename() or f"attachment {position + 1}", part.get_content_type(), content
            )
