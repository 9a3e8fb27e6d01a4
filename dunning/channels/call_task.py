"""Reminders by telephone: the notice is a task, and the worklist shows it to whoever looks after the customer."""

from contextlib import AbstractContextManager, nullcontext

from customers.channels.parcel import Accepted, Outcome
from dunning.channels.base import Line, Message


class CallTaskChannel:
    """Nothing leaves the house; the task stands as soon as it is recorded."""

    code = "call_task"
    label = "Call"
    needs = ""
    written = False
    prints = False
    touches = False
    leaves = False

    def deliver(self, message: Message) -> Outcome:
        """Accepted: the task is on the list."""
        return Accepted()

    def open(self) -> AbstractContextManager[Line]:
        """Nothing has to be kept open."""
        return nullcontext(self.deliver)
