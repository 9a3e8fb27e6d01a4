"""Starts one attempt to pay, for exactly what is open at the click. No money moves here; see `hand_to_gateway`."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import Customer
from customers.queries.clock import business_day
from invoices.actions import PAY_SESSION_STARTED
from invoices.models import PayLink, PaySession, PaySessionItem
from invoices.queries.payable import PayableGroup, PayableItem, payable_groups
from invoices.rules.allocation import OpenDocument
from invoices.rules.pay_sessions import Choice, chosen_parts

# Two clicks and two tabs within this time are one attempt (D13).
SAME_ATTEMPT = timedelta(minutes=30)
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread on the phone


@transaction.atomic
def start_pay_session(
    *,
    link: PayLink,
    gateway: str,
    seen: Mapping[int, Decimal],
    now: datetime,
    amount: Decimal | None = None,
    locale: str = "en",
) -> PaySession:
    """The session to pay the invoices in `seen` (id -> what the payer's page showed as payable), or the one that the
    same click made moments ago.

    `amount` None pays all of it, less goes to the oldest due first. Raises Conflict ('amounts_changed') when something
    was paid, disputed away or started meanwhile; BadInput as `rules.pay_sessions.chosen_parts` does."""
    Customer.objects.select_for_update(no_key=True).get(pk=link.customer_id)
    groups = payable_groups(link, on=business_day(link.customer.entity), now=now)
    group = _group_of(groups, seen)
    items = {item.invoice.pk: item for item in group.items} if group else {}
    choices = [_choice(pk, items.get(pk), shown) for pk, shown in seen.items()]
    currency = group.currency if group else "EUR"  # without a group the choices are refused before it matters
    parts = chosen_parts(choices, amount=amount, currency=currency, locale=locale)
    if group is None:
        raise BadInput("Tick at least one invoice to pay.", code="nothing_chosen")
    return _same_attempt(link, gateway, group, parts, now) or _started(link, gateway, group, parts)


def _group_of(groups: Sequence[PayableGroup], seen: Mapping[int, Decimal]) -> PayableGroup | None:
    """The group of the first chosen invoice; invoices of another group then count as not payable here."""
    return next((group for group in groups if any(item.invoice.pk in seen for item in group.items)), None)


def _choice(pk: int, item: PayableItem | None, shown: Decimal) -> Choice:
    if item is None or not item.payable:
        # Paid meanwhile, or never the payer's: the same answer for both, and never equal to what was shown.
        nothing = OpenDocument(pk, datetime.min.date(), datetime.min.date(), Decimal(0))
        return Choice(nothing, "", shown or Decimal(-1))
    invoice = item.invoice
    return Choice(OpenDocument(pk, invoice.due_on, invoice.issued_on, item.payable), invoice.number, shown)


def _same_attempt(
    link: PayLink, gateway: str, group: PayableGroup, parts: Sequence[tuple[int, Decimal]], now: datetime
) -> PaySession | None:
    """The payer's untouched session over the very same parts. `now` is real time, as the rows' own stamps are."""
    recent = PaySession.objects.filter(
        pay_link=link,
        gateway=gateway,
        state=PaySession.State.CREATED,
        currency=group.currency,
        created_at__gt=now - SAME_ATTEMPT,
    )
    for session in recent.prefetch_related("items").order_by("-pk")[:5]:
        if {(item.invoice_id, item.amount) for item in session.items.all()} == set(parts):
            return session
    return None


def _started(link: PayLink, gateway: str, group: PayableGroup, parts: Sequence[tuple[int, Decimal]]) -> PaySession:
    session = PaySession.objects.create(
        reference="P-" + "".join(secrets.choice(_ALPHABET) for _ in range(12)),
        customer_id=link.customer_id,
        entity=group.entity,
        pay_link=link,
        gateway=gateway,
        currency=group.currency,
        amount=sum((part for _, part in parts), Decimal(0)),
    )
    PaySessionItem.objects.bulk_create(
        PaySessionItem(pay_session=session, customer_id=link.customer_id, invoice_id=pk, amount=part)
        for pk, part in parts
    )
    record(
        PAY_SESSION_STARTED, session, actor=None, by="payer", reference=session.reference, amount=session.amount,
        currency=session.currency, gateway=gateway,
    )  # fmt: skip
    return session
