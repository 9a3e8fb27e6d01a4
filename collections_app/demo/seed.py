"""Seeds the demo: the same company for the same code, dated relative to the day it is seeded."""

from datetime import date, timedelta

from django.db import connection, transaction

from collections_app.accounts.models import User
from collections_app.demo.build_agreements import build_agreements
from collections_app.demo.build_bank import build_bank
from collections_app.demo.build_claims import build_claims
from collections_app.demo.build_conversations import build_conversations
from collections_app.demo.build_disputes import ask_for_a_credit_note, build_disputes
from collections_app.demo.build_end import build_end
from collections_app.demo.build_ledger import build_ledger
from collections_app.demo.build_mails import build_mails
from collections_app.demo.build_messages import build_messages
from collections_app.demo.build_people import build_people
from collections_app.demo.build_postings import build_postings
from collections_app.demo.build_strategies import build_strategies
from collections_app.demo.build_team import build_team
from collections_app.demo.build_views import build_views
from collections_app.demo.build_workspace import build_workspace
from collections_app.lib.calendars import is_business_day
from customers.models import BusinessClock, Customer
from dunning.services.install_policy import install_standard_policy
from invoices.services.queue_invoice_mail import queue_invoice_mail

_REGIONS = ("DE-HH", "GB", "AT", "NL", "IE", "US")


def is_empty() -> bool:
    """Whether nobody and nothing is in the database yet."""
    return not User.objects.exists() and not Customer.objects.exists()


def demo_day(calendar_day: date) -> date:
    """The demo's today: the given day, or the last one before it on which all of its countries work, so that a demo
    started on a Sunday still sends its reminders at once."""
    day = calendar_day
    while not all(is_business_day(day, region) for region in _REGIONS):
        day -= timedelta(days=1)
    return day


@transaction.atomic
def seed_demo(*, calendar_day: date) -> date:
    """The demo's today, after writing the company. Raises nothing on an empty database; call `is_empty` before."""
    today = demo_day(calendar_day)
    BusinessClock.objects.update_or_create(
        pk=1, defaults={"pinned_on": None, "shift_days": (today - calendar_day).days}
    )
    cast = build_people(today=today)
    for entity in cast.entities:
        policy = install_standard_policy(entity, active=True, mode="automatic")
        policy.send_hour = 0  # a demo answers at any hour; the standard is eight in the morning
        policy.save(update_fields=["send_hour"])
    told = build_ledger(cast, today=today)
    _count_rows()  # without it the planner takes thousands of rows for none, and all that follows takes its time
    build_conversations(cast, told, today=today)
    build_disputes(cast, told, today=today)
    build_postings(cast, told, today=today)
    build_bank(cast, told, today=today)
    build_agreements(cast, told, today=today)
    build_claims(cast, told, today=today)
    build_messages(cast, told, today=today)
    build_end(cast, told, today=today)
    build_mails(cast, today=today)
    build_workspace(cast, today=today)
    build_strategies(cast, today=today)
    build_team(cast, today=today)
    build_views(cast)
    ask_for_a_credit_note(today=today)
    for item in told:
        if item.invoice.issued_on == today:
            queue_invoice_mail(invoice=item.invoice, by="demo")
    _count_rows()
    return today


def _count_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
