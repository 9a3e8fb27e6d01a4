"""Looks into the mailboxes and takes in what is new. How far each was read is remembered, so that a lost or doubled
tick costs nothing and a mail that comes twice is kept once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Q

from collections_app.lib.errors import BadInput
from collections_app.lib.registry import load
from dunning.inbound.base import Mailbox as MailboxAdapter
from dunning.inbound.base import MailboxAway, Mark
from dunning.models import Mailbox
from dunning.services.receive_message import receive_message

log = structlog.get_logger("collections.inbound")

AT_ONCE = 50  # mails per look at one mailbox; the next tick takes the next ones
LEASE = timedelta(minutes=3)  # so long a worker may take before another one looks, too


def collect_messages(*, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
    """How many messages were taken in, over all mailboxes that are configured and that nobody else looks into."""
    taken = 0
    for adapter in load(tuple(settings.INBOUND_SOURCES)).values():
        if adapter.polls and adapter.account and go_on():
            taken += _collect(adapter, now)
    return taken


def _collect(adapter: MailboxAdapter, now: datetime) -> int:
    box, _ = Mailbox.objects.get_or_create(account=adapter.account)
    free = Q(busy_until__isnull=True) | Q(busy_until__lt=now)
    if not Mailbox.objects.filter(free, pk=box.pk).update(busy_until=now + LEASE):
        return 0
    taken, problem = 0, ""
    try:
        fetched = adapter.fetch(Mark(box.validity, box.last_uid), most=AT_ONCE)
        for uid, raw in fetched.mails:
            taken += _take_in(box.account, uid, raw)
            Mailbox.objects.filter(pk=box.pk).update(validity=fetched.validity, last_uid=uid)
        Mailbox.objects.filter(pk=box.pk).update(validity=fetched.validity, last_uid=fetched.last_uid)
    except MailboxAway as away:
        problem = str(away)[:250]
        log.warning("mailbox_away", account=box.account, problem=problem)
    except Exception as error:  # a mail that cannot be taken in keeps those behind it back, so people must see it
        problem = f"The program failed at a mail here: {type(error).__name__}. Ask whoever runs it to look at the log."
        raise
    finally:
        Mailbox.objects.filter(pk=box.pk).update(busy_until=None, checked_at=now, problem=problem)
    return taken


def _take_in(account: str, uid: int, raw: bytes) -> int:
    try:
        return int(receive_message(raw=raw, account=account) is not None)
    except BadInput as refusal:
        log.warning("mail_refused", account=account, uid=uid, why=refusal.sentence)
        return 0
