"""Merges one customer into another: from a day on, two accounts are one. Documents stay as they were made out."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from customers.actions import CUSTOMERS_MERGED
from customers.changes import announce
from customers.models import Customer, CustomerMerge


@transaction.atomic
def merge_customers(
    *,
    absorbed: Customer,
    survivor: Customer,
    merged_on: date,
    on: date,
    reason: str,
    actor: AbstractBaseUser | None,
    by: str = "",
) -> CustomerMerge:
    """The merge: from `merged_on`, inclusive, the account of `survivor` holds what `absorbed` owes. What `absorbed` had
    taken in before goes along. There is no way back: it would rewrite days that were reported.

    `on` is today. Raises BadInput for the same customer twice, two legal entities, a missing reason, a day to come, or
    one before an earlier merge of either; Conflict when one was merged into another customer meanwhile."""
    if absorbed.pk == survivor.pk:
        raise BadInput("Choose two different customers.", code="same_customer")
    if not reason.strip():
        raise BadInput("Say why the two are one customer.", code="no_reason", fields={"reason": "Enter a reason."})
    if merged_on > on:
        sentence = f"A merge takes effect at once or looks back. Choose {format_date(on)} or an earlier day."
        raise BadInput(sentence, code="merge_to_come", fields={"merged_on": sentence})
    ids = [absorbed.pk, survivor.pk]
    locked = {c.pk: c for c in Customer.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    gone, stays = locked[absorbed.pk], locked[survivor.pk]
    for each in (gone, stays):
        if each.merged_into_id is not None:
            raise Conflict(f"Customer {each.number} was merged into another one already. Reload the page.")
    if gone.entity_id != stays.entity_id:
        raise BadInput(
            "The two are looked after by different legal entities. Move one of them to the other's entity first.",
            code="other_entity",
        )
    last = CustomerMerge.objects.filter(Q(survivor__in=ids)).order_by("-merged_on").first()
    if last is not None and merged_on < last.merged_on:
        sentence = f"An earlier merge took effect on {format_date(last.merged_on)}. Choose that day or a later one."
        raise BadInput(sentence, code="merge_too_early", fields={"merged_on": sentence})
    moved = [gone, *Customer.objects.select_for_update(no_key=True).filter(merged_into=gone).order_by("pk")]
    rows = CustomerMerge.objects.bulk_create(
        CustomerMerge(
            absorbed=each, survivor=stays, merged_on=merged_on, reason=reason.strip(),
            recorded_by_id=None if actor is None else actor.pk,
        )
        for each in moved
    )  # fmt: skip
    Customer.objects.filter(pk__in=[each.pk for each in moved]).update(merged_into=stays)
    record(
        CUSTOMERS_MERGED, gone, actor=actor, by=by, into=stays.pk, number=gone.number, merged_on=merged_on,
        reason=reason.strip(),
    )  # fmt: skip
    announce([each.pk for each in moved] + [stays.pk])
    return rows[0]
