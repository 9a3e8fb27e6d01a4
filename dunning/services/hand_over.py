"""Gives approved debts to an agency or a law firm: reminders stop, and the evidence bundle is asked for."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.changes import announce
from dunning.actions import HANDED_OVER
from dunning.models import Handover
from dunning.queries.handovers import items_of
from dunning.services.approve_handover import COLLECTED_BY_OTHERS, locked, refuse_alone, refuse_without_notice
from dunning.services.hold_items import hold_items

_WITH = {Handover.Kind.AGENCY: "With a collection agency", Handover.Kind.LEGAL: "With lawyers"}


@transaction.atomic
def hand_over(*, handover: Handover, on: date, recipient: str = "", actor: AbstractBaseUser) -> Handover:
    """The handover, handed over on that day; its bundle is put together by the next sweep.

    Raises Conflict when it is not approved, NotAllowed when the policy proposed it and one person alone decided over
    the limit, BadInput without a recipient or while the law wants a notice first."""
    found = locked(handover, Handover.State.APPROVED)
    if found.kind not in COLLECTED_BY_OTHERS:
        raise BadInput("Only an agency or a law firm can be handed something.", code="nobody_to_hand_to")
    found.recipient = (recipient or found.recipient).strip()[:200]
    if not found.recipient:
        sentence = "Name the agency or law firm."
        raise BadInput(sentence, code="recipient_missing", fields={"recipient": sentence})
    people = [pk for pk in (found.proposed_by_id, found.approved_by_id) if pk is not None]
    refuse_alone(found, before=people, actor=actor)
    refuse_without_notice(found, on=on)
    words = _WITH[Handover.Kind(found.kind)]
    hold_items(items=list(items_of(found)), reason=f"{words}: {found.recipient}", on=on, actor=actor)
    found.state, found.handed_over_on, found.handed_over_by_id = Handover.State.HANDED_OVER, on, actor.pk
    found.bundle_wanted_at = timezone.now()
    found.save()
    record(HANDED_OVER, found, actor=actor, kind=found.kind, recipient=found.recipient, amount=found.amount, on=on)
    announce([found.customer_id])
    return found
