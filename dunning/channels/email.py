"""Reminders by e-mail, through the house's one mail door."""

from customers.channels.email import send_email
from customers.channels.parcel import Outcome, Parcel
from dunning.channels.base import Message


class EmailChannel:
    """Hands the message to the configured mail server or provider."""

    code = "email"
    label = "E-mail"
    needs = "email"
    written = True
    prints = False

    def deliver(self, message: Message) -> Outcome:
        """What the mail server answered."""
        return send_email(
            Parcel(
                to=message.to,
                subject=message.subject,
                text=message.text,
                html=message.html,
                sender=message.sender,
                message_id=message.message_id,
                reply_to=message.reply_to,
            )
        )
