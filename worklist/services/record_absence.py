"""Writes down that somebody is away and who stands in, and hands the lists over at once where it begins by today."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput
from customers.models import Customer
from worklist.actions import ABSENCE_KEPT
from worklist.models import Absence, Notification
from worklist.services.hand_lists import hand_lists
from worklist.services.notify import notify


@transaction.atomic
def record_absence(
    *, user: User, substitute: User | None, starts_on: date, ends_on: date, on: date, actor: User
) -> Absence:
    """The absence, both days included. The substitute is told. Raises BadInput for days out of order or over already,
    for somebody standing in for themselves or without access to all their accounts, and for an absence that overlaps
    another one of the same person."""
    if ends_on < starts_on:
        _refuse("ends_on", f"The last day lies before the first one. Choose {format_date(starts_on)} or later.")
    if ends_on < on:
        _refuse("ends_on", f"These days are over. Choose {format_date(on)} or later.")
    if substitute is not None and substitute.pk == user.pk:
        _refuse("substitute", "Nobody stands in for themselves. Choose somebody else, or nobody.")
    if substitute is not None and _would_be_hidden(user, substitute):
        told = (
            f"{substitute} may not see all accounts of {user}: those would be on nobody's list. Choose somebody else."
        )
        _refuse("substitute", told)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    overlapping = Absence.objects.filter(user=user, starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if overlapping is not None:
        days = f"{format_date(overlapping.starts_on)} to {format_date(overlapping.ends_on)}"
        _refuse("starts_on", f"{user} is away from {days} already. End that absence first, or choose other days.")
    absence = Absence.objects.create(
        user=user, substitute=substitute, starts_on=starts_on, ends_on=ends_on, recorded_by=actor
    )
    record(ABSENCE_KEPT, absence, actor=actor, user=user.pk, substitute=substitute and substitute.pk,
           starts_on=starts_on, ends_on=ends_on)  # fmt: skip
    if substitute is not None and substitute.pk != actor.pk:
        text = f"You stand in for {user} from {format_date(starts_on)} to {format_date(ends_on)}."
        notify(users=[substitute], kind=Notification.Kind.ASSIGNED, text=text, url="/worklist/?who=mine",
               source=f"absence:{absence.pk}")  # fmt: skip
    hand_lists(on=on)
    return absence


def _would_be_hidden(user: User, substitute: User) -> bool:
    """Whether the person has accounts of teams that the substitute is not in."""
    theirs = Customer.objects.filter(collector=user, merged_into=None)
    seen = Q(entity__team__in=substitute.teams.all())
    return not substitute.may(Capability.SEE_ALL_TEAMS) and theirs.exclude(seen).exists()


def _refuse(field: str, sentence: str) -> None:
    raise BadInput(sentence, code="wrong_absence", fields={field: sentence})
