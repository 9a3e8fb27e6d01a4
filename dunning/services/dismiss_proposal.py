"""Says that the rules read a sentence wrongly, or that nothing follows from it."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from dunning.actions import PROPOSAL_DISMISSED
from dunning.models import MessageProposal


@transaction.atomic
def dismiss_proposal(*, proposal: MessageProposal, actor: AbstractBaseUser) -> MessageProposal:
    """The proposal, now dismissed. Raises Conflict when it was decided meanwhile."""
    moved = MessageProposal.objects.filter(pk=proposal.pk, state=MessageProposal.State.OPEN).update(
        state=MessageProposal.State.DISMISSED, decided_at=timezone.now(), decided_by=actor.pk
    )
    if not moved:
        raise Conflict("Somebody decided this meanwhile. Look at the message again.", code="proposal_decided")
    proposal.refresh_from_db()
    record(
        PROPOSAL_DISMISSED, proposal, actor=actor, customer_id=proposal.message.customer_id, kind=proposal.kind,
        sentence=proposal.sentence,
    )  # fmt: skip
    return proposal
