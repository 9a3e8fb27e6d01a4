"""The kept decisions: what runs decided about accounts, searched by customer, reason and day. Reads only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from customers.models import Customer
from dunning.models import DecisionRecord
from dunning.rules.sentences import LABELS, sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; empty values narrow nothing. Days inclusive."""

    customer: str = ""
    code: str = ""
    since: date | None = None
    until: date | None = None


def kept_decisions(asked: Asked, *, among: QuerySet[Customer]) -> QuerySet[DecisionRecord]:
    """The decisions about these customers that fit, with their customer and run; in no order yet."""
    rows = DecisionRecord.objects.filter(customer__in=among).select_related("customer", "run")
    if asked.customer:
        named = Q(customer__number__iexact=asked.customer) | Q(customer__name__icontains=asked.customer)
        rows = rows.filter(named)
    if asked.code:
        rows = rows.filter(code=asked.code)
    if asked.since:
        rows = rows.filter(as_of__gte=asked.since)
    if asked.until:
        rows = rows.filter(as_of__lte=asked.until)
    return rows


def told(record: DecisionRecord) -> str:
    """The decision in words, from the facts that were kept with it."""
    if record.code not in LABELS:  # a code of an older program
        return record.code.replace("_", " ").capitalize() + "."
    try:
        return sentence(record.code, record.facts, record.currency)
    except (KeyError, ValueError, TypeError, ArithmeticError):  # facts of an older program lack what is told today
        return f"{LABELS[record.code]}."
