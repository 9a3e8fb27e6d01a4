"""Reminders as PDF letters, kept for printing and posting by people of the house."""

from contextlib import AbstractContextManager, nullcontext

from customers.channels.parcel import Accepted, Outcome, Refused
from dunning.channels.base import Line, Message


class LetterChannel:
    """The letter lies ready in the run's batch; posting it is work for hands."""

    code = "letter"
    label = "Letter (PDF)"
    needs = "address"
    written = True
    prints = True
    touches = True
    leaves = True

    def deliver(self, message: Message) -> Outcome:
        """Accepted once there is a PDF to print."""
        if not message.pdf:
            return Refused("no_pdf", "There is no PDF of this letter.", permanent=True)
        return Accepted()

    def open(self) -> AbstractContextManager[Line]:
        """Nothing has to be kept open."""
        return nullcontext(self.deliver)
