"""Approves proposed notices, by set: from then on they go out by themselves, each looked at again first."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import BadInput, Conflict
from customers.models import DeliveryState
from dunning.actions import NOTICE_APPROVED
from dunning.models import Notice, Run
from dunning.queries.people import send_windows
from dunning.rules.timing import send_at
from dunning.services.approve_rehearsal import approve_rehearsal


@transaction.atomic
def approve_notices(
    *, run: Run, notice_ids: Collection[int] | None, actor: AbstractBaseUser, now: datetime, any_hour: bool = False
) -> int:
    """How many were approved: those named that are still proposed in this run, or all of them for None.

    Each leaves in the customer's next send window, and not before the policy's minutes to undo are over; `any_hour`
    says that no customer's clock matters. The first approval also lets the policy send by itself (U71). Raises Conflict
    where the run is not prepared yet or a dry one, BadInput where nothing was chosen."""
    if run.is_dry:
        raise Conflict("Nothing can be sent from a dry run. Start a run of the day.", code="run_is_dry")
    if run.state != Run.State.PREPARED:
        raise Conflict("This run is still being prepared. Approve it when it is complete.", code="run_not_prepared")
    if notice_ids is not None and not notice_ids:
        raise BadInput("Choose at least one notice to approve.", code="nothing_chosen")
    rows = Notice.objects.select_for_update(of=("self",)).filter(run=run, state=DeliveryState.PROPOSED).order_by("pk")
    chosen = list(rows if notice_ids is None else rows.filter(pk__in=notice_ids))
    by_customer: defaultdict[int, list[int]] = defaultdict(list)
    for row in chosen:
        by_customer[row.customer_id].append(row.pk)
    for (time_zone, region), customer_ids in send_windows(by_customer).items():
        pks = [pk for customer_id in customer_ids for pk in by_customer[customer_id]]
        due_at = now + timedelta(minutes=run.policy.hold_minutes)
        if not any_hour:
            due_at = send_at(
                on=run.as_of, now=due_at, send_hour=run.policy.send_hour, until_hour=run.policy.send_until_hour,
                time_zone=time_zone, region=region,
            )  # fmt: skip
        Notice.objects.filter(pk__in=pks, state=DeliveryState.PROPOSED).update(
            state=DeliveryState.APPROVED, approved_by_id=actor.pk, approved_at=now, due_at=due_at
        )
    facts = [
        Fact(Notice._meta.label_lower, row.pk, row.customer_id, {"amount": row.amount, "currency": row.currency})
        for row in chosen
    ]
    record_set(NOTICE_APPROVED, facts, actor=actor)
    if chosen:
        approve_rehearsal(run=run, actor=actor, now=now)
    return len(chosen)
