"""Makes suggestions for the bank lines that are due: new ones, those whose facts changed, and all others once a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from customers.queries.clock import business_day
from invoices.models import BankLine
from invoices.services.suggest_matches import Matched, suggest_matches

MOST = 5000  # lines in one go; more wait for the next tick
AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Claim:
    """Lines that this worker took, and what to put back if it fails."""

    lines: list[BankLine]

    def give_back(self) -> None:
        BankLine.objects.filter(pk__in=[line.pk for line in self.lines]).update(matched_at=None)


def match_waiting_lines(*, now: datetime, limit: int = MOST) -> Matched:
    """What came of the lines that were due at `now`, at most `limit` of them.

    Lines are claimed first, so two workers never look at the same ones; if this one fails they are due again at once,
    and if it is killed, a day later."""
    claim = _claimed(now, limit)
    done = Matched()
    try:
        for _, rows in groupby(claim.lines, key=lambda line: line.account.entity_id):
            lines = list(rows)
            done += suggest_matches(lines=lines, on=business_day(lines[0].account.entity))
    except Exception:
        claim.give_back()
        raise
    return done


@transaction.atomic
def _claimed(now: datetime, limit: int) -> _Claim:
    due = BankLine.objects.filter(
        Q(matched_at__isnull=True) | Q(matched_at__lt=now - AGAIN_AFTER), state=BankLine.State.WAITING
    )
    rows = due.order_by("pk").select_for_update(skip_locked=True, no_key=True, of=("self",))
    lines = list(rows.select_related("account__entity")[:limit])
    BankLine.objects.filter(pk__in=[line.pk for line in lines]).update(matched_at=now)
    return _Claim(sorted(lines, key=lambda line: (line.account.entity_id, line.pk)))
