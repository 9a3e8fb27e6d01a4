"""What a channel is: the contract of every adapter in this room, and the message it is handed."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from customers.channels.parcel import Outcome


@dataclass(frozen=True, slots=True)
class Message:
    """A composed notice, complete. `html` is the mail or the letter; `pdf` is only there for channels that print.

    `link` is the payer's address in `text` and `html`, `facts` what a machine may want to know, `copies` who else gets
    it, and `redirect_to` the box it goes to in test mode instead of to the customer."""

    to: str
    subject: str
    text: str
    html: str
    sender: str
    reply_to: str
    message_id: str
    pdf: bytes = b""
    copies: tuple[str, ...] = ()
    redirect_to: str | None = None
    language: str = ""
    link: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


Line = Callable[[Message], Outcome]


class Channel(Protocol):
    """One way to reach a customer. Made once per process, without arguments.

    `code` is stored on steps and notices and never changes; `label` is shown. `needs` says what the customer must have
    ("email", "mobile", "address" or ""); without it a call task takes the notice's place (R19). `written` says that
    there are words from a template, `prints` that a PDF is made and kept before `deliver` is called, `touches` that it
    reaches a person of the customer and counts in the contact budget (D41), `leaves` that something goes out of the
    house, so that test mode and allow-list apply."""

    code: str
    label: str
    needs: str
    written: bool
    prints: bool
    touches: bool
    leaves: bool

    def deliver(self, message: Message) -> Outcome:
        """What came of handing the message over. Called at most once per claim, outside any transaction, after the
        notice was marked as sending. Must not write to the database, must not try twice, and must answer `Refused` only
        when the message certainly did not leave."""
        ...

    def open(self) -> AbstractContextManager[Line]:
        """A way to `deliver` many messages over one connection, for one thread."""
        ...
