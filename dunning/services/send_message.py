"""Puts a mail by hand into the queue. It leaves a few seconds later, so that it can be taken back (U8);
`deliver_messages` looks at the facts once more before it does."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.models import DeliveryState
from dunning.actions import MESSAGE_WRITTEN
from dunning.models import OwnMessage, OwnMessageItem
from dunning.rules.own_message import BLOCKS, unanswered
from dunning.services.compose_message import MOST_PDFS
from dunning.services.withdraw_message import WITHDRAWN
from dunning.services.write_message import WrittenMessage

# The message that offers to take it back shows for twelve seconds.
SEND_DELAY = timedelta(seconds=15)
# What was paid or changed is counted anew at the last look, so nobody can say yes to it beforehand.
_NEVER_KEPT = frozenset({"paid", "stopped"})
TAKEN_BACK, OTHERWISE = "sent_and_withdrawn", "sent_otherwise"
_WORDS = ("to_address", "written_subject", "written_body")


@transaction.atomic
def send_message(*, written: WrittenMessage, accepted: Collection[str], now: datetime) -> OwnMessage:
    """The queued mail, due `SEND_DELAY` after `now`, which is real time; the one that is queued already where the same
    form was sent before.

    Raises BadInput where its words are not right, and Conflict where something speaks against it that the writer has
    not accepted: the codes of what was shown and answered are `accepted`. Conflict, too, where the form's first mail
    was taken back ('sent_and_withdrawn') or says something else ('sent_otherwise'): it needs a token of its own."""
    message = written.message
    if (before := _sent_before(message)) is not None:
        return before
    _check(written, accepted)
    message.state, message.due_at = DeliveryState.APPROVED, now + SEND_DELAY
    message.approved_by, message.approved_at = message.written_by, now
    codes = {one.code for one in written.findings}
    message.accepted_warnings = sorted(set(accepted) & codes - _NEVER_KEPT)
    message.message_id = f"own.{uuid.uuid4().hex}@waiting"  # until it leaves; says whose upsert won
    OwnMessage.objects.bulk_create([message], ignore_conflicts=True)  # an upsert, so that two at once do not fail
    stored = _sent_before(message)
    assert stored is not None
    if stored.message_id != message.message_id:
        return stored
    for item in written.items:
        item.message = stored
    OwnMessageItem.objects.bulk_create(written.items)
    record(
        MESSAGE_WRITTEN, stored, actor=message.written_by, to=stored.to_address, about=stored.written_subject,
        accepted=stored.accepted_warnings,
    )  # fmt: skip
    announce([stored.customer_id])
    return stored


def _sent_before(message: OwnMessage) -> OwnMessage | None:
    """The mail that this very form made, if it was sent already. Raises Conflict where it is not the mail meant now."""
    found = OwnMessage.objects.select_related("customer").filter(token=message.token).first()
    if found and (found.written_by_id, found.customer_id) != (message.written_by_id, message.customer_id):
        raise Conflict("This form belongs to another mail. Open the composer again.", code="foreign_token")
    if found and found.reason == WITHDRAWN:
        raise Conflict("This mail was taken back. Press send once more if it is to leave after all.", code=TAKEN_BACK)
    if found and any(getattr(found, name) != getattr(message, name) for name in _WORDS):
        told = "Your words from before are on their way already. Take them back, or press send again for a second mail."
        raise Conflict(told, code=OTHERWISE)
    return found


def _check(written: WrittenMessage, accepted: Collection[str]) -> None:
    if not written.is_whole:
        sentence = written.problems[0].sentence if written.problems else written.problem
        raise BadInput(sentence, code="words_not_right", fields={"body": sentence})
    invoices = {item.invoice_id for item in written.items}
    if written.message.attaches_invoices and len(invoices) > MOST_PDFS:
        told = f"At most {MOST_PDFS} invoices go as PDFs with one mail. Send the statement of account instead."
        raise BadInput(told, code="too_many_files", fields={"attach": told})
    if len({claim.currency for claim in written.standing.claims}) > 1:
        told = "One mail asks in one currency. Choose invoices of one currency."
        raise BadInput(told, code="two_currencies", fields={"claims": told})
    blocked = next((one for one in written.findings if one.weight == BLOCKS), None)
    if blocked is not None:
        raise Conflict(blocked.sentence, code=blocked.code)
    if left := unanswered(written.findings, accepted):
        raise Conflict(left[0].sentence, code="not_accepted")
