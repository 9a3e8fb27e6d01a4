"""A mail by hand to a customer of the tests, written, sent and delivered."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from collections_app.accounts.models import User
from customers.models import Customer
from customers.queries.clock import business_day
from dunning.models import OwnMessage
from dunning.queries.standing import known_about
from dunning.services.deliver_messages import deliver_messages
from dunning.services.send_message import send_message
from dunning.services.write_message import Draft, WrittenMessage, write_message
from invoices.models import Invoice
from tests import factories

BODY = "Dear {{contact_name}},\n\nplease pay {{amount}}.\n\n{{invoice_table}}\n\n{{pay_link}}\n"


def draft(who: Customer, *invoices: Invoice, **more: Any) -> Draft:
    """A reminder about these invoices to the customer's primary contact."""
    about = {str(one.pk): one.number for one in invoices}
    told: dict[str, Any] = {
        "to": who.contacts.order_by("-is_primary", "pk").first(), "language": "en", "subject": "Our invoices",
        "body": BODY if invoices else "Hello.", "claims": tuple(about), "numbers": about,
    }  # fmt: skip
    return Draft(**told | more)


def written(who: Customer, *invoices: Invoice, by: User | None = None, **more: Any) -> WrittenMessage:
    """The same as it would leave now."""
    known = known_about({who.pk}, on=business_day(who.entity), now=timezone.now())
    return write_message(
        customer=who, draft=draft(who, *invoices, **more), actor=by or factories.user(), known=known
    )  # fmt: skip


def sent(who: Customer, *invoices: Invoice, accepted: Collection[str] = (), **more: Any) -> OwnMessage:
    """The same, in the queue."""
    return send_message(written=written(who, *invoices, **more), accepted=accepted, now=timezone.now())


def deliver(after: timedelta = timedelta(minutes=1)) -> dict[str, int]:
    """What came of everything that is due by then."""
    moment: datetime = timezone.now() + after
    came = deliver_messages(now=lambda: moment)
    names = ("accepted", "cancelled", "retried", "failed", "unknown", "postponed")
    return {name: getattr(came, name) for name in names if getattr(came, name)}
