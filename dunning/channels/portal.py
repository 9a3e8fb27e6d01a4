"""Reminders the payer reads on the own pay page. Nothing is sent: the notice itself is the message shown there."""

from contextlib import AbstractContextManager, nullcontext

from customers.channels.parcel import Accepted, Outcome
from dunning.channels.base import Line, Message


class PortalChannel:
    """The message stands on the payer's page from the moment it is recorded."""

    code = "portal"
    label = "Message on the pay page"
    needs = ""
    written = True
    prints = False
    touches = True
    leaves = True

    def deliver(self, message: Message) -> Outcome:
        """Accepted: the pay page shows it."""
        return Accepted()

    def open(self) -> AbstractContextManager[Line]:
        """Nothing has to be kept open."""
        return nullcontext(self.deliver)
