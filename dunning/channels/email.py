"""Reminders by e-mail, through the house's one mail door."""

from collections.abc import Iterator
from contextlib import contextmanager

from customers.channels.email import MailDoor
from customers.channels.parcel import Outcome, Parcel
from dunning.channels.base import Line, Message


class EmailChannel:
    """Hands the message to the configured mail server or provider."""

    code = "email"
    label = "E-mail"
    needs = "email"
    written = True
    prints = False
    touches = True
    leaves = True

    def deliver(self, message: Message) -> Outcome:
        """What the mail server answered, on a connection of its own."""
        with self.open() as line:
            return line(message)

    @contextmanager
    def open(self) -> Iterator[Line]:
        """A connection for many mails."""
        with MailDoor() as door:
            yield lambda message: door.send(_parcel(message))


def _parcel(message: Message) -> Parcel:
    return Parcel(
        to=message.to,
        subject=message.subject,
        text=message.text,
        html=message.html,
        sender=message.sender,
        message_id=message.message_id,
        reply_to=message.reply_to,
        cc=message.copies,
        headers={"Content-Language": message.language} if message.language else {},
        redirect_to=message.redirect_to,
    )
