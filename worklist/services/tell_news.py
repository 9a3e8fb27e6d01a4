"""Tells people what happened on their accounts by itself: broken promises, replies, mails that did not arrive, and
requests that wait for a second person. Idempotent: each thing is told once, however often it is asked. By set."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.web.writing import amount_text, date_text
from customers.models import DeliveryState, TrackingEvent
from dunning.models import InboundMessage, OwnMessage
from invoices.models import Approval, Promise
from worklist.models import Notification, WorklistItem
from worklist.queries.team import managers_of
from worklist.services.notify import News, notify_all

RECENT = timedelta(days=3)
_Kind = Notification.Kind
# Why a mail did not leave although nothing went wrong.
_MEANT = ("withdrawn", "test_mode")
_LOST = (TrackingEvent.Kind.BOUNCED, TrackingEvent.Kind.REJECTED)


def tell_news(*, now: datetime, on: date) -> int:
    """How many notifications were made, of things of the last three days. What is on an account goes to whoever works
    it today."""
    return len(notify_all(news=[*_promises(on), *_replies(now), *_mails(now, on), *_approvals(now)]))


def _promises(on: date) -> Iterator[News]:
    rows = Promise.objects.filter(state=Promise.State.BROKEN, closed_on__gte=on - RECENT, closed_on__lte=on)
    found = list(rows.select_related("customer").order_by("pk"))
    analysts = _analysts(row.customer_id for row in found)
    for row in found:
        if row.customer_id in analysts:
            words = {
                "customer": row.customer.name, "amount": amount_text(row.amount, row.currency),
                "day": date_text(row.promised_on, on=on),
            }  # fmt: skip
            yield News(
                (analysts[row.customer_id],), _Kind.PROMISE,
                _("%(customer)s: %(amount)s promised by %(day)s did not come.") % words,
                reverse("account", args=[row.customer_id]), row.customer, f"promise:{row.pk}",
            )  # fmt: skip


def _replies(now: datetime) -> Iterator[News]:
    rows = InboundMessage.objects.filter(
        kind=InboundMessage.Kind.PERSON, state=InboundMessage.State.WAITING, received_at__gte=now - RECENT,
        customer__isnull=False,
    )  # fmt: skip
    found = list(rows.defer("raw", "text", "said").select_related("customer").order_by("pk"))
    analysts = _analysts(row.customer_id for row in found)
    for row in found:
        if row.customer is not None and row.customer.pk in analysts:
            words = {"customer": row.customer.name, "subject": row.subject or _("no subject")}
            yield News(
                (analysts[row.customer.pk],), _Kind.REPLY, _("%(customer)s wrote: %(subject)s") % words,
                f"{reverse('dunning_messages')}?at={row.pk}", row.customer, f"inbound:{row.pk}",
            )  # fmt: skip


def _mails(now: datetime, on: date) -> Iterator[News]:
    bounced = TrackingEvent.objects.filter(kind__in=_LOST, happened_at__gte=now - RECENT)
    lost = Q(message_id__in=bounced.exclude(message_id="").values("message_id"))
    lost |= Q(provider_id__in=bounced.exclude(provider_id="").values("provider_id"))
    lost |= Q(state__in=(DeliveryState.FAILED, DeliveryState.UNKNOWN), as_of__gte=on - RECENT)
    lost |= Q(state=DeliveryState.CANCELLED, as_of__gte=on - RECENT) & ~Q(reason__in=_MEANT)
    for row in OwnMessage.objects.filter(lost).select_related("customer", "written_by").order_by("pk"):
        words = {"customer": row.customer.name, "subject": row.subject or row.written_subject}
        told = _("%(customer)s: your mail “%(subject)s” may not have arrived.")
        if row.state == DeliveryState.CANCELLED:
            told = _("%(customer)s: your mail “%(subject)s” was not sent, because something changed meanwhile.")
        yield News(
            (row.written_by,), _Kind.MAIL, told % words, reverse("dunning_own_message", args=[row.pk]), row.customer,
            f"own-mail:{row.pk}",
        )  # fmt: skip


def _approvals(now: datetime) -> Iterator[News]:
    waiting = Approval.objects.filter(state=Approval.State.REQUESTED, requested_at__gte=now - RECENT)
    managers: dict[int, tuple[User, ...]] = {}
    for row in waiting.select_related("customer", "entity", "requested_by").order_by("pk"):
        team = row.entity.team_id
        asked = managers.setdefault(team, tuple(managers_of(team)))
        words = {
            "who": row.requested_by, "customer": row.customer.name, "amount": amount_text(row.amount, row.currency),
        }  # fmt: skip
        yield News(
            tuple(person for person in asked if person.pk != row.requested_by_id), _Kind.APPROVAL,
            _("%(who)s asks for your word: %(amount)s of %(customer)s") % words,
            reverse("approvals"), row.customer, f"approval:{row.pk}",
        )  # fmt: skip


def _analysts(customer_ids: Iterable[int | None]) -> Mapping[int, User]:
    """Who works each of these accounts today; accounts of nobody are left out."""
    rows = WorklistItem.objects.filter(pk__in={*customer_ids} - {None}, analyst__isnull=False)
    return {row.pk: row.analyst for row in rows.select_related("analyst").only("pk", "analyst") if row.analyst}
