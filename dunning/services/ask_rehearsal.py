"""Takes down that somebody wants a policy rehearsed. A worker replays it; nothing else changes by it."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from dunning.actions import REHEARSAL_ASKED
from dunning.models import Policy, Rehearsal
from dunning.queries.rehearsal import customers_to_rehearse

MOST_DAYS = 366
MOST_WITHIN = 60
MOST_WAITING = 3  # per person: each occupies a worker for minutes


@transaction.atomic
def ask_rehearsal(
    *,
    policy: Policy,
    against: Policy | None = None,
    first: date,
    last: date,
    today: date,
    within: int = 3,
    as_known: bool = False,
    actor: AbstractBaseUser,
) -> Rehearsal:
    """The waiting rehearsal from `first` to `last`, both inclusive; `against` is replayed over the same customers.

    Raises BadInput for days out of order, in the future or too many, and for two policies of different entities,
    Conflict while three of this person wait already."""
    check_days(first=first, last=last, today=today, within=within)
    if against is not None and (against.pk == policy.pk or against.entity_id != policy.entity_id):
        sentence = "Compare with another policy of the same legal entity: both are replayed over the same customers."
        raise BadInput(sentence, code="not_comparable", fields={"against": sentence})
    if Rehearsal.objects.filter(asked_by_id=actor.pk, state=Rehearsal.State.WAITING).count() >= MOST_WAITING:
        raise Conflict(
            f"{MOST_WAITING} of your rehearsals wait already. Ask again when one is done.", code="rehearsals_waiting"
        )
    asked = Rehearsal.objects.create(
        policy=policy, against=against, first_on=first, last_on=last, within_days=within, as_known=as_known,
        customers=customers_to_rehearse(policy, first=first, last=last), asked_by_id=actor.pk,
    )  # fmt: skip
    record(
        REHEARSAL_ASKED, asked, actor=actor, policy=policy.code, against=against.code if against else "", first=first,
        last=last, within=within, as_known=as_known,
    )  # fmt: skip
    return asked


def check_days(*, first: date, last: date, today: date, within: int) -> None:
    """Nothing; raises BadInput when these days cannot be rehearsed."""
    sentence = ""
    if last < first:
        sentence = "The last day lies before the first one. Swap them."
    elif last > today:
        sentence = "A rehearsal replays what has happened. Choose a last day up to today."
    elif (last - first).days >= MOST_DAYS:
        sentence = f"Choose at most {MOST_DAYS} days."
    if sentence:
        raise BadInput(sentence, code="bad_days", fields={"last": sentence})
    if not 0 <= within <= MOST_WITHIN:
        sentence = f"Choose between 0 and {MOST_WITHIN} days."
        raise BadInput(sentence, code="bad_within", fields={"within": sentence})
