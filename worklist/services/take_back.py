"""Takes back one action by its token: only by the person who did it, soon, once, and if nobody changed it since."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import Conflict
from customers.changes import announce
from customers.models import Customer
from customers.services.note_contact import take_back_contact
from dunning.models import InboundMessage, OwnMessage
from dunning.services.reopen_message import reopen_message
from dunning.services.withdraw_message import withdraw_message
from invoices.models import DisputeCase, PaymentPlan, Promise
from invoices.services.end_plan import end_plan
from invoices.services.finish_case import finish_case
from invoices.services.take_back_promise import take_back_promise
from worklist.actions import TAKEN_BACK
from worklist.models import Activity, PlaybookCheck, Undo, WorklistItem
from worklist.queries.team import stand_ins
from worklist.services.keep_draft import keep_draft
from worklist.services.withdraw_escalation import withdraw_escalation

_CHANGED = "Somebody changed this since, so it was not taken back. Open the account to see how it stands."


@transaction.atomic
def take_back(*, undo: Undo, on: date, actor: User) -> Undo:
    """The used token. Raises Conflict, changing nothing, when it was used, is too old, or the row changed (D89)."""
    won = Undo.objects.filter(pk=undo.pk, user=actor, used_at=None, expires_at__gt=timezone.now()).update(
        used_at=timezone.now()
    )
    if not won:
        raise Conflict("It is too late to take this back, or it was taken back already.", code="undo_over")
    Customer.objects.select_for_update(no_key=True).get(pk=undo.customer_id)
    _WAYS[undo.action](undo, on, actor)
    done = undo.before["before"]
    if "done_on" in done:
        # A colleague who worked the account since did so, whatever is taken back here.
        worked = WorklistItem.objects.filter(pk=undo.customer_id, done_by=actor)
        worked.update(done_on=done["done_on"], done_by=done["done_by"])
    if done.get("ticks"):
        PlaybookCheck.objects.filter(pk__in=done["ticks"], undone_at=None).update(undone_at=timezone.now())
    fact = Fact("customers.customer", undo.customer_id, undo.customer_id, {"action": undo.action})
    record_set(TAKEN_BACK, [fact], actor=actor)
    announce([undo.customer_id])
    undo.refresh_from_db()
    return undo


def _activity(undo: Undo, on: date, actor: User) -> None:
    text = undo.before["after"]["text"]
    won = Activity.objects.filter(pk=undo.target_id, by=actor, undone_at=None, text=text).update(
        undone_at=timezone.now(), replaces=None
    )
    _check(bool(won))
    take_back_contact(source=f"activity:{undo.target_id}", now=timezone.now())


def _snooze(undo: Undo, on: date, actor: User) -> None:
    before, after = undo.before["before"], undo.before["after"]
    won = WorklistItem.objects.filter(
        pk=undo.customer_id, snoozed_until=after["until"], snooze_reason=after["reason"], snoozed_by=actor
    ).update(snoozed_until=before["until"], snooze_reason=before["reason"], snoozed_by=before["by"])
    _check(bool(won))
    Activity.objects.filter(pk=undo.target_id).update(undone_at=timezone.now())


def _pin(undo: Undo, on: date, actor: User) -> None:
    before, after = undo.before["before"], undo.before["after"]
    won = WorklistItem.objects.filter(
        pk=undo.customer_id, pinned=after["pinned"], pinned_until=after["until"], pin_reason=after["reason"],
        pinned_by=after["by"],
    ).update(
        pinned=before["pinned"], pinned_until=before["until"], pin_reason=before["reason"], pinned_by=before["by"]
    )  # fmt: skip
    _check(bool(won))
    snoozed = before["snooze"]  # a pin ended it
    WorklistItem.objects.filter(pk=undo.customer_id, snoozed_until=None).update(
        snoozed_until=snoozed["until"], snooze_reason=snoozed["reason"], snoozed_by=snoozed["by"]
    )
    Activity.objects.filter(pk=undo.target_id).update(undone_at=timezone.now())


def _assign(undo: Undo, on: date, actor: User) -> None:
    before, after = undo.before["before"], undo.before["after"]
    won = Customer.objects.filter(pk=undo.customer_id, collector=after["collector"]).update(
        collector=before["collector"]
    )
    _check(bool(won))
    analyst = stand_ins(on).get(before["collector"], before["collector"])
    WorklistItem.objects.filter(pk=undo.customer_id).update(collector=before["collector"], analyst=analyst)
    Activity.objects.filter(pk=undo.target_id).update(undone_at=timezone.now())


def _promise(undo: Undo, on: date, actor: User) -> None:
    if undo.before["after"].get("plan"):
        plan = PaymentPlan.objects.select_related("customer").get(pk=undo.target_id)
        _check(plan.state in (PaymentPlan.State.PROPOSED, PaymentPlan.State.ACTIVE))
        end_plan(plan=plan, on=on, why="Recorded by mistake.", actor=actor)
        return
    promise = Promise.objects.get(pk=undo.target_id)
    _check(promise.state == Promise.State.OPEN)
    take_back_promise(promise=promise, on=on, actor=actor)


def _dispute(undo: Undo, on: date, actor: User) -> None:
    case = DisputeCase.objects.get(pk=undo.target_id)
    _check(case.stage == DisputeCase.Stage.NEW and case.version == 1)
    finish_case(
        case=case, outcome=DisputeCase.Outcome.WITHDRAWN, resolution="Recorded by mistake.", on=on, actor=actor
    )  # fmt: skip


def _check(unchanged: bool) -> None:
    if not unchanged:
        raise Conflict(_CHANGED, code="undo_changed")


def _escalation(undo: Undo, on: date, actor: User) -> None:
    withdraw_escalation(escalation_id=undo.target_id, actor=actor)


def _mail(undo: Undo, on: date, actor: User) -> None:
    """The mail does not leave; what was typed waits on the desk again, and the message it answers in the list."""
    now, after = timezone.now(), undo.before["after"]
    withdraw_message(message=OwnMessage.objects.get(pk=undo.target_id), actor=actor, now=now)
    keep_draft(user=actor, key=after["key"], data=after["draft"], customer=undo.customer)
    settled = undo.before["before"].get("settled")
    answered = InboundMessage.objects.filter(pk=settled, state=InboundMessage.State.DONE, settled_by=actor).first()
    if answered is not None:
        reopen_message(message=answered, actor=actor)


_WAYS: dict[str, Callable[[Undo, date, Any], None]] = {
    "call": _activity,
    "mail": _mail,
    "note": _activity,
    "snooze": _snooze,
    "pin": _pin,
    "assign": _assign,
    "escalate": _escalation,
    "promise": _promise,
    "dispute": _dispute,
}
