"""Takes in what a payer says a payment is for. It pays nothing: matching reads it when the money is there."""

import hashlib
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from customers.models import Customer
from customers.services.start_import import shown_name
from invoices.actions import REMITTANCE_ADVICE_READ
from invoices.models import BankLine, RemittanceAdvice, RemittanceItem
from invoices.remittance_formats import read_advice
from invoices.rules.problem_lists import listed


@transaction.atomic
def read_remittance_advice(
    *,
    name: str,
    content: bytes,
    currency: str,
    customer: Customer | None = None,
    paid_on: date | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> RemittanceAdvice:
    """The advice with its items, `total` their sum; the earlier row when the same file was read before.

    `currency` counts where the file names none. Raises BadInput with what to do when nothing of it can be used; what
    cannot be read of a usable file is listed in `problems`."""
    digest = hashlib.sha256(content).hexdigest()
    known = RemittanceAdvice.objects.filter(digest=digest).first()
    if known is not None:
        return known
    read = read_advice(content, name=name, currency=currency)
    advice = RemittanceAdvice.objects.create(
        customer=customer, name=shown_name(name), digest=digest, currency=read.currency, total=read.total,
        paid_on=paid_on, uploaded_by_id=None if actor is None else actor.pk,
        problems=listed((each.position, each.sentence) for each in read.problems),
    )  # fmt: skip
    RemittanceItem.objects.bulk_create(
        RemittanceItem(advice=advice, position=item.position, number=item.number, amount=item.amount,
                       deduction=item.deduction, text=item.text)
        for item in read.items
    )  # fmt: skip
    # A line over this sum may be waiting already: it is matched again, now that somebody says what it is for.
    BankLine.objects.filter(state=BankLine.State.WAITING, amount=read.total, currency=read.currency).update(
        matched_at=None
    )
    record(
        REMITTANCE_ADVICE_READ, advice, actor=actor, by=by, file=advice.name, digest=digest, items=len(read.items),
        problems=len(read.problems), total=read.total, currency=read.currency,
    )  # fmt: skip
    return advice
