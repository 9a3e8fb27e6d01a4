"""Reminders by telephone: the notice is a task, and the worklist shows it to whoever looks after the customer."""

from customers.channels.parcel import Accepted, Outcome
from dunning.channels.base import Message


class CallTaskChannel:
    """Nothing leaves the house; the task stands as soon as it is recorded."""

    code = "call_task"
    label = "Call"
    needs = ""
    written = False
    prints = False

    def deliver(self, message: Message) -> Outcome:
        """Accepted: the task is on the list."""
        return Accepted()
