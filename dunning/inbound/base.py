"""What a way in is: the contract of every adapter in this room. Holds no logic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest


class MailboxAway(Exception):
    """The mailbox could not be read now. Its text is a sentence for people; the next look tries again."""


class NotAuthentic(Exception):
    """Whoever called did not prove to be the provider."""


class Unreadable(Exception):
    """What the provider sent cannot be understood."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a mailbox was read: mails up to `last_uid` are known, as the server numbered them under `validity`."""

    validity: str = ""
    last_uid: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """Mails with their numbers, rising, the numbers' validity, and how far the box was read where nothing was new."""

    validity: str
    mails: Sequence[tuple[int, bytes]]
    last_uid: int


class Mailbox(Protocol):
    """A mailbox that is asked now and then. Made once per process, without arguments; `polls` is True.

    `account` names it for people and for good; "" when it is not configured."""

    code: str
    polls: bool

    @property
    def account(self) -> str:
        """Such as "imap:receivables@example.com"."""
        ...

    def fetch(self, mark: Mark, *, most: int) -> Fetched:
        """At most so many mails after the mark, the oldest first. Changes nothing in the mailbox, marks nothing as
        read. Raises MailboxAway."""
        ...


class Webhook(Protocol):
    """A provider that calls when a mail came. Made once per process, without arguments; `polls` is False."""

    code: str
    polls: bool

    def read(self, request: HttpRequest, provider: str) -> Sequence[bytes]:
        """The mails in this call. Raises NotAuthentic before anything is parsed unless the caller knows the secret,
        and Unreadable for what is no mail."""
        ...
