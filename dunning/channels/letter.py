"""Reminders as PDF letters, kept for printing and posting by people of the house."""

from customers.channels.parcel import Accepted, Outcome, Refused
from dunning.channels.base import Message


class LetterChannel:
    """The letter lies ready in the run's batch; posting it is work for hands."""

    code = "letter"
    label = "Letter (PDF)"
    needs = "address"
    written = True
    prints = True

    def deliver(self, message: Message) -> Outcome:
        """Accepted once there is a PDF to print."""
        if not message.pdf:
            return Refused("no_pdf", "There is no PDF of this letter.", permanent=True)
        return Accepted()
